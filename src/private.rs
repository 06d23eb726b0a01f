//! Files that only their owner can read: tokens, configuration, history and the request log. Also the memory of this process.
//!
//! A file made here has the mode 0600 and a directory 0700, whatever the umask is. Opening never waits for a FIFO or a device:
//! a path is opened without blocking, and its kind is checked before anything is read.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use rustix::io::Errno;

/// The permissions of a file made here.
pub(crate) const FILE_MODE: u32 = 0o600;
/// The permissions of a directory made here.
pub(crate) const DIRECTORY_MODE: u32 = 0o700;
/// The permission bits of the group and of others.
pub(crate) const OTHERS: u32 = 0o077;
/// How the name of a new file begins and ends until it takes the old one's place.
const TEMPORARY_PREFIX: &str = ".convrating-";
const TEMPORARY_SUFFIX: &str = ".tmp";

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It cannot be opened or read.
    #[error("{}", spoken(.0))]
    Io(#[from] io::Error),
    /// It is a directory, a FIFO, a device or a socket.
    #[error("it is {0} and not a regular file")]
    NotRegular(&'static str),
    /// It has more bytes than the caller accepts.
    #[error("it has more than {0} bytes")]
    TooLarge(u64),
}

/// A regular file that was opened for reading.
#[derive(Debug)]
pub struct Opened {
    file: File,
    /// Its permission bits.
    pub mode: u32,
}

impl Opened {
    /// Opens `path` without blocking.
    ///
    /// # Errors
    /// It cannot be opened, or it is no regular file.
    pub fn regular(path: &Path) -> Result<Self, ReadError> {
        let file = OpenOptions::new().read(true).custom_flags(never_waiting()).open(path)?;
        let metadata = file.metadata()?;
        match kind(metadata.mode()) {
            None => Ok(Self { file, mode: metadata.mode() & 0o7777 }),
            Some(kind) => Err(ReadError::NotRegular(kind)),
        }
    }

    /// True if the group or others have any permission.
    pub(crate) fn is_open_to_others(&self) -> bool {
        self.mode & OTHERS != 0
    }

    /// Reads the whole file, if it has at most `limit` bytes.
    ///
    /// # Errors
    /// Reading fails, or the file has more bytes.
    pub fn read(self, limit: u64) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::new();
        self.file.take(limit + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit { Err(ReadError::TooLarge(limit)) } else { Ok(bytes) }
    }

    /// The open file, for a caller that reads it in pieces.
    pub(crate) fn into_file(self) -> File {
        self.file
    }
}

/// Makes a directory for the owner alone, and the missing directories above it. A directory that exists keeps its mode.
///
/// # Errors
/// What the system says.
pub(crate) fn create_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(DIRECTORY_MODE).create(path)
}

/// Makes a directory as [`create_directory`] does. If it exists, this takes all permissions from the group and others.
///
/// # Errors
/// What the system says.
pub(crate) fn close_directory(path: &Path) -> io::Result<()> {
    create_directory(path)?;
    if fs::metadata(path)?.mode() & OTHERS != 0 {
        fs::set_permissions(path, Permissions::from_mode(DIRECTORY_MODE))?;
    }
    Ok(())
}

/// Replaces the file at `path` by `bytes`, whole or not at all: it writes a new file beside it and renames that. A symbolic
/// link is followed, and the file that it points to is replaced. The new file has the mode 0600.
///
/// # Errors
/// What the system says; then the old file is untouched.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    prepare(path, bytes)?.commit()
}

/// Writes the new file for [`replace`], and leaves the file at `path` as it is.
///
/// # Errors
/// What the system says.
pub fn prepare(path: &Path, bytes: &[u8]) -> io::Result<Prepared> {
    let target = follow(path)?;
    let directory = target.parent().filter(|parent| !parent.as_os_str().is_empty());
    let directory = directory.unwrap_or_else(|| Path::new("."));
    create_directory(directory)?;
    let temporary = directory.join(format!("{TEMPORARY_PREFIX}{:016x}{TEMPORARY_SUFFIX}", fastrand::u64(..)));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(&temporary)?;
    let prepared = Prepared { temporary, target };
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(prepared)
}

/// A new file that has not replaced the old one yet. It is removed when this value is dropped without `commit`.
#[derive(Debug)]
pub struct Prepared {
    temporary: PathBuf,
    target: PathBuf,
}

impl Prepared {
    /// Replaces the old file by the new one.
    ///
    /// # Errors
    /// What the system says; then the old file is untouched.
    pub(crate) fn commit(self) -> io::Result<()> {
        fs::rename(&self.temporary, &self.target)
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        // After `commit` the temporary name is gone, and there is nothing to remove. If removing fails, a file with a temporary
        // name stays, which no program reads.
        let _ = fs::remove_file(&self.temporary);
    }
}

/// Locks the file at `path`, without waiting: `None` where another process holds it. The lock ends when the returned file is
/// dropped.
///
/// # Errors
/// What the system says. A file system without locks is no error.
pub(crate) fn try_lock(path: &Path) -> io::Result<Option<File>> {
    let file = open_lock(path)?;
    match file.try_lock() {
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => ignore_missing_locks(Err(error)).map(|()| Some(file)),
        Ok(()) => Ok(Some(file)),
    }
}

fn open_lock(path: &Path) -> io::Result<File> {
    if let Some(directory) = path.parent() {
        create_directory(directory)?;
    }
    open_closed_to_append(path)
}

