use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::sync::mpsc;

use super::*;

#[test]
fn a_paste_that_the_terminal_marks_is_one_however_short() {
    let (terminal, mut keyboard) = UnixStream::pair().unwrap();
    keyboard.write_all(b"\x1b[200~s\x1b[201~").unwrap();
    drop(keyboard);
    let mut bursts = Vec::new();
    let (_control, orders) = control_pair().unwrap();
    read_keys(&terminal, &orders, |input| {
        bursts.extend(matches!(input, TerminalInput::Keys { burst: true, .. }).then_some(()));
        true
    });
    assert_eq!(bursts.len(), 1);
}

/// The batches that are read when these pieces arrive `apart` from one another, each with whether it is a burst.
fn read_bursts(pieces: &[&[u8]], apart: Duration) -> Vec<(Vec<Key>, bool)> {
    let mut decoder = KeyDecoder::default();
    let start = Instant::now();
    let inputs = (0..).zip(pieces).filter_map(|(number, piece)| {
        let now = start + apart * number;
        decoder.begin_batch(now);
        let mut keys = Vec::new();
        decoder.parser.feed(piece, &mut keys);
        decoder.end_batch(keys, now, now)
    });
    let batch = |input| match input {
        TerminalInput::Keys { keys, burst } => (keys, burst),
        TerminalInput::Ended => panic!("no batch ends the input"),
    };
    inputs.map(batch).collect()
}

#[test]
fn a_marked_paste_is_one_wherever_the_network_cuts_it() {
    let whole = b"\x1b[200~ab\rs\x1b[201~";
    for cut in 1..whole.len() {
        let batches = read_bursts(&[&whole[..cut], &whole[cut..]], Duration::from_millis(100));
        assert!(batches.iter().all(|(_, burst)| *burst), "cut at {cut}: {batches:?}");
        assert_eq!(batches.iter().map(|(keys, _)| keys.len()).sum::<usize>(), 4, "cut at {cut}");
    }
}

#[test]
fn a_paste_whose_end_mark_is_lost_ends_after_four_hundred_milliseconds() {
    let batches = read_bursts(&[b"\x1b[200~ab", b"s"], Duration::from_millis(399));
    assert!(batches[1].1, "{batches:?}");
    let batches = read_bursts(&[b"\x1b[200~ab", b"s", b"s"], Duration::from_millis(400));
    assert_eq!((batches[1].1, batches[2].1), (false, false), "{batches:?}");
    let batches = read_bursts(&[b"\x1b[200~ab\x1b[201~", b"s"], Duration::from_millis(50));
    assert!(!batches[1].1, "after its end mark it is over as any burst is: {batches:?}");
}

/// The keys and the number of batches that are read from a stream which holds `bytes` and then ends, and why it ended.
fn read_whole(bytes: &[u8]) -> (Vec<Key>, usize, ReadingEnd) {
    let (terminal, mut keyboard) = UnixStream::pair().unwrap();
    keyboard.write_all(bytes).unwrap();
    drop(keyboard);
    let (mut all, mut batches) = (Vec::new(), 0);
    let (_control, orders) = control_pair().unwrap();
    let end = read_keys(&terminal, &orders, |input| {
        if let TerminalInput::Keys { keys, .. } = input {
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
    assert_eq!((keys.len(), batches, end), (3000, 1, ReadingEnd::HangUp));
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
    let (sender, received) = mpsc::channel();
    let (_control, orders) = control_pair().unwrap();
    let reading =
        std::thread::spawn(move || read_keys(&terminal, &orders, |input| sender.send(input).is_ok()));
    let mut press = |bytes: &[u8]| keyboard.write_all(bytes).unwrap();
    let next = || received.recv_timeout(Duration::from_secs(15)).unwrap();
    let keys = |keys: &[Key]| TerminalInput::Keys { keys: keys.to_vec(), burst: false };

    press(b"\x1b");
    assert_eq!(next(), keys(&[Key::Esc]));
    press(b"\x1b[1;");
    press(b"5A");
    assert_eq!(next(), keys(&[Key::Up]));
    press(b"\xe6\xbc");
    press(b"\xa2");
    assert_eq!(next(), keys(&[Key::Char('漢')]));
    // A control string without an end is dropped, and types nothing. A key that is pressed later is read.
    press(b"\x1b]11;");
    assert!(received.recv_timeout(REST).is_err());
    press(b"q");
    assert_eq!(next(), keys(&[Key::Char('q')]));
    drop(keyboard);
    assert_eq!(reading.join().unwrap(), ReadingEnd::HangUp);
}

/// Longer than the parser waits for the rest of a sequence.
const REST: Duration = Duration::from_millis(500);

#[test]
fn reading_ends_when_the_loop_no_longer_receives() {
    let (terminal, mut keyboard) = UnixStream::pair().unwrap();
    keyboard.write_all(b"q").unwrap();
    let (_control, orders) = control_pair().unwrap();
    assert_eq!(read_keys(&terminal, &orders, |_| false), ReadingEnd::NoReceiver);
}

#[test]
fn a_reader_that_pauses_leaves_every_key_to_others_until_it_may_read_again() {
    let (terminal, mut keyboard) = UnixStream::pair().unwrap();
    let other = terminal.try_clone().unwrap();
    let (control, orders) = control_pair().unwrap();
    let (sender, inputs) = mpsc::channel();
    let reading =
        std::thread::spawn(move || read_keys(&terminal, &orders, |input| sender.send(input).is_ok()));
    for _ in 0..100 {
        assert!(control.pause(), "the reader says that it pauses");
        keyboard.write_all(b"secret").unwrap();
        let mut bytes = [0; 6];
        std::io::Read::read_exact(&mut &other, &mut bytes).unwrap();
        assert_eq!(&bytes, b"secret");
        control.resume();
    }
    keyboard.write_all(b"k").unwrap();
    let keys = TerminalInput::Keys { keys: vec![Key::Char('k')], burst: false };
    assert_eq!(inputs.recv().unwrap(), keys, "the first key that the reader read");
    drop(control);
    assert_eq!(reading.join().unwrap(), ReadingEnd::NoReceiver, "without its control it ends");
}
