//! Text that is cut, filled or wrapped to a width. Widths are counted in the columns of a terminal.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_truncate::UnicodeTruncateStr;
use unicode_width::UnicodeWidthStr;

use super::theme::Theme;
use crate::visible::is_printable_ascii;
use crate::words::Explanation;

/// The space before most lines.
pub(super) const INDENT: &str = "   ";

/// The space between a lead and the text behind it.
const LEAD_GAP: &str = "  ";
/// The mark before the focused line. Other lines have [`INDENT`] there.
pub(super) const MARK: &str = " > ";

/// How many columns `text` takes.
pub(super) fn width(text: &str) -> usize {
    if is_printable_ascii(text) { text.len() } else { text.width() }
}

/// How many columns these spans take together.
pub(super) fn spans_width(spans: &[Span<'_>]) -> usize {
    spans.iter().map(|span| width(&span.content)).sum()
}

/// `text`, cut to `columns` with `…` in the place of its end.
pub(super) fn cut(text: &str, columns: usize, theme: &Theme) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let Some(room) = columns.checked_sub(1) else { return String::new() };
    let start = if is_printable_ascii(text) { &text[..room] } else { text.unicode_truncate(room).0 };
    format!("{start}{}", theme.charset.ellipsis())
}

/// `text`, cut to `columns` with `…` in the place of its beginning. The end of a host says more than its beginning.
pub(super) fn cut_front(text: &str, columns: usize, theme: &Theme) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let end = text.unicode_truncate_start(columns.saturating_sub(1)).0;
    format!("{}{end}", theme.charset.ellipsis())
}

/// `text` in lines of at most `columns`, each behind `indent`.
pub(super) fn wrap(text: &str, columns: u16, indent: &'static str, style: Style) -> Vec<Line<'static>> {
    let room = usize::from(columns).saturating_sub(width(indent) + 1).max(1);
    // To look for a place to break each word at costs more than all the rest.
    let options = textwrap::Options::new(room).break_words(text.split(' ').any(|word| width(word) > room));
    let parts = textwrap::wrap(text, options).into_iter();
    parts.map(|part| Line::from(vec![Span::raw(indent), Span::styled(part.into_owned(), style)])).collect()
}

/// `text` behind `lead`, in lines of at most `columns`. The lead is drawn in `style`, between spaces.
fn wrap_with_lead(lead: &str, text: &str, columns: u16, style: Style) -> Vec<Line<'static>> {
    if lead.is_empty() {
        return wrap(text, columns, INDENT, Style::new());
    }
    let lead = format!(" {lead} ");
    let indent = width(&lead) + LEAD_GAP.len();
    let room = usize::from(columns).saturating_sub(width(INDENT) + 1).max(1);
    let first = " ".repeat(indent.min(room - 1));
    let options = textwrap::Options::new(room).initial_indent(&first);
    let mut rows = textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned);
    let after = rows.next().unwrap_or_default().split_off(first.len());
    let head = [Span::raw("  "), Span::styled(lead, style), Span::raw(format!("{LEAD_GAP}{after}"))];
    let rows = rows.map(|row| Line::from(format!("{INDENT}{row}")));
    std::iter::once(Line::from(head.to_vec())).chain(rows).collect()
}

/// The lines of a text in parts: what happened, what to do, and the rest. What happened and what to do stand on one line where
/// both fit.
pub(super) fn explanation_parts(
    explained: &Explanation,
    columns: u16,
    lead: Style,
    theme: &Theme,
) -> [Vec<Line<'static>>; 3] {
    let own_lines = |text: &String| match text.as_str() {
        "" => Vec::new(),
        text => wrap(&theme.words(text), columns, INDENT, Style::new()),
    };
    let first = |happened: &str| wrap_with_lead(&explained.lead, &theme.words(happened), columns, lead);
    let Explanation { happened, todo, details, said, .. } = explained;
    let rest = [details, said].into_iter().flat_map(own_lines).collect();
    let together = first(&format!("{happened} {todo}"));
    if todo.is_empty() || together.len() > 1 {
        [first(happened), own_lines(todo), rest]
    } else {
        [together, Vec::new(), rest]
    }
}

/// A heading after the usual indent.
pub(super) fn heading(text: &'static str, style: Style) -> Line<'static> {
    Line::from(vec![Span::raw(INDENT), Span::styled(text, style)])
}

/// `left` and `right` at the two ends of `columns`.
pub(super) fn ends(mut left: Vec<Span<'static>>, right: Span<'static>, columns: usize) -> Line<'static> {
    let gap = columns.saturating_sub(spans_width(&left) + width(&right.content));
    left.push(Span::raw(" ".repeat(gap)));
    left.push(right);
    Line::from(left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visible::Charset;
    use proptest::prelude::*;

    #[test]
    fn a_cut_text_says_where_something_is_missing() {
        let theme = &Theme::PLAIN;
        assert_eq!(cut("HELPFUL_THUMBS", 8, theme), "HELPFUL…");
        assert_eq!(cut("満足度調査", 6, theme), "満足…");
        assert_eq!(cut("short", 5, theme), "short");
        assert_eq!(cut_front("a.very.long.host.example", 13, theme), "…host.example");
        let theme = &Theme::PLAIN.with_charset(Charset::PlainOrnaments);
        assert_eq!(cut("満足度調査", 6, theme), "満足~");
    }

    proptest! {
        #[test]
        fn a_text_of_plain_letters_is_measured_and_cut_as_every_other_one(text in "[ -~]{0,40}", columns in 1_usize..30) {
            prop_assert_eq!(width(&text), text.as_str().width());
            let expected = if text.width() <= columns {
                text.clone()
            } else {
                format!("{}…", text.unicode_truncate(columns - 1).0)
            };
            prop_assert_eq!(cut(&text, columns, &Theme::PLAIN), expected);
        }

        #[test]
        fn a_cut_text_never_takes_more_room(text in ".{0,40}", columns in 0_usize..30) {
            prop_assert!(width(&cut(&text, columns, &Theme::PLAIN)) <= columns);
            prop_assert!(width(&cut_front(&text, columns.max(1), &Theme::PLAIN)) <= columns.max(1));
        }
    }
}
