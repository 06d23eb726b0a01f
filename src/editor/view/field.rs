//! A text field, in one line behind the mark of the focus.

use tui_input::Input;
use unicode_width::UnicodeWidthChar;

use super::text::cut;
use super::theme::Theme;
use crate::visible::has_token_shape;

/// The column where the text of a field begins, after the mark.
pub(super) const FIELD_COLUMN: u16 = 3;

/// The text of a field as it is shown, and the caret's column in it. A token in the wrong field is not shown before Enter refuses
/// it.
pub(super) fn field_text(input: &Input, theme: &Theme, columns: u16) -> (String, u16) {
    if has_token_shape(input.value()) { (hidden(input), 0) } else { shown_part(input, theme, columns) }
}

/// The part of a field's text that fits, and the caret's column in it.
fn shown_part(input: &Input, theme: &Theme, columns: u16) -> (String, u16) {
    let room = usize::from(columns.saturating_sub(FIELD_COLUMN + 2)).max(1);
    let scroll = input.visual_scroll(room);
    let mut skipped = 0;
    let is_before = |character: &char| {
        let is_before = skipped < scroll;
        skipped += character.width().unwrap_or(0);
        is_before
    };
    let shown: String = input.value().chars().skip_while(is_before).collect();
    let caret = input.visual_cursor().saturating_sub(scroll);
    (cut(&shown, room + 1, theme), u16::try_from(caret).unwrap_or(0))
}

/// What is shown in place of a hidden text: its length.
pub(super) fn hidden(input: &Input) -> String {
    match input.value().chars().count() {
        0 => String::new(),
        1 => "(1 character)".to_owned(),
        count => format!("({count} characters)"),
    }
}
