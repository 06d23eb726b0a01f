use proptest::collection::vec;
use proptest::prelude::*;

use super::super::batch::BatchPart;
use super::*;

/// The keys that come from `bytes` and the time-out after them.
fn parse(bytes: &[u8]) -> Vec<Key> {
    parse_parts(&[bytes])
}

/// The same for bytes that come in parts, without a time-out in between.
fn parse_parts(parts: &[&[u8]]) -> Vec<Key> {
    keys(decode(parts))
}

/// The keys and pasted texts of bytes that come in parts, and of the time-out after them.
fn decode(parts: &[&[u8]]) -> Vec<BatchPart> {
    let mut parser = Parser::default();
    let mut batch = InputBatch::default();
    for part in parts {
        parser.feed(part, &mut batch);
    }
    parser.give_up(&mut batch);
    batch.into_parts()
}

/// The keys of `parts`; pasted texts are none.
fn keys(parts: Vec<BatchPart>) -> Vec<Key> {
    let pressed = parts.into_iter().filter_map(|part| match part {
        BatchPart::Pressed(keys) => Some(keys),
        BatchPart::Pasted(_) => None,
    });
    pressed.flatten().collect()
}

/// The keys that `bytes` complete.
fn feed(parser: &mut Parser, bytes: &[u8]) -> Vec<Key> {
    let mut batch = InputBatch::default();
    parser.feed(bytes, &mut batch);
    keys(batch.into_parts())
}

/// The keys that the time-out completes.
fn give_up(parser: &mut Parser) -> Vec<Key> {
    let mut batch = InputBatch::default();
    parser.give_up(&mut batch);
    keys(batch.into_parts())
}

#[test]
fn every_terminals_way_to_send_a_key_is_that_key() {
    let ways: &[(Key, &[&str])] = &[
        (
            Key::Up,
            &["\x1b[A", "\x1bOA", "\x1b[1;5A", "\x1b[1;2A", "\x1b[57419u", "\x1b[1;129A", "\x1b[1;1:2A"],
        ),
        (Key::Down, &["\x1b[B", "\x1bOB", "\x1b[1;1:1B"]),
        (Key::Right, &["\x1b[C", "\x1bOC", "\x1bO5C"]),
        (Key::Left, &["\x1b[D", "\x1bOD"]),
        (Key::Home, &["\x1b[H", "\x1bOH", "\x1b[1~", "\x1b[7~", "\x1b[1;5H", "\x1b[7$"]),
        (Key::End, &["\x1b[F", "\x1bOF", "\x1b[4~", "\x1b[8~", "\x1b[8$", "\x1b[8^", "\x1b[8@"]),
        (Key::PageUp, &["\x1b[5~", "\x1b[5;5~"]),
        (Key::PageDown, &["\x1b[6~", "\x1b[6$"]),
        (Key::Delete, &["\x1b[3~"]),
        (Key::BackTab, &["\x1b[Z", "\x1b[9;2u", "\x1b[27;2;9~"]),
        (Key::Tab, &["\t", "\x1b[9u", "\x1bOI"]),
        (Key::Enter, &["\r", "\n", "\r\n", "\x1b[13u", "\x1bOM", "\x1b[57414u"]),
        (Key::Backspace, &["\x7f", "\x08", "\x1b[127u", "\x1b[127;2u"]),
        (Key::Esc, &["\x1b", "\x1b[27u"]),
        (Key::F(1), &["\x1bOP", "\x1b[11~", "\x1b[[A", "\x1b[P"]),
        (Key::F(5), &["\x1b[15~", "\x1b[[E"]),
        (Key::F(12), &["\x1b[24~"]),
        (
            Key::Ctrl('c'),
            &[
                "\x03",
                "\x1b[99;5u",
                "\x1b[27;5;99~",
                "\x1b[99;69u",
                "\x1b[1089::99;5u",
                "\x1b[968:936:99;133u",
            ],
        ),
        (Key::Ctrl('\\'), &["\x1c"]),
        (Key::Char('q'), &["q", "\x1b[113u", "\x1b[113;1:1u", "\x1b[113;;113u"]),
        (Key::Char('G'), &["G", "\x1b[103;2u", "\x1b[103:71;2u", "\x1b[27;2;71~"]),
        (Key::Char('?'), &["?", "\x1b[47:63;2u"]),
        (Key::Char(' '), &[" ", "\x1b[32u"]),
        (Key::Char('7'), &["7", "\x1bOw", "\x1b[57406u"]),
        (Key::Char('é'), &["é"]),
        (Key::Char('漢'), &["漢"]),
        (Key::Char('🙂'), &["🙂"]),
    ];
    for (key, ways) in ways {
        for way in *ways {
            assert_eq!(parse(way.as_bytes()), [*key], "{way:?}");
        }
    }
}

