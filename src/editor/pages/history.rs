//! The saves of the profile that is open, as plain text.

use super::moment::moment;
use super::wrap::wrap_entry;
use crate::editor::model::{FoundSaves, HistoryPage, Model, PageSaves, Recap, Session};
use crate::journal::{SavedLine, Verdict};
use crate::visible::{Charset, excerpt};
use crate::words::{describe_empty_history, describe_newest, list_changes, list_saved_changes, name_author};
use jiff::Zoned;

/// The lines of the page, wrapped to `columns`. `charset` says of which characters.
pub(in super::super) fn history(
    model: &Model,
    page: &HistoryPage,
    columns: u16,
    charset: Charset,
) -> Vec<String> {
    let texts = match &page.saves {
        PageSaves::Asked(_) => vec!["Reading the history…".to_owned()],
        PageSaves::Read(found) => found_saves(model, found),
        PageSaves::Failed(reason) => vec![format!("Not shown: {reason}.")],
        PageSaves::OfThisRun => saves_of_this_run(model),
    };
    let heading = "HISTORY   newest first".to_owned();
    let wrapped = |text: String| wrap_entry(&charset.words(&text), columns);
    [heading].into_iter().chain(texts).flat_map(wrapped).collect()
}

fn found_saves(model: &Model, found: &FoundSaves) -> Vec<String> {
    if found.saves.is_empty() {
        let name = model.session.as_ref().and_then(|session| session.name.as_deref());
        let with = name.map_or_else(
            || "without a profile".to_owned(),
            |name| format!("with the profile {}", excerpt(name, 60)),
        );
        return vec![describe_empty_history(&format!(" {with} to this agent"), None)];
    }
    let lines = found.saves.iter().map(|saved| describe_saved(saved, &model.now.local));
    lines.chain(found.has_more.then(|| describe_newest(found.saves.len()))).collect()
}

/// `14:02:10  saved      rating off → on  by support`.
fn describe_saved(saved: &SavedLine, now: &Zoned) -> String {
    let local = saved.time.map(|time| moment(&time.to_zoned(now.time_zone().clone()), now));
    let time = local.unwrap_or_else(|| "unknown time".to_owned());
    join(&time, saved.outcome, &list_saved_changes(saved), &name_author(saved))
}

fn saves_of_this_run(model: &Model) -> Vec<String> {
    let target = model.session.as_ref().map(Session::target);
    let own: Vec<&Recap> =
        model.history.iter().filter(|recap| Some(&recap.target) == target.as_ref()).collect();
    if own.is_empty() {
        return vec!["The demo keeps no history, and nothing was saved here in this run.".to_owned()];
    }
    let describe = |recap: &Recap| {
        let outcome = if recap.is_known { Verdict::Saved } else { Verdict::Unknown };
        join(&moment(&recap.at, &model.now.local), outcome, &list_changes(&recap.changes), "")
    };
    let words = "The demo keeps no history. These are the saves of this run:".to_owned();
    [words].into_iter().chain(own.into_iter().rev().map(describe)).collect()
}

fn join(time: &str, outcome: Verdict, changes: &str, author: &str) -> String {
    format!("{time}  {:9}  {changes}  {author}", outcome.to_string())
}
