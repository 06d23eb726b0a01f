use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::sync::mpsc;

use super::*;

/// The inputs that are read when these pieces arrive at once, one after the other.
fn read_pieces(pieces: &[&[u8]]) -> Vec<TerminalInput> {
    let (mut decoder, now) = (KeyDecoder::default(), Instant::now());
    let mut inputs = Vec::new();
    for piece in pieces {
        let mut batch = InputBatch::default();
        decoder.parser.feed(piece, &mut batch);
        inputs.extend(decoder.end_batch(batch, now, now));
    }
    inputs
}

fn pasted(text: &str) -> TerminalInput {
    TerminalInput::Pasted(text.to_owned())
}

#[test]
fn a_paste_that_the_terminal_marks_is_one_however_short_and_the_key_before_it_is_typed() {
    let typed = TerminalInput::Keys { keys: vec![Key::Char('j')], burst: false };
    for text in ["", "s", "yes\rno s"] {
        let bytes = format!("j\x1b[200~{text}\x1b[201~");
        let wanted = [typed.clone(), pasted(&text.replace('\r', ""))];
        assert_eq!(read_pieces(&[bytes.as_bytes()]), wanted, "{text:?}");
    }
}

#[test]
fn keys_behind_an_end_mark_that_stands_in_pasted_text_are_not_typed() {
    let inputs = read_pieces(&[b"\x1b[200~a\x1b[201~ s\x1b[201~"]);
    let keys = vec![Key::Char(' '), Key::Char('s')];
    assert_eq!(inputs, [pasted("a"), TerminalInput::Keys { keys, burst: true }]);
    // A key that comes later is one.
    let inputs = read_pieces(&[b"\x1b[200~a\x1b[201~", b"s"]);
    assert_eq!(inputs, [pasted("a"), TerminalInput::Keys { keys: vec![Key::Char('s')], burst: false }]);
}

#[test]
fn a_marked_paste_is_one_wherever_the_network_cuts_it() {
    let whole = b"\x1b[200~ab\rs\x1b[201~";
    for cut in 1..whole.len() {
        let inputs = read_pieces(&[&whole[..cut], &whole[cut..]]);
        let texts = inputs.iter().map(|input| match input {
            TerminalInput::Pasted(text) => text.as_str(),
            _ => panic!("cut at {cut}: {inputs:?}"),
        });
        assert_eq!(texts.collect::<String>(), "abs", "cut at {cut}");
    }
}

#[test]
fn a_paste_whose_end_mark_is_lost_ends_after_a_second_without_a_byte() {
    let (terminal, mut keyboard) = UnixStream::pair().unwrap();
    let (_control, orders) = control_pair().unwrap();
    let (sender, received) = mpsc::channel();
    let reading =
        std::thread::spawn(move || read_keys(&terminal, &orders, |input| sender.send(input).is_ok()));
    keyboard.write_all(b"\x1b[200~ab").unwrap();
    let begun = Instant::now();
    assert_eq!(received.recv().unwrap(), pasted("ab"));
    // Each key that still belongs to the paste makes it last another second.
    loop {
        keyboard.write_all(b"s").unwrap();
        match received.recv().unwrap() {
            TerminalInput::Pasted(text) => assert_eq!(text, "s"),
            typed => {
                break assert_eq!(typed, TerminalInput::Keys { keys: vec![Key::Char('s')], burst: false });
            }
        }
        assert!(received.recv_timeout(Duration::from_millis(1100)).is_err());
    }
    assert!(begun.elapsed() >= Duration::from_secs(1));
    drop(keyboard);
    assert_eq!(reading.join().unwrap(), ReadingEnd::HangUp);
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
