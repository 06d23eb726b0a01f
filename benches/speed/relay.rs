//! A long line: what comes in goes out again half a round trip later, in each direction.
//!
//! The kernel makes the TCP connection of loopback at once. On a long line that is a round trip too: it is counted here, and added
//! to the times.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// From one end to the other and back.
pub const ROUND_TRIP: Duration = Duration::from_millis(100);

/// The line. It ends with the benchmark.
pub struct Relay {
    /// `127.0.0.1:PORT`.
    pub address: String,
    trips: Arc<Mutex<Trips>>,
}

/// What the client waited for.
#[derive(Default)]
pub struct Trips {
    /// The client has sent something that is not answered yet.
    is_open: bool,
    pub connections: usize,
    /// How often it sent something and had to wait for the answer.
    pub answers: usize,
}

impl Relay {
    pub fn start(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let trips = Arc::<Mutex<Trips>>::default();
        let (target, counted) = (target.to_owned(), Arc::clone(&trips));
        thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                counted.lock().expect("a count").connections += 1;
                let far = TcpStream::connect(&target).expect("the server");
                connect(&near, &far, &counted);
            }
        });
        Self { address, trips }
    }

    /// What was counted since the last call.
    pub fn take_trips(&self) -> Trips {
        std::mem::take(&mut *self.trips.lock().expect("a count"))
    }
}

fn connect(near: &TcpStream, far: &TcpStream, trips: &Arc<Mutex<Trips>>) {
    let clone = |stream: &TcpStream| {
        stream.set_nodelay(true).expect("a socket");
        stream.try_clone().expect("a socket")
    };
    let (asks, answers) = (Arc::clone(trips), Arc::clone(trips));
    let note_ask = move || asks.lock().expect("a count").is_open = true;
    let note_answer = move || {
        let mut trips = answers.lock().expect("a count");
        trips.answers += usize::from(std::mem::take(&mut trips.is_open));
    };
    carry(clone(near), clone(far), note_ask, || ());
    carry(clone(far), clone(near), || (), note_answer);
}

/// One direction: a thread that reads and notes when, and one that writes when it is time.
fn carry(
    mut from: TcpStream,
    mut to: TcpStream,
    note_read: impl Fn() + Send + 'static,
    note_write: impl Fn() + Send + 'static,
) {
    let (put, take) = channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        let mut bytes = [0; 16384];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            note_read();
            if put.send((Instant::now() + ROUND_TRIP / 2, bytes[..count].to_vec())).is_err() {
                return;
            }
        }
    });
    thread::spawn(move || {
        for (due, bytes) in take {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            note_write();
            if to.write_all(&bytes).is_err() {
                return;
            }
        }
        to.shutdown(Shutdown::Write).ok();
    });
}
