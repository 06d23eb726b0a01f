//! The file of `--from`: the configuration that `set` makes of the one on the server.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::want::Aim;
use crate::agents::run_blocking;
use crate::api::MAX_BODY_BYTES;
use crate::cli::WantedSource;
use crate::commands::failure::Failure;
use crate::commands::interrupt::Interrupts;
use crate::private::spoken;
use crate::settings::Patch;
use crate::visible::visible;

/// What the user wants; a file is read for it, or standard input.
///
/// # Errors
/// It cannot be read, it is no configuration that can be asked for, or a signal came first.
pub(super) async fn read_aim(source: &WantedSource, interrupts: &Interrupts) -> Result<Aim, Failure> {
    let (place, path) = match source {
        WantedSource::Options(wanted) => return Ok(Aim::Options(wanted.clone())),
        WantedSource::StandardInput => ("standard input".to_owned(), None),
        WantedSource::File(path) => (visible(&path.to_string_lossy()).into_owned(), Some(path.clone())),
    };
    // A pipe may wait for its writer for ever.
    let read = run_blocking(move || read_whole(path.as_deref()));
    let text = match interrupts.race(read).await? {
        Ok(text) => text,
        Err(error) => return Err(Failure::FromUnreadable { place, reason: spoken(&error) }),
    };
    if text.len() > MAX_BODY_BYTES {
        let reason = format!("it has more than {} KiB", MAX_BODY_BYTES / 1024);
        return Err(Failure::FromUnreadable { place, reason });
    }
    Patch::from_written(&text).map(Aim::Written).map_err(|fault| Failure::From { place, fault })
}

/// Reads a file, or standard input, as far as a byte more than an answer of the server may have.
fn read_whole(path: Option<&Path>) -> io::Result<Vec<u8>> {
    let limit = MAX_BODY_BYTES as u64 + 1;
    let mut text = Vec::new();
    match path {
        Some(path) => File::open(path)?.take(limit).read_to_end(&mut text)?,
        None => io::stdin().lock().take(limit).read_to_end(&mut text)?,
    };
    Ok(text)
}
