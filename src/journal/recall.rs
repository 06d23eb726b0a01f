//! Searching the history: from its end, a block at a time, beside the loop of the caller.

use std::ops::ControlFlow;

use super::entry::Journal;
use super::newest_first::NewestFirst;
use super::saved_line::SavedLine;
use super::subject::Subject;
use crate::agents::run_blocking;
use crate::private::ReadError;

/// The newest save to `subject` that changed something and can be set back. Without a journal there is none.
///
/// # Errors
/// The history is there and cannot be read.
pub(crate) async fn find_last_save(
    journal: Option<Journal>,
    subject: &Subject,
) -> Result<Option<Box<SavedLine>>, ReadError> {
    let mut found = None;
    let take = |saved: SavedLine| {
        if !subject.can_set_back(&saved) {
            return ControlFlow::Continue(());
        }
        found = Some(Box::new(saved));
        ControlFlow::Break(())
    };
    walk_back(journal, take).await?;
    Ok(found)
}

/// Gives `take` the saves of the history, the newest first, until it breaks. Without a journal there are none.
///
/// # Errors
/// The history is there and cannot be read.
pub(crate) async fn walk_back(
    journal: Option<Journal>,
    mut take: impl FnMut(SavedLine) -> ControlFlow<()>,
) -> Result<(), ReadError> {
    let Some(journal) = journal else { return Ok(()) };
    let Some(mut history) = run_blocking(move || NewestFirst::open(journal.path())).await? else {
        return Ok(());
    };
    loop {
        let (rest, block) = run_blocking(move || {
            let block = history.read_block();
            (history, block)
        })
        .await;
        history = rest;
        let Some(block) = block? else { return Ok(()) };
        if block.saves.into_iter().any(|saved| take(saved).is_break()) {
            return Ok(());
        }
    }
}
