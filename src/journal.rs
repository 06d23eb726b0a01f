//! The history of saves made from this machine: `history.jsonl`.
//!
//! ```text
//! before the first PATCH ─► JournalEntry ─► a line {"event":"intent", before, after, …}    ┐ the same id
//! at the end of the save ─► JournalEntry ─► a line {"event":"outcome", "outcome": "saved"} ┘
//!                                           (and "after", where the server held something else at the end)
//! NewestFirst ──► one SavedLine for each save, the newest first: from the end of the file, a block at a time
//! OldestFirst ──► the newest of them, the oldest first: the same blocks, the other way round
//! ```
//!
//! Each line is one write(2) to a file opened for appending, so lines of parallel writers stay whole. An intent
//! without an outcome reads as unknown: the program ended in between. The file holds no token.
//!
//! Reading is lenient, since the file outlives versions of this program: a field that is missing or of another type is
//! unknown, a field that is not known is skipped, and a line that cannot be read costs that line alone.

mod entry;
mod from_end;
mod newest_first;
mod oldest_first;
mod recall;
mod recorded;
mod recorded_time;
mod saved_line;
mod subject;
mod verdict;

pub use entry::{Author, Journal, JournalEntry, JournalError};
pub use newest_first::{NewestFirst, SaveBlock};
pub(crate) use oldest_first::OldestFirst;
pub(crate) use recall::{find_last_save, walk_back};
pub use recorded::RecordedSettings;
pub(crate) use recorded_time::render_time;
pub use saved_line::SavedLine;
#[cfg(test)]
pub(crate) use saved_line::tests;
pub use subject::Subject;
pub use verdict::Verdict;
