//! The output of the commands: data goes to stdout, everything else to stderr.

use std::io::{self, Write};

use serde::Serialize;

use crate::private::spoken;
use crate::visible::{ascii, json_visible, redact};
use crate::words::Exit;

/// Which of the three standard streams are terminals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StandardStreams {
    /// Standard input is a terminal: a command can ask the user.
    pub is_stdin_terminal: bool,
    /// Standard output is a terminal: the user reads the data on a screen.
    pub is_stdout_terminal: bool,
    /// Standard error is a terminal: the user sees the progress of a long run.
    pub is_stderr_terminal: bool,
}

/// The two writers of a run. Writing returns no error: the first error of stdout is kept, and `finish` prints it.
/// A closed pipe is no error, because its reader has ended on purpose.
pub struct Console<'w> {
    stdout: &'w mut dyn Write,
    stderr: &'w mut dyn Write,
    streams: StandardStreams,
    is_ascii: bool,
    broken: Option<io::Error>,
    has_progress: bool,
}

impl<'w> Console<'w> {
    /// A console on these writers; `is_ascii` keeps text (not JSON) below 0x80.
    pub fn new(
        stdout: &'w mut dyn Write,
        stderr: &'w mut dyn Write,
        streams: StandardStreams,
        is_ascii: bool,
    ) -> Self {
        Self { stdout, stderr, streams, is_ascii, broken: None, has_progress: false }
    }

    /// Which streams are terminals.
    pub(crate) fn streams(&self) -> StandardStreams {
        self.streams
    }

    /// Writes a line of data for people.
    pub fn say(&mut self, line: &str) {
        let line = format!("{}\n", self.plain(line.trim_end()));
        self.write(line.as_bytes());
    }

    /// Writes a line of JSON.
    pub fn json(&mut self, value: &impl Serialize) {
        let line = format!("{}\n", self.json_text(value));
        self.write(line.as_bytes());
    }

    /// Writes an element of a JSON array: the one at `place`, from 0.
    pub(crate) fn json_element(&mut self, place: usize, element: &impl Serialize) {
        let start = if place == 0 { "[\n" } else { ",\n" };
        let element = self.json_text(element);
        self.write(format!("{start}{element}").as_bytes());
    }

    /// Ends a JSON array of `count` elements.
    pub(crate) fn end_json_array(&mut self, count: usize) {
        self.write(if count == 0 { b"[]\n" } else { b"\n]\n" });
    }

    /// A value as JSON. Control characters are escaped, so that a terminal only shows the text.
    fn json_text(&self, value: &impl Serialize) -> String {
        // The values are plain structures with text as keys, and so this cannot fail.
        let text = serde_json::to_string(value).unwrap_or_default();
        json_visible(&text, self.is_ascii).into_owned()
    }

    /// True where only ASCII is written.
    pub fn is_ascii(&self) -> bool {
        self.is_ascii
    }

    /// Writes data without any change.
    pub fn write(&mut self, bytes: &[u8]) {
        if self.broken.is_none()
            && let Err(error) = self.stdout.write_all(bytes)
        {
            self.broken = Some(error);
        }
    }

    /// Flushes stdout.
    pub fn flush(&mut self) {
        if self.broken.is_none()
            && let Err(error) = self.stdout.flush()
        {
            self.broken = Some(error);
        }
    }

    /// True if something could not be written to stdout.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    /// True if something could not be written to stdout and the user misses it. The reader of a closed pipe misses nothing.
    pub fn is_lost(&self) -> bool {
        self.broken.as_ref().is_some_and(|error| error.kind() != io::ErrorKind::BrokenPipe)
    }

    /// Writes a line to stderr.
    pub fn tell(&mut self, line: &str) {
        self.ask(&format!("{line}\n"));
    }

    /// Writes text to stderr without a line break.
    pub fn ask(&mut self, text: &str) {
        let text = self.plain(text);
        // An error of stderr cannot be reported anywhere.
        let _ = self.stderr.write_all(text.as_bytes());
        let _ = self.stderr.flush();
    }

    /// Shows no progress in this run: something else writes lines to stderr, and they would stand behind it.
    pub fn hide_progress(&mut self) {
        self.streams.is_stderr_terminal = false;
    }

    /// Shows how far a long run is, if stderr is a terminal. The caller calls [`Console::end_progress`] before it writes
    /// anything else.
    pub(crate) fn progress(&mut self, done: usize, all: usize) {
        if self.streams.is_stderr_terminal {
            self.has_progress = true;
            self.ask(&format!("\r{done} of {all}"));
        }
    }

    /// Removes the progress from the screen.
    pub(crate) fn end_progress(&mut self) {
        if std::mem::take(&mut self.has_progress) {
            self.ask("\r                    \r");
        }
    }

    /// Flushes stdout and returns the exit code of a run that ended with `exit`. If the output is lost, as on a full disk, the
    /// exit code is that of a failure.
    pub(crate) fn finish(mut self, exit: Exit) -> Exit {
        self.flush();
        let is_lost = self.is_lost();
        match self.broken.take() {
            Some(error) if is_lost => {
                self.tell(&format!("error: cannot write the output: {}", spoken(&error)));
                exit.max(Exit::Failed)
            }
            _ => exit,
        }
    }

    /// The text as it is written. Texts from outside were made visible where they entered; a token of this run that came in
    /// as something else, as in a profile's name, is found here.
    fn plain(&self, text: &str) -> String {
        let text = redact(text);
        if self.is_ascii { ascii(&text).into_owned() } else { text.into_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn ended(stdout: &mut dyn Write, exit: Exit) -> (Exit, String) {
        let mut stderr = Vec::new();
        let mut console = Console::new(stdout, &mut stderr, StandardStreams::default(), false);
        console.say("data");
        console.say("more");
        let exit = console.finish(exit);
        (exit, String::from_utf8(stderr).unwrap())
    }

    #[test]
    fn a_full_disk_is_an_error_and_a_closed_pipe_is_quiet() {
        let (exit, told) = ended(&mut Full, Exit::Done);
        assert_eq!(
            (exit, told.as_str()),
            (Exit::Failed, "error: cannot write the output: no storage space\n")
        );
        assert_eq!(ended(&mut Full, Exit::Unknown).0, Exit::Unknown);
        assert_eq!(ended(&mut Closed, Exit::Done), (Exit::Done, String::new()));
    }
}
