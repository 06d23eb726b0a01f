//! The buttons of a conflict, each on a line of its own with what it does beside it.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::super::model::Choice;
use super::super::text::{INDENT, MARK, width};
use super::super::theme::Theme;
use super::super::widths::NARROW;
use crate::settings::{Intent, Setting, Settings};

/// The column of the chosen button's text: where the cursor stands.
pub(super) const TEXT_COLUMN: u16 = 5;
/// The space between a button and the words beside it.
const GAP: usize = 2;

/// One line for each button. The words are the longest ones that fit.
pub(super) fn lines(
    choices: &[Choice],
    chosen: Choice,
    (intent, theirs): (&Intent, &Settings),
    theme: &Theme,
    columns: u16,
) -> Vec<Line<'static>> {
    let text = |choice: &Choice| format!("[ {} ]", choice.label());
    let widest = choices.iter().map(|choice| width(&text(choice))).max().unwrap_or(0);
    let line = |choice: &Choice| {
        let (text, is_chosen) = (text(choice), *choice == chosen);
        let end = GAP + if columns < NARROW { width(&text) } else { widest };
        let room = usize::from(columns).saturating_sub(INDENT.len() + end + 1);
        let words = describe_button(*choice, intent, theirs).into_iter().find(|words| width(words) <= room);
        let gap = " ".repeat(end - width(&text));
        Line::from(vec![
            Span::raw(if is_chosen { MARK } else { INDENT }),
            Span::styled(text, if is_chosen { theme.focus } else { Style::new() }),
            Span::raw(gap + &words.unwrap_or_default()),
        ])
    };
    choices.iter().map(line).collect()
}

/// What the button does, first in the most words.
pub(in super::super::super) fn describe_button(
    choice: Choice,
    intent: &Intent,
    theirs: &Settings,
) -> Vec<String> {
    let words: &[&str] = match choice {
        Choice::KeepBoth => &["saves your changes and theirs together", "saves both together", "saves both"],
        Choice::UseTheirs => return describe_use_theirs(intent, theirs),
        _ => &["saves nothing now (Esc)", "saves nothing now"],
    };
    words.iter().map(ToString::to_string).collect()
}

/// Use theirs gives up the user's changes in the settings that overlap. It saves nothing: other changes stay in the form.
fn describe_use_theirs(intent: &Intent, theirs: &Settings) -> Vec<String> {
    let overlaps = intent.list_overlaps(theirs);
    let names: Vec<_> = overlaps.iter().map(|setting| name_setting(*setting)).collect();
    let full = format!("drops your change to the {}", names.join(" and the "));
    let has_rest = intent.edits.keys().any(|item| !overlaps.contains(&item.setting()));
    let rest = has_rest.then(|| format!("{full}; the rest stays unsaved"));
    let short = [full, format!("drops your {}", names.join(" and ")), "drops your changes".to_owned()];
    rest.into_iter().chain(short).collect()
}

fn name_setting(setting: Setting) -> &'static str {
    match setting {
        Setting::Switch(switch) => switch.definition().word,
        Setting::Questions => "questions",
    }
}
