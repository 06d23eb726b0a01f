//! Notes on several profiles, for stderr. What is said of many profiles is one line.

/// The notes so far, each with the profiles that it is about and that have not been told yet.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<(String, Vec<String>)>);

impl Notes {
    /// Keeps a note on the profile `name`.
    pub(super) fn add(&mut self, name: &str, note: String) {
        let names = self.find_or_begin(note).1;
        names.push(name.to_owned());
    }

    /// Returns a note's line where it is the first of its kind, so that the user need not wait for it. Keeps any other.
    pub(super) fn take_first(&mut self, name: &str, note: String) -> Option<String> {
        let line = format!("{name}: {note}");
        let (is_new, names) = self.find_or_begin(note);
        if is_new {
            return Some(line);
        }
        names.push(name.to_owned());
        None
    }

    /// A line for each kind of note, with the names of its profiles in front.
    pub(super) fn into_lines(self) -> impl Iterator<Item = String> {
        let kept = self.0.into_iter().filter(|(_, names)| !names.is_empty());
        kept.map(|(note, names)| format!("{}: {note}", names.join(", ")))
    }

    /// True if the note is new, and the names behind it.
    fn find_or_begin(&mut self, note: String) -> (bool, &mut Vec<String>) {
        let found = self.0.iter().position(|(kept, _)| *kept == note);
        let place = found.unwrap_or_else(|| {
            self.0.push((note, Vec::new()));
            self.0.len() - 1
        });
        (found.is_none(), &mut self.0[place].1)
    }
}
