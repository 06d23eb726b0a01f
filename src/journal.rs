//! The history of saves made from this machine: `history.jsonl`.
//!
//! ```text
//! before the first PATCH ─► JournalEntry ─► a line {"event":"intent", before, after, …}    ┐ the same id
//! at the end of the save ─► JournalEntry ─► a line {"event":"outcome", "outcome": "saved"} ┘
//!                                           (and "after", where the server held something else at the end)
//! History::read ──► one SavedLine for each save, the oldest first
//! NewestFirst ────► the same from the end of the file, a block at a time
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
mod recorded;
mod saved_line;
mod subject;
mod verdict;

pub use entry::{Author, Journal, JournalEntry, JournalError};
pub(crate) use newest_first::NewestFirst;
pub use recorded::RecordedSettings;
pub use saved_line::{History, SavedLine};
pub use subject::Subject;
pub use verdict::Verdict;
