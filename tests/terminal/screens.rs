//! Every screen of the editor, as one table: how it is reached, and how it is left by keys.

use convrating::demo::{Answer, Fault, Hold, Hooks, Method};

use super::host::{FORM, HELP, Host, within};
use crate::support::configuration::object;
use crate::support::pty::{Builder, Launch, Pty};

/// Keys, and what stands on the screen then; no text where the editor ends.
pub type Step = (&'static str, &'static str);

/// One screen.
#[derive(Debug)]
pub struct Screen {
    pub name: &'static str,
    from: From,
    reach: &'static [Step],
    /// From here out with `q`, and the exit code.
    pub q: (&'static [Step], i32),
    /// From here out with Ctrl-C, and the exit code.
    pub ctrl_c: (&'static [Step], i32),
    /// The line for the scrollback, in part.
    pub farewell: &'static str,
}

/// What the editor is started on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum From {
    /// A server that answers.
    Server,
    /// One that holds the first answer.
    HeldRead,
    /// One that answers with an error.
    FailedRead,
    /// One that holds a change.
    HeldSave,
    /// One on which someone else changes the same.
    Conflict,
    /// The embedded demo.
    Demo,
    /// Nothing: there is no token.
    NoToken,
    /// A server, on a terminal that is too small.
    Small,
}

/// An editor with this screen on it, and what it needs to stay so.
pub struct Set {
    pub pty: Pty,
    pub(super) host: Host,
    pub held: Option<Hold>,
}

const Q: &[Step] = &[("q", "")];
/// The first one closes the page.
const Q_TWICE: &[Step] = &[("q", FORM), ("q", "")];
const CTRL_C: &[Step] = &[("\x03", "")];
const Q_THEN_N: &[Step] = &[("q", "Quit without saving"), ("n", "")];
const CTRL_C_TWICE: &[Step] = &[("\x03", "Quit without saving"), ("\x03", "")];
const NOTHING: &str = "convrating: nothing saved";
const UNKNOWN: &str = "convrating: outcome unknown for no profile";

macro_rules! screens {
    ($($name:literal, $from:ident, $reach:expr, $q:expr, $ctrl_c:expr, $farewell:expr;)*) => {
        &[$(Screen {
            name: $name, from: From::$from, reach: &$reach, q: $q, ctrl_c: $ctrl_c, farewell: $farewell,
        }),*]
    };
}

/// Every screen there is.
pub const SCREENS: &[Screen] = screens! {
    "loading", HeldRead, [("", "Loading")], (Q, 0), (CTRL_C, 0), NOTHING;
    "load failed", FailedRead, [("", "Not read")], (Q, 0), (CTRL_C, 0), NOTHING;
    "form", Server, [("", FORM)], (Q, 0), (CTRL_C, 0), NOTHING;
    "unsaved changes", Server, DIRTY, (Q_THEN_N, 0), (CTRL_C_TWICE, 130), NOTHING;
    "help", Server, [("", FORM), ("?", HELP)], (Q_TWICE, 0), (CTRL_C, 0), NOTHING;
    "log", Server, [("", FORM), ("l", "LOG")], (Q_TWICE, 0), (CTRL_C, 0), NOTHING;
    "request", Server, [("", FORM), ("v", "REQUEST")], (Q_TWICE, 0), (CTRL_C, 0), NOTHING;
    "adding a code", Server, [("", FORM), ("a", "ADD A QUESTION CODE")],
        (&[("q", "> q"), ("\x1b", FORM), ("q", "")], 0), (CTRL_C, 0), NOTHING;
    "search", Server, [("", FORM), ("/", "Find:")],
        (&[("q", "Find: q"), ("\x1b", "space toggle"), ("q", "")], 0), (CTRL_C, 0), NOTHING;
    "quit question", Server, [("", FORM), (" ", "1 unsaved change"), ("q", "Quit without saving")],
        (&[("q", "Quit without saving"), ("n", "")], 0), (CTRL_C, 130), NOTHING;
    "conflict", Conflict, [("", FORM), ("2 ", "1 unsaved change"), ("s", "Conflict")],
        (&[("\x1b", "saves to"), ("q", "Quit without saving"), ("n", "")], 0),
        (CTRL_C_TWICE, 130), NOTHING;
    "saving", HeldSave, [("", FORM), (" ", "1 unsaved change"), ("s", "Saving")],
        (Q, 6), (CTRL_C, 6), UNKNOWN;
    "first choices", NoToken, [("", "> [ Add a profile ]")], (Q, 0), (CTRL_C, 0), NOTHING;
    "profile name", NoToken, [("", "> [ Add a profile ]"), ("\r", "ADD A PROFILE")],
        (&[("q", "> q"), ("\x1b", "[ Open the demo ]"), ("q", "")], 0), (CTRL_C, 0), NOTHING;
    "token prompt", NoToken, *TO_TOKEN, (&[("q", "(1 character)"), ("\x03", "")], 0),
        (CTRL_C, 0), NOTHING;
    "profiles", Demo, [("", FORM), ("p", "PROFILES")], (Q_TWICE, 0), (CTRL_C, 0), NOTHING;
    "too small", Small, [("", "Needs 40x12")], (Q, 0), (CTRL_C, 0), NOTHING;
};

/// The way from the first choices to the field for a token that is used once.
pub const TO_TOKEN: &[Step; 3] =
    &[("", "> [ Add a profile ]"), ("\t", "> [ Use a token once ]"), ("\r", "API TOKEN")];

const DIRTY: [Step; 2] = [("", FORM), (" ", "1 unsaved change")];

/// The screen of this name.
pub fn screen(name: &str) -> &'static Screen {
    SCREENS.iter().find(|screen| screen.name == name).expect("a screen of that name")
}