#[test]
fn a_sequence_that_is_no_press_of_a_known_key_is_swallowed_whole() {
    let nothing = [
        // Chords with Alt, and chords that no key table uses.
        "\x1bq",
        "\x1b\r",
        "\x1b\x7f",
        "\x1bé",
        "\x1b[1;3A",
        "\x1b\x1b[A",
        "\x1b\x1bOA",
        "\x1b[13;2u",
        "\x1b[27;2;13~",
        "\x1b[113;3u",
        "\x1b[3;5~",
        "\x1b[9;5u",
        "\x1b[113;9u",
        // Releases.
        "\x1b[113;1:3u",
        "\x1b[1;1:3A",
        "\x1b[3;1:3~",
        // Reports of focus and mouse, in four dialects.
        "\x1b[I",
        "\x1b[O",
        "\x1b[<0;12;7M",
        "\x1b[<0;12;7m",
        "\x1b[M !q",
        "\x1b[32;12;7M",
        "\x1b[0;12;7t",
        // Answers to questions that another program asked.
        "\x1b[?1;2c",
        "\x1b[>41;354;0c",
        "\x1b[0n",
        "\x1b[12;40R",
        "\x1b[1;1R",
        "\x1b[?2026;2$y",
        "\x1b[4;1$y",
        "\x1b[?1u",
        "\x1b[8;24;80t",
        "\x1b]11;rgb:0000/0000/0000\x1b\\",
        "\x1b]11;rgb:0000/0000/0000\x07",
        "\x1bP>|XTerm(354)\x1b\\",
        "\x1b_Gi=1;OK\x1b\\",
        "\x1b^pm\x1b\\",
        "\x1bXsos\x1b\\",
        // The marks around a paste, modifier keys alone, unknown keys.
        "\x1b[201~",
        "\x1b[57441u",
        "\x1b[99~",
        "\x1b[2~",
        "\x1b[3$",
        "\x1b[23^",
        "\x1b[1089::99;3u",
        "\x1b[1089;5u",
        "\x1b[E",
        "\x1b[ q",
        "\x1bOz",
        "\x1b[[Z",
        "\x1b[99999999999u",
        "\x1b[;u",
        "\x1b[:;:~",
        "\x1b[1114112u",
        // Not characters.
        "\0",
        "\u{9b}",
        "\u{85}",
    ];
    for bytes in nothing {
        assert_eq!(parse(bytes.as_bytes()), [], "{bytes:?}");
        // And nothing after it is lost.
        let followed = format!("{bytes}\x1b[Bz");
        if !bytes.ends_with('\x1b') {
            assert_eq!(parse(followed.as_bytes()), [Key::Down, Key::Char('z')], "{followed:?}");
        }
    }
}

#[test]
fn invalid_utf8_is_dropped_and_what_follows_is_not() {
    for bytes in
        [&b"\xffq"[..], b"\xc3q", b"\xe2\x82q", b"\xf0\x9f\x99q", b"\xc0\xafq", b"\xed\xa0\x80q", b"\x80q"]
    {
        assert_eq!(parse(bytes), [Key::Char('q')], "{bytes:?}");
    }
    assert_eq!(parse(b"\xc3\x1b[A"), [Key::Up]);
}

#[test]
fn esc_pressed_twice_is_two_and_a_key_that_breaks_into_a_sequence_is_heard() {
    assert_eq!(parse(b"\x1b\x1b"), [Key::Esc, Key::Esc]);
    assert_eq!(parse(b"\x1b\x1b\x1b"), [Key::Esc, Key::Esc, Key::Esc]);
    assert_eq!(parse(b"\x1b]52;c;\x03"), [Key::Ctrl('c')]);
    assert_eq!(parse(b"\x1b[12\x03"), [Key::Ctrl('c')]);
    assert_eq!(parse(b"\x1bP\x1b[A"), [Key::Up]);
}

#[test]
fn a_string_without_end_and_a_sequence_without_end_are_given_up() {
    for start in ["\x1b]", "\x1bP", "\x1b["] {
        let mut bytes = start.as_bytes().to_vec();
        bytes.extend(vec![b'1'; 5000]);
        bytes.extend(b"q");
        assert_eq!(parse(&bytes).last(), Some(&Key::Char('q')), "{start:?}");
    }
}

