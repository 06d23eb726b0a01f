use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::sync::mpsc;

use super::*;

fn batch(text: usize, movement: usize) -> Batch {
    let mut keys = vec![Key::Char('x'); text];
    keys.extend(vec![Key::Down; movement]);
    Batch { keys, ..Batch::default() }
}

#[test]
fn a_paste_that_the_terminal_marks_is_one_however_short() {
    let (terminal, mut keyboard) = UnixStream::pair().unwrap();
    keyboard.write_all(b"\x1b[200~s\x1b[201~").unwrap();
    drop(keyboard);
    let mut bursts = Vec::new();
    read_keys(&terminal, |input| {
        bursts.extend(matches!(input, Input::Keys { burst: true, .. }).then_some(()));
        true
    });
    assert_eq!(bursts.len(), 1);
}

/// Whether each batch of what arrives in these pieces, `apart` from one another, is taken for a paste.
fn bursts_of(pieces: &[&[u8]], apart: Duration) -> Vec<(Vec<Key>, bool)> {
    let mut parser = Parser::default();
    let mut bursts = Bursts::default();
    let mut told = Vec::new();
    let start = Instant::now();
    for (number, piece) in (0..).zip(pieces) {
        let now = start + apart * number;
        if bursts.is_over(now) {
            parser.leave_paste();
        }
        let mut batch = Batch::default();
        parser.feed(piece, &mut batch.keys);
        (batch.is_marked, batch.is_open) = (parser.take_marked(), parser.is_in_paste());
        if batch.is_marked || !batch.keys.is_empty() {
            let burst = bursts.judge(&batch, now, now);
            told.extend((!batch.keys.is_empty()).then_some((batch.keys, burst)));
        }
    }
    told
}

#[test]
fn a_marked_paste_is_one_wherever_the_network_cuts_it() {
    let whole = b"\x1b[200~ab\rs\x1b[201~";
    for cut in 1..whole.len() {
        let told = bursts_of(&[&whole[..cut], &whole[cut..]], Duration::from_millis(100));
        assert!(told.iter().all(|(_, burst)| *burst), "cut at {cut}: {told:?}");
        assert_eq!(told.iter().map(|(keys, _)| keys.len()).sum::<usize>(), 4, "cut at {cut}");
    }
}

#[test]
fn a_paste_whose_end_is_lost_makes_deaf_for_a_moment_only() {
    let told = bursts_of(&[b"\x1b[200~ab", b"s"], Duration::from_millis(399));
    assert!(told[1].1, "{told:?}");
    let told = bursts_of(&[b"\x1b[200~ab", b"s", b"s"], Duration::from_millis(400));
    assert_eq!((told[1].1, told[2].1), (false, false), "{told:?}");
    let told = bursts_of(&[b"\x1b[200~ab\x1b[201~", b"s"], Duration::from_millis(50));
    assert!(!told[1].1, "behind its end it is over as any burst: {told:?}");
}

#[test]
fn more_than_eight_text_keys_at_once_are_a_burst_and_movement_never_is() {
    let now = Instant::now();
    for (text, movement, burst) in
        [(1, 0, false), (8, 0, false), (9, 0, true), (8, 100, false), (0, 3000, false)]
    {
        assert_eq!(Bursts::default().judge(&batch(text, movement), now, now), burst, "{text} {movement}");
    }
}

#[test]
fn held_down_letters_that_move_are_no_burst() {
    let now = Instant::now();
    let judge = |keys: Vec<Key>| Bursts::default().judge(&Batch { keys, ..Batch::default() }, now, now);
    assert!(!judge(vec![Key::Char('j'); 40]));
    assert!(judge([vec![Key::Char('k'); 8], vec![Key::Char('x')]].concat()));
}

#[test]
fn a_burst_lasts_until_no_key_came_for_fifty_milliseconds() {
    let start = Instant::now();
    let at = |ms| start + Duration::from_millis(ms);
    let mut bursts = Bursts::default();
    assert!(bursts.judge(&batch(9, 0), at(0), at(10)));
    assert!(bursts.judge(&batch(1, 0), at(59), at(59)));
    assert!(bursts.judge(&batch(0, 1), at(108), at(108)));
    assert!(!bursts.judge(&batch(1, 0), at(158), at(158)));
    assert!(!bursts.judge(&batch(1, 0), at(160), at(160)));
}

/// What is read from a stream that holds `bytes` and then ends.
fn read_whole(bytes: &[u8]) -> (Vec<Key>, usize, End) {
    let (terminal, mut keyboard) = UnixStream::pair().unwrap();
    keyboard.write_all(bytes).unwrap();
    drop(keyboard);
    let (mut all, mut batches) = (Vec::new(), 0);
    let end = read_keys(&terminal, |input| {
        if let Input::Keys { keys, .. } = input {
            assert!(!keys.is_empty());
            all.extend(keys);
            batches += 1;
        }
        true
    });
    (all, batches, end)
}

#[test]
fn a_burst_of_three_thousand_bytes_arrives_whole_and_as_one() {
    let (keys, batches, end) = read_whole(&[b'x'; 3000]);
    assert_eq!((keys.len(), batches, end), (3000, 1, End::HangUp));
}

#[test]
fn a_stream_without_end_is_delivered_in_parts() {
    let (keys, batches, _) = read_whole(&vec![b'x'; 100_000]);
    assert_eq!(keys.len(), 100_000);
    assert!(batches > 1);
}

#[test]
fn an_escape_alone_is_decided_by_time_and_half_a_sequence_waits_for_the_rest() {
    let (terminal, mut keyboard) = UnixStream::pair().unwrap();
    let (said, heard) = mpsc::channel();
    let reading = std::thread::spawn(move || read_keys(&terminal, |input| said.send(input).is_ok()));
    let mut press = |bytes: &[u8]| keyboard.write_all(bytes).unwrap();
    let hear = || heard.recv_timeout(Duration::from_secs(15)).unwrap();
    let keys = |keys: &[Key]| Input::Keys { keys: keys.to_vec(), burst: false };

    press(b"\x1b");
    assert_eq!(hear(), keys(&[Key::Esc]));
    press(b"\x1b[1;");
    press(b"5A");
    assert_eq!(hear(), keys(&[Key::Up]));
    press(b"\xe6\xbc");
    press(b"\xa2");
    assert_eq!(hear(), keys(&[Key::Char('漢')]));
    // A string that never ends is given up in silence; what is pressed later is heard.
    press(b"\x1b]11;");
    assert!(heard.recv_timeout(REST).is_err());
    press(b"q");
    assert_eq!(hear(), keys(&[Key::Char('q')]));
    drop(keyboard);
    assert_eq!(reading.join().unwrap(), End::HangUp);
}

/// Longer than any half sequence is waited for.
const REST: Duration = Duration::from_millis(500);

#[test]
fn nobody_who_listens_ends_the_reading() {
    let (terminal, mut keyboard) = UnixStream::pair().unwrap();
    keyboard.write_all(b"q").unwrap();
    assert_eq!(read_keys(&terminal, |_| false), End::Unheard);
}