impl Screen {
    /// Starts an editor and goes to this screen.
    pub fn open(&self, launch: Launch) -> Set {
        let host = Host::start();
        let held = self.from.prepare(&host.hooks);
        let pty = self.from.editor(&host).launch(launch).start();
        walk(&pty, self.reach);
        if let Some(held) = &held {
            within(held.arrived());
        }
        Set { pty, host, held }
    }

    /// True where a paste is text.
    pub fn has_field(&self) -> bool {
        matches!(self.name, "adding a code" | "search" | "profile name" | "token prompt")
    }

    /// True while a change is on its way.
    pub fn is_saving(&self) -> bool {
        self.from == From::HeldSave
    }
}

impl From {
    fn prepare(self, hooks: &Hooks) -> Option<Hold> {
        match self {
            Self::HeldRead => return Some(hooks.hold(Method::Get)),
            Self::HeldSave => return Some(hooks.hold(Method::Patch)),
            Self::FailedRead => hooks.fail_always(Method::Get, Fault::applied(Answer::status(404))),
            Self::Conflict => {
                let theirs = object([false; 2], &["HELPFUL_THUMBS", "EXPERIENCE_THUMBS", "NPS_SCORE"]);
                // The first read is ordinary, and the one before the save finds the other.
                let first = hooks.configuration("acme");
                hooks.set_configuration("acme", theirs);
                hooks.fail_next(Method::Get, Fault::applied(Answer::json(200, &first)));
            }
            Self::Server | Self::Demo | Self::NoToken | Self::Small => {}
        }
        None
    }

    fn editor(self, host: &Host) -> Builder {
        match self {
            Self::Demo => Builder::convrating(&["--demo"]),
            Self::NoToken => Builder::convrating(&[]).env("QUICKCHAT_BASE_URL", &host.url),
            Self::Small => host.editor().size(39, 11),
            _ => host.editor(),
        }
    }
}

/// Presses keys and waits each time for what they do.
pub fn walk(pty: &Pty, steps: &[Step]) {
    for (keys, text) in steps {
        match (*keys, *text) {
            ("", text) => pty.wait_for_text(text),
            (keys, "") => pty.send(keys),
            // Once more where a question that opened by itself was deaf.
            (keys @ ("\x1b" | "\x03"), text) => pty.insist(keys, text),
            (keys, text) => {
                pty.send(keys);
                pty.wait_for_text(text);
            }
        }
    }
}
