//! Drawing by damage: only rows that have changed since the last frame are drawn and compared.
//!
//! ```text
//!  view ─► Picture: lines, each at its place ─► Painter: the rows that differ ─► their cells that differ ─► backend
//! ```
//!
//! ratatui draws the text of a row into its buffer, and compares the cells. Its own [`Terminal`](ratatui::Terminal) does so with
//! all cells of each frame, which is most of what a key costs.

mod piece;
mod row;

use ratatui::backend::Backend;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use piece::Piece;
use row::PaintedRow;

/// What a frame shows.
#[derive(Debug)]
pub struct Picture {
    area: Rect,
    rows: Vec<Vec<Piece>>,
    cursor: Option<Position>,
    is_ascii: bool,
}

impl Picture {
    /// An empty screen of so many columns and rows. Where `is_ascii` is true, `?` is drawn in place of each character that
    /// is not ASCII.
    pub fn new(columns: u16, rows: u16, is_ascii: bool) -> Self {
        let rows_of_pieces = std::iter::repeat_with(Vec::new).take(rows.into()).collect();
        Self { area: Rect::new(0, 0, columns, rows), rows: rows_of_pieces, cursor: None, is_ascii }
    }

    /// The whole screen.
    pub fn area(&self) -> Rect {
        self.area
    }

    /// Puts lines into `area`, from its first row on. What has no room there is not drawn. Where two lines overlap, the later one
    /// is seen.
    pub fn put(&mut self, area: Rect, lines: impl IntoIterator<Item = Line<'static>>) {
        for (row, line) in area.intersection(self.area).rows().zip(lines) {
            self.rows[usize::from(row.y)].push(Piece { area: row, line });
        }
    }

    /// Shows the cursor there.
    pub fn put_cursor(&mut self, position: Position) {
        self.cursor = Some(position);
    }
}

/// Draws pictures, and knows what the last one showed.
#[derive(Debug, Default)]
pub struct Painter {
    area: Rect,
    rows: Vec<PaintedRow>,
}

impl Painter {
    /// Draws what differs from the last picture, and flushes the backend. A picture of another size is drawn whole, on a screen
    /// that is cleared first; the first picture is drawn on a screen that the caller has cleared.
    ///
    /// # Errors
    /// The backend's.
    pub fn paint<B: Backend>(&mut self, backend: &mut B, picture: Picture) -> Result<(), B::Error> {
        if self.area != picture.area {
            if !self.rows.is_empty() {
                backend.clear()?;
            }
            self.forget(picture.area);
        }
        let rows = self.rows.iter().zip(picture.rows).enumerate();
        let changed = rows.filter(|(_, (painted, pieces))| painted.pieces != *pieces);
        let redrawn =
            changed.map(|(place, (painted, pieces))| (place, painted.redraw(pieces, picture.is_ascii)));
        let redrawn: Vec<_> = redrawn.collect();
        let mut damage = Vec::with_capacity(redrawn.len() * usize::from(self.area.width));
        for (place, row) in &redrawn {
            row.push_damage(&self.rows[*place], &mut damage);
        }
        backend.draw(damage.into_iter())?;
        for (place, row) in redrawn {
            self.rows[place] = row;
        }
        match picture.cursor {
            Some(position) => {
                backend.show_cursor()?;
                backend.set_cursor_position(position)?;
            }
            None => backend.hide_cursor()?,
        }
        backend.flush()
    }

    /// Clears the screen. The next picture is drawn whole.
    ///
    /// # Errors
    /// The backend's.
    pub fn clear<B: Backend>(&mut self, backend: &mut B) -> Result<(), B::Error> {
        *self = Self::default();
        backend.clear()
    }

    /// Takes the screen for one of this size with nothing on it.
    fn forget(&mut self, area: Rect) {
        (self.area, self.rows) = (area, area.rows().map(PaintedRow::empty).collect());
    }
}
