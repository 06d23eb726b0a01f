//! Programs that measure, or that are measured beside the editor, where they are installed.

use std::path::PathBuf;

/// Where this program is; none where it is not installed. The row says so then.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