/// A file system without locks is no error: two runs then do not take turns. Which error says so depends on the file
/// system: see [flock(2)](https://man7.org/linux/man-pages/man2/flock.2.html) and
/// [fcntl(2)](https://man7.org/linux/man-pages/man2/fcntl.2.html).
fn ignore_missing_locks(locked: io::Result<()>) -> io::Result<()> {
    const WITHOUT_LOCKS: [Errno; 4] = [Errno::NOSYS, Errno::NOLCK, Errno::OPNOTSUPP, Errno::NOTSUP];
    locked.or_else(|error| match Errno::from_io_error(&error) {
        Some(errno) if WITHOUT_LOCKS.contains(&errno) => Ok(()),
        _ => Err(error),
    })
}

/// True if there is no file: it is not there, or what should be a directory above it is a file.
pub(crate) fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Removes what an interrupted [`prepare`] left in `directory`. Call it only while no other process prepares a file there.
pub(crate) fn remove_leftovers(directory: &Path) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(TEMPORARY_PREFIX) && name.ends_with(TEMPORARY_SUFFIX) {
            // A leftover that cannot be removed harms nothing: the directory is closed to others.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Opens a file to append to as [`open_to_append`] does. If others have permissions on it, this takes them away.
///
/// # Errors
/// What the system says; also that the file is a directory, a FIFO, a device or a socket.
pub(crate) fn open_closed_to_append(path: &Path) -> io::Result<File> {
    let file = open_to_append(path)?;
    if file.metadata()?.mode() & OTHERS != 0 {
        file.set_permissions(Permissions::from_mode(FILE_MODE))?;
    }
    Ok(file)
}

/// Opens a file to append to, and makes it if it does not exist. A file that exists keeps its mode.
///
/// # Errors
/// What the system says; also that the file is a directory, a FIFO, a device or a socket.
pub(crate) fn open_to_append(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(FILE_MODE)
        .custom_flags(never_waiting())
        .open(path)?;
    match kind(file.metadata()?.mode()) {
        None => Ok(file),
        Some(kind) => Err(io::Error::other(format!("it is {kind} and not a regular file"))),
    }
}

/// The text of a system error, without its number and with a small first letter.
pub fn spoken(error: &io::Error) -> String {
    let text = error.to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    let mut letters = text[..end].chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn never_waiting() -> i32 {
    #[expect(clippy::cast_possible_wrap, reason = "open(2) takes its flags as an int")]
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits() as i32;
    flags
}

/// The kind of a file; `None` where it is a regular file.
fn kind(mode: u32) -> Option<&'static str> {
    const KINDS: [(u32, &str); 5] = [
        (0o040_000, "a directory"),
        (0o010_000, "a FIFO"),
        (0o020_000, "a device"),
        (0o060_000, "a device"),
        (0o140_000, "a socket"),
    ];
    KINDS.iter().find(|(bits, _)| mode & 0o170_000 == *bits).map(|(_, kind)| *kind)
}

/// The path at the end of a chain of symbolic links. No file need exist there.
fn follow(path: &Path) -> io::Result<PathBuf> {
    const MOST: usize = 40;
    let mut target = path.to_owned();
    for _ in 0..MOST {
        match fs::read_link(&target) {
            Ok(next) => target = target.parent().unwrap_or_else(|| Path::new("")).join(next),
            Err(_) => return Ok(target),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

/// Keeps the token out of core files: it sets their largest size to 0. On Linux it also makes the process not dumpable, because
/// a core pattern that is a pipe ignores the size. Then the user's other programs cannot read its memory through `/proc` either.
/// See <https://man7.org/linux/man-pages/man5/core.5.html>.
///
/// # Errors
/// The system refuses the limit.
pub fn forbid_core_files() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_system_is_told_without_its_number() {
        let error = io::Error::from_raw_os_error(2);
        assert_eq!(spoken(&error), "no such file or directory");
    }

    /// Each class of the system's errors: the number, what is said, and whether it is passed over where a lock is taken.
    const ERRORS: [(Errno, &str, bool); 12] = [
        // No file.
        (Errno::NOENT, "no such file or directory", false),
        (Errno::NOTDIR, "not a directory", false),
        // No locks.
        (Errno::NOSYS, "function not implemented", true),
        (Errno::NOLCK, "no locks available", true),
        (Errno::OPNOTSUPP, "operation not supported", true),
        // Read only, or another user's.
        (Errno::ROFS, "read-only file system", false),
        (Errno::ACCESS, "permission denied", false),
        (Errno::PERM, "operation not permitted", false),
        // Full.
        (Errno::NOSPC, "no space left on device", false),
        (Errno::DQUOT, "disk quota exceeded", false),
        (Errno::FBIG, "file too large", false),
        (Errno::IO, "input/output error", false),
    ];

    #[test]
    fn every_error_of_a_class_says_what_it_is_and_only_missing_locks_are_passed_over() {
        for (errno, words, is_passed_over) in ERRORS {
            let error = io::Error::from(errno);
            assert_eq!(spoken(&error), words);
            assert_eq!(is_missing(&error), [Errno::NOENT, Errno::NOTDIR].contains(&errno), "{words}");
            assert_eq!(ignore_missing_locks(Err(error)).is_ok(), is_passed_over, "{words}");
        }
    }

    #[test]
    fn only_a_regular_file_is_opened() {
        assert!(matches!(Opened::regular(Path::new("/dev/null")), Err(ReadError::NotRegular("a device"))));
        assert!(matches!(Opened::regular(Path::new("/")), Err(ReadError::NotRegular("a directory"))));
        assert!(matches!(Opened::regular(Path::new("/nowhere/at/all")), Err(ReadError::Io(_))));
    }
}
