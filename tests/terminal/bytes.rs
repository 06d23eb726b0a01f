//! What reaches the terminal, byte by byte: only what the editor's own screen is made of.

/// Everything in `raw` that is neither plain text nor one of the screen's own sequences.
pub fn foreign(raw: &[u8]) -> Vec<String> {
    let text = match std::str::from_utf8(raw) {
        Ok(text) => text,
        Err(error) => return vec![format!("not UTF-8 at {}", error.valid_up_to())],
    };
    let mut found = Vec::new();
    let mut rest = text.chars();
    let mut is_alternate = false;
    while let Some(character) = rest.next() {
        match character {
            '\x1b' => {
                let sequence = sequence(&mut rest);
                match sequence.as_str() {
                    "[?1049h" => is_alternate = true,
                    "[?1049l" => is_alternate = false,
                    own if is_own(own) => {}
                    _ => found.push(sequence.escape_debug().to_string()),
                }
            }
            '\r' | '\n' if !is_alternate => {}
            _ if acts(character) => found.push(character.escape_unicode().to_string()),
            _ => {}
        }
    }
    found
}

/// Fails if there is anything foreign in `raw`.
pub fn assert_own(raw: &[u8]) {
    let foreign = foreign(raw);
    assert!(foreign.is_empty(), "{foreign:?}\nin {}", raw.escape_ascii());
}

/// The texts that were sent to the terminal's clipboard, still in base64, and the bytes without them.
pub fn clipboard(raw: &[u8]) -> (Vec<String>, Vec<u8>) {
    let text = String::from_utf8(raw.to_vec()).expect("UTF-8");
    let mut copied = Vec::new();
    let mut left = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("\x1b]52;c;") {
        let (text, behind) = after.split_once('\x07').expect("an end");
        left.push_str(before);
        copied.push(text.to_owned());
        rest = behind;
    }
    left.push_str(rest);
    (copied, left.into_bytes())
}

fn sequence(rest: &mut std::str::Chars<'_>) -> String {
    let mut sequence: String = rest.next().into_iter().collect();
    if sequence == "[" {
        for character in rest.by_ref() {
            sequence.push(character);
            if ('\x40'..='\x7e').contains(&character) {
                break;
            }
        }
    }
    sequence
}

/// The cursor's visibility and place, clearing, and the attributes that the theme has.
fn is_own(sequence: &str) -> bool {
    let numbers = |text: &str| text.split(';').all(|number| number.parse::<u16>().is_ok());
    match sequence {
        "[?25h" | "[?25l" | "[?2004h" | "[?2004l" | "[2J" | "[H" | "[K" => true,
        _ => match (sequence.strip_prefix('['), sequence.chars().last()) {
            (Some(place), Some('H')) => numbers(&place[..place.len() - 1]) && place.matches(';').count() == 1,
            (Some(columns), Some('C' | 'D')) => columns.len() == 1 || numbers(&columns[..columns.len() - 1]),
            (Some(style), Some('m')) => is_style(&style[..style.len() - 1]),
            _ => false,
        },
    }
}

/// Bold, reverse, their ends, the theme's colours, and the end of all.
fn is_style(style: &str) -> bool {
    let known = ["", "0", "1", "7", "22", "27", "30", "31", "32", "35", "39", "41", "42", "49", "97"];
    style.split(';').all(|part| known.contains(&part))
}

/// True for what a terminal acts on or shows as nothing: controls, and the characters of [`FORMATS`].
fn acts(character: char) -> bool {
    character.is_control() || FORMATS.contains(&character)
}

/// The 65 control characters of Unicode: C0, DEL and C1.
pub fn controls() -> Vec<char> {
    ('\0'..='\u{9f}').filter(|character| character.is_control()).collect()
}

/// Forty characters that reorder, join, hide or tag what stands beside them.
pub const FORMATS: [char; 40] = [
    '\u{ad}',
    '\u{34f}',
    '\u{600}',
    '\u{605}',
    '\u{61c}',
    '\u{6dd}',
    '\u{70f}',
    '\u{8e2}',
    '\u{115f}',
    '\u{180e}',
    '\u{200b}',
    '\u{200c}',
    '\u{200d}',
    '\u{200e}',
    '\u{200f}',
    '\u{2028}',
    '\u{2029}',
    '\u{202a}',
    '\u{202b}',
    '\u{202c}',
    '\u{202d}',
    '\u{202e}',
    '\u{2060}',
    '\u{2061}',
    '\u{2064}',
    '\u{2066}',
    '\u{2067}',
    '\u{2068}',
    '\u{2069}',
    '\u{206f}',
    '\u{3164}',
    '\u{fe0f}',
    '\u{feff}',
    '\u{fff9}',
    '\u{fffb}',
    '\u{1d173}',
    '\u{e0001}',
    '\u{e0041}',
    '\u{e007f}',
    '\u{110bd}',
];

/// What one would send to a terminal to take it over, in C0 and C1 form.
pub const SEQUENCES: [&str; 14] = [
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x1b]52;c;aGk=\x07",
    "\x1bP+q544e\x1b\\",
    "\x1b[?1049l",
    "\x1b[6n",
    "\x1b[c",
    "\x1b[?2004h",
    "\x1b[33m",
    "\u{9b}33m",
    "\u{9d}0;title\u{9c}",
    "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1bc",
    "\x1b[200~rm\r",
];

/// All of the above, one string each.
pub fn hostile() -> Vec<String> {
    let characters = controls().into_iter().chain(FORMATS).map(|character| format!("A{character}B"));
    characters.chain(SEQUENCES.map(str::to_owned)).collect()
}

#[test]
fn foreign_bytes_are_found_wherever_they_stand() {
    assert_own(b"\x1b[?1049h\x1b[?25l\x1b[0m\x1b[2J\x1b[1;2H\x1b[1;35mx\x1b[3C\x1b[?1049l\r\n");
    for text in hostile() {
        // Clearing the screen, leaving it and having pastes marked are our own too: only their place tells.
        let is_ours = matches!(text.as_str(), "\x1b[2J" | "\x1b[?1049l" | "\x1b[?2004h");
        let found = !foreign(format!("\x1b[?1049h{text}").as_bytes()).is_empty();
        assert_ne!(found, is_ours, "{text:?}");
    }
    for bytes in [&b"\x1b[38;5;200m"[..], b"\x1b[5m", b"\xff", b"\x1b[3J", b"\x1b[?1h"] {
        assert!(!foreign(bytes).is_empty(), "{}", bytes.escape_ascii());
    }
    assert_eq!(controls().len(), 65);
    let different: std::collections::BTreeSet<_> = FORMATS.into_iter().collect();
    assert_eq!(different.len(), 40);
}