#[test]
fn nothing_is_waited_for_where_nothing_is_half_read() {
    let mut parser = Parser::default();
    assert_eq!(parser.patience(), None);
    feed(&mut parser, "q\x1b[A漢\r".as_bytes());
    assert_eq!(parser.patience(), None);
    feed(&mut parser, b"\x1b");
    assert_eq!(parser.patience(), Some(ESC_PATIENCE));
    feed(&mut parser, b"[");
    assert_eq!(parser.patience(), Some(REST_PATIENCE));
}

#[test]
fn a_first_mark_that_a_slow_line_cuts_is_waited_for_as_long_as_a_paste() {
    for cut in ["\x1b[2", "\x1b[20", "\x1b[200"] {
        let mut parser = Parser::default();
        feed(&mut parser, cut.as_bytes());
        assert_eq!(parser.patience(), Some(PASTE_PATIENCE), "{cut:?}");
    }
    for other in ["\x1b[", "\x1b[3", "\x1b[2;", "\x1b[2000", "\x1bO2"] {
        let mut parser = Parser::default();
        feed(&mut parser, other.as_bytes());
        assert_eq!(parser.patience(), Some(REST_PATIENCE), "{other:?}");
    }
}

/// Bytes that terminals send, mixed with bytes that no terminal sends.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        any::<u8>().prop_map(|byte| vec![byte]),
        any::<char>().prop_map(|c| c.to_string().into_bytes()),
        proptest::sample::select(vec![
            "\x1b", "\x1b[", "\x1bO", "\x1b]", "\x1bP", "\x1b[[", "\x1b[M", "\x1b\\", "\x07", "\r\n", ";",
            ":", "200~", "1", "A", "u",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn however_the_bytes_are_split_they_are_the_same_keys(bytes in stream(), cuts in vec(any::<prop::sample::Index>(), 0..8)) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.sort_unstable();
        cuts.push(bytes.len());
        let mut from = 0;
        let parts: Vec<&[u8]> = cuts.iter().map(|&to| &bytes[std::mem::replace(&mut from, to)..to]).collect();
        prop_assert_eq!(parse_parts(&parts), parse(&bytes));
    }

    #[test]
    fn after_any_bytes_and_a_time_out_a_key_is_that_key(bytes in stream()) {
        let mut parser = Parser::default();
        feed(&mut parser, &bytes);
        give_up(&mut parser);
        prop_assert!(matches!(parser.patience(), None | Some(LATE_PATIENCE)));
        let mut later = parser.clone();
        give_up(&mut later);
        prop_assert_eq!(later.patience(), None);
        let keys = feed(&mut parser, "q\x1b[A漢".as_bytes());
        prop_assert_eq!(keys, [Key::Char('q'), Key::Up, Key::Char('漢')]);
    }

    #[test]
    fn without_a_time_out_it_hears_again_after_a_bounded_number_of_bytes(bytes in stream()) {
        let mut parser = Parser::default();
        feed(&mut parser, &bytes);
        // A space ends nothing and is the final byte of no sequence.
        feed(&mut parser, &[b' '; LONGEST_STRING + 2]);
        // A paste has no bound but its end mark, and time.
        feed(&mut parser, b"\x1b[201~");
        prop_assert_eq!(feed(&mut parser, b"q"), [Key::Char('q')]);
    }

    #[test]
    fn a_marked_paste_is_its_text_and_presses_no_key_wherever_it_is_cut(
        text in vec(prop_oneof![any::<char>(), proptest::sample::select(vec!['\r', '\n', '\t', 's', 'q', ' '])], 0..60),
        cut in any::<prop::sample::Index>(),
    ) {
        let pasted: String = text.iter().filter(|character| !character.is_control()).collect();
        let typed: String = text.iter().filter(|character| **character != '\x1b').collect();
        let bytes = format!("k\x1b[200~{typed}\x1b[201~j").into_bytes();
        let (front, back) = bytes.split_at(cut.index(bytes.len()));
        let parts = decode(&[front, back]);
        let is_text = |part: &BatchPart| matches!(part, BatchPart::Pasted(_));
        prop_assert_eq!(parts.iter().filter(|part| is_text(part)).count(), 1, "{:?}", parts);
        prop_assert!(parts.contains(&BatchPart::Pasted(pasted)), "{:?}", parts);
        prop_assert_eq!(keys(parts), [Key::Char('k'), Key::Char('j')]);
    }

    #[test]
    fn no_control_character_becomes_text(bytes in vec(any::<u8>(), 0..200)) {
        for key in parse(&bytes) {
            if let Key::Char(c) = key {
                prop_assert!(!c.is_control());
            }
        }
    }
}

