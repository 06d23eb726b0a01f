//! Drawing by damage: only rows that have changed since the last frame are drawn and compared.
//!
//! ```text
//!  view ─► Picture: lines, each at its place ─► Painter: the rows that differ ─► their cells that differ ─► backend
//! ```
//!
//! ratatui draws the text of a row into its buffer, and compares the cells. Its own [`Terminal`](ratatui::Terminal) does so with
//! all cells of each frame, which is most of what a key costs.

use ratatui::backend::Backend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use ratatui::widgets::Widget;

/// What a frame shows.
#[derive(Debug)]
pub struct Picture {
    area: Rect,
    rows: Vec<Vec<Piece>>,
    cursor: Option<Position>,
    is_ascii: bool,
}

/// A line of text, and the part of a row that it is drawn in.
#[derive(Debug, PartialEq)]
struct Piece {
    area: Rect,
    line: Line<'static>,
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

    /// The cells of a row.
    fn draw_row(&self, pieces: &[Piece], mut cells: Buffer) -> Buffer {
        for piece in pieces {
            (&piece.line).render(piece.area, &mut cells);
        }
        let is_foreign = |cell: &&mut Cell| self.is_ascii && !cell.symbol().is_ascii();
        for cell in cells.content.iter_mut().filter(is_foreign) {
            cell.set_char('?');
        }
        cells
    }
}

/// Draws pictures, and knows what the last one showed.
#[derive(Debug, Default)]
pub struct Painter {
    area: Rect,
    rows: Vec<PaintedRow>,
}

/// A row as it was drawn last.
#[derive(Debug)]
struct PaintedRow {
    pieces: Vec<Piece>,
    cells: Buffer,
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
        let mut changed = Vec::new();
        for (row, painted) in self.rows.iter().enumerate() {
            if painted.pieces != picture.rows[row] {
                changed.push((row, picture.draw_row(&picture.rows[row], Buffer::empty(painted.cells.area))));
            }
        }
        let cells = changed.iter().flat_map(|(row, cells)| self.rows[*row].cells.diff_iter(cells));
        backend.draw(cells)?;
        let mut pieces = picture.rows;
        for (row, cells) in changed {
            self.rows[row] = PaintedRow { pieces: std::mem::take(&mut pieces[row]), cells };
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
        let row = |area| PaintedRow { pieces: Vec::new(), cells: Buffer::empty(area) };
        (self.area, self.rows) = (area, area.rows().map(row).collect());
    }
}
