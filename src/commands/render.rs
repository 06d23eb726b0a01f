//! What several commands print alike.

use crate::agents::Profile;
use crate::settings::Settings;

/// The profile's name, and the marks that warn before a change.
pub(super) fn profile_words(profile: &Profile) -> String {
    let marks = [
        (profile.is_demo(), " [DEMO]"),
        (profile.is_read_only, " [READ ONLY]"),
        (profile.is_protected, " [PROTECTED]"),
    ];
    let marks: String = marks.iter().filter(|(is_so, _)| *is_so).map(|(_, mark)| *mark).collect();
    format!("{}{marks}", profile.name.as_deref().unwrap_or("none"))
}

/// Labels and values in two columns.
pub(super) fn table(rows: &[(&str, String)]) -> String {
    rows.iter().map(|(label, value)| format!("{label:9}  {value}")).collect::<Vec<_>>().join("\n")
}

/// The question codes that are on, or `none`.
pub(super) fn questions(settings: &Settings) -> Vec<String> {
    if settings.codes.is_empty() {
        return vec!["none".to_owned()];
    }
    settings.codes.iter().map(ToString::to_string).collect()
}

/// A configuration in one line: `rating on, questions A, B`.
pub(super) fn in_one_line(settings: &Settings) -> String {
    format!("{}, questions {}", settings.describe_switches(), questions(settings).join(", "))
}