#[test]
fn the_late_rest_of_a_sequence_whose_escape_was_taken_for_the_key_types_nothing() {
    for late in ["[A", "[1;5C", "Ox", "Os", "[200~", "OM"] {
        let mut parser = Parser::default();
        assert_eq!(feed(&mut parser, b"\x1b"), []);
        assert_eq!((give_up(&mut parser), parser.patience()), (vec![Key::Esc], Some(LATE_PATIENCE)));
        let keys = feed(&mut parser, late.as_bytes());
        let is_text = |key: &Key| matches!(key, Key::Char('A'..='z'));
        assert!(!keys.iter().any(is_text), "{late}: {keys:?}");
    }
    let mut parser = Parser::default();
    feed(&mut parser, b"\x1b");
    give_up(&mut parser);
    assert_eq!(
        feed(&mut parser, b"sO"),
        [Key::Char('s'), Key::Char('O')],
        "any other byte is the key that it is"
    );
}

#[test]
fn a_paste_waits_a_second_for_its_end_mark_and_no_escape_in_it_is_a_key() {
    for begun in ["\x1b[200~", "\x1b[200~text", "\x1b[200~text\x1b", "\x1b[200~text\x1b[20"] {
        let mut parser = Parser::default();
        assert_eq!(feed(&mut parser, begun.as_bytes()), [], "{begun:?}");
        assert_eq!(parser.patience(), Some(Duration::from_secs(1)), "{begun:?}");
        assert_eq!(give_up(&mut parser), [], "{begun:?}");
        assert_eq!(feed(&mut parser, b"s"), [Key::Char('s')], "{begun:?}");
    }
}

#[test]
fn a_mouse_report_in_the_old_dialect_is_swallowed_wherever_the_mouse_is() {
    assert_eq!(feed(&mut Parser::default(), b"\x1b[M \xc8x"), []);
}

#[test]
fn what_follows_a_sequence_or_breaks_into_it_is_read_anew() {
    let cases: [(&[u8], &[Key]); 5] = [
        // A mouse report in the old dialect has three bytes, and an ESC is none of them.
        (b"\x1b[M !qz", &[Key::Char('z')]),
        (b"\x1b[M \x1b[A", &[Key::Up]),
        // Only directly after `ESC [` do `[` and `M` begin something.
        (b"\x1b[1[A", &[Key::Char('A')]),
        (b"\x1b[32;12;7Mq", &[Key::Char('q')]),
        // An arrow with Alt.
        (b"\x1bO3C", &[]),
    ];
    for (bytes, expected) in cases {
        assert_eq!(parse(bytes), expected, "{bytes:?}");
    }
}

#[test]
fn a_sequence_that_is_too_long_to_be_kept_whole_is_no_key() {
    let sequence = |parameters: &str| parse(format!("\x1b[{parameters}u").as_bytes());
    let longest = format!("{:0>1$}", 113, PARAMETERS);
    assert_eq!(sequence(&longest), [Key::Char('q')]);
    assert_eq!(sequence(&format!("{longest}0")), []);
    let mut parser = Parser::default();
    feed(&mut parser, format!("\x1b[{longest}000").as_bytes());
    assert_eq!(parser.held.len(), PARAMETERS);
}

#[test]
fn the_end_of_a_half_read_string_or_character_is_waited_for_and_is_no_key() {
    for bytes in [&b"\x1b]11;x\x1b"[..], b"\x1b\xc3", b"\xc3"] {
        let mut parser = Parser::default();
        assert_eq!(feed(&mut parser, bytes), [], "{bytes:?}");
        assert_eq!(parser.patience(), Some(REST_PATIENCE), "{bytes:?}");
        assert_eq!(give_up(&mut parser), [], "{bytes:?}");
    }
}

#[test]
fn a_paste_lasts_from_one_mark_to_the_other() {
    let mut parser = Parser::default();
    for (bytes, expected) in [("a", false), ("\x1b[200~", true), ("b\x1b[A", true), ("\x1b[201~", false)] {
        feed(&mut parser, bytes.as_bytes());
        assert_eq!(parser.is_in_paste(), expected, "{bytes:?}");
    }
}
