//! What stands around a token, from every source: what does not belong there is named, with the place, and nothing is sent.

use super::support::{Home, Ran, Server};

const QUOTES: &str = "quotes stand around the token; take them away";
const ANGLES: &str = "< and > stand around the token; take them away";
const ASSIGNMENT: &str = "NAME= stands before the token; only what stands after the = belongs there";
const SEMICOLON: &str = "a semicolon stands behind the token; take it away";
const MARK: &str = "a byte order mark stands before the token; save it as plain text without one";
const UTF16: &str = "the text is UTF-16; save it as plain text (ASCII or UTF-8)";
const UNPRINTABLE: &str = "the token has white space or characters that no token has";

/// What the shell's printf makes of the token `$T`, and the fault; `None` where the token is taken.
const SHAPES: [(&str, Option<&str>); 16] = [
    ("'%s'", None),
    ("'  %s \\r\\n'", None),
    ("'Bearer %s\\n'", None),
    ("'bEARER  %s'", None),
    ("'\"%s\"\\n'", Some(QUOTES)),
    ("\"'%s'\"", Some(QUOTES)),
    ("'Bearer \"%s\"'", Some(QUOTES)),
    ("'<%s>'", Some(ANGLES)),
    ("'QUICKCHAT_API_TOKEN=%s'", Some(ASSIGNMENT)),
    ("'export NAME=%s\\n'", Some(ASSIGNMENT)),
    ("'export NAME=\"%s\";'", Some(ASSIGNMENT)),
    ("'%s;\\n'", Some(SEMICOLON)),
    ("'\\357\\273\\277%s\\n'", Some(MARK)),
    ("'a %s'", Some(UNPRINTABLE)),
    ("'%s\\001'", Some(UNPRINTABLE)),
    ("'\\377\\376e\\000y\\000J\\000\\n\\000'", Some(UTF16)),
];

/// A source, how the shell gives it a text (`MAKE` prints it), and how the error begins.
const SOURCES: [(&str, &str, &str); 6] = [
    ("variable", "QUICKCHAT_API_TOKEN=\"$(MAKE)\" $BIN get", "QUICKCHAT_API_TOKEN: "),
    ("token_env", "V=\"$(MAKE)\" $BIN get -p v", "no token for v: V gives no token: "),
    ("file", "MAKE > t; $BIN get -p f", "no token for f: the file HOME/t gives no token: "),
    (
        "stored",
        "MAKE > .local/state/convrating/tokens/s; $BIN get -p s",
        "no token for s: the file HOME/.local/state/convrating/tokens/s gives no token: ",
    ),
    ("program", "MAKE > t; $BIN get -p c", "no token for c: command cat gives no token: "),
    ("pipe", "MAKE | $BIN login n", ""),
];

fn give(home: &Home, server: &Server, line: &str, shape: &str) -> Ran {
    let line = line.replace("MAKE", &format!("printf {shape} \"$T\""));
    let url = server.url.as_str();
    let variables = [("T", server.token("acme")), ("QUICKCHAT_BASE_URL", url)];
    let ran =
        home.shell(&format!("cd; umask 077; mkdir -p .local/state/convrating/tokens; {line}"), &variables);
    let path = home.path("");
    Ran { stderr: ran.stderr.replace(path.to_str().expect("UTF-8"), "HOME/"), ..ran }
}

fn configure(home: &Home, server: &Server) {
    let sources = [
        ("v", "token_env = 'V'"),
        ("f", "token_file = '~/t'"),
        ("s", ""),
        ("c", "token_command = ['cat', '../../t']"),
    ];
    let profile = |(name, source)| format!("[profiles.{name}]\nbase_url = '{}'\n{source}\n", server.url);
    home.config(&sources.map(profile).concat());
}

#[test]
fn every_source_names_what_stands_around_its_token() {
    let (home, server) = (Home::new(), Server::start());
    for (source, line, place) in SOURCES {
        for (shape, fault) in SHAPES {
            // No variable can hold a NUL.
            if shape.contains("\\000") && line.contains("$(") {
                continue;
            }
            configure(&home, &server);
            let before = server.requests().len();
            let ran = give(&home, &server, line, shape);
            let Some(fault) = fault else {
                assert!(ran.code == 0 && server.requests().len() == before + 1, "{source} {shape}: {ran:?}");
                continue;
            };
            let expected = format!("error: {place}{fault}\n");
            assert_eq!((ran.code, ran.stderr.as_str()), (4, expected.as_str()), "{source} {shape}");
            assert_eq!(server.requests().len(), before, "{source} {shape}: nothing was sent");
        }
    }
}
