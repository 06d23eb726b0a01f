//! What the commands cost: requests, and processor time beside curl's for the same calls.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::{TimeVal, TimeValLike as _};

use crate::Bench;
use crate::secure::{PATH, Secure};
use crate::stage::Spent;
use crate::support::cli::{Home, Server};
use crate::table::{Row, Table, median, milliseconds};
use crate::tools;

/// Each call is made so often, in turn with curl's.
const ROUNDS: usize = 20;
/// What `set --active` sends.
const BODY: &str = r#"{"conv_rating_active":true,"conv_rating_popup_active":true}"#;

pub fn measure(_: &Bench, table: &mut Table) {
    count_requests(table);
    compare_with_curl(table);
}

fn count_requests(table: &mut Table) {
    let (home, server) = (Home::new(), Server::start());
    for (arguments, budget) in [(&["get"][..], 1.0), (&["set", "--active", "on"], 2.0)] {
        let before = server.hooks.requests().len();
        assert_eq!(home.run(arguments, &server.variables("acme")).code, 0);
        let what = format!("requests of {}", arguments.join(" "));
        table.add(Row::count(&what, server.hooks.requests().len() - before, "").budget(budget));
    }
}

/// Both over TLS with all roots of the system, as a user has them: most of curl's time is reading them.
fn compare_with_curl(table: &mut Table) {
    let Some(curl) = tools::find("curl") else { return Table::miss("get and set beside curl's", "curl") };
    let secure = Secure::start("commands");
    let all = secure.write_all_roots();
    let note =
        if all.is_some() { "all roots of the system" } else { "one root: the system has no such file" };
    let (home, roots) = (Home::new(), all.unwrap_or_else(|| secure.root.clone()));
    let asking = Curl { path: curl, roots: roots.clone(), secure: &secure };
    for (name, is_set) in [("get", false), ("set", true)] {
        let pairs = (0..ROUNDS).map(|round| {
            let value = ["on", "off"][round % 2];
            let arguments: &[&str] = if is_set { &["set", "--active", value] } else { &["get"] };
            let mut ours = secure.command(&home, arguments, &secure.url());
            let ours = spend(ours.env("SSL_CERT_FILE", &roots));
            (ours, spend(&mut asking.call(is_set)))
        });
        let pairs: Vec<_> = pairs.collect();
        for (kind, pick, budget) in
            [("CPU", (|spent| spent.cpu) as fn(&Spent) -> Duration, 0.12), ("time", |spent| spent.wall, 0.15)]
        {
            let middle = |pick: &dyn Fn(&(Spent, Spent)) -> f64| median(pairs.iter().map(pick));
            let ratio = middle(&|(ours, other)| pick(ours).as_secs_f64() / pick(other).as_secs_f64());
            let ours = middle(&|(ours, _)| milliseconds(pick(ours)));
            let other = middle(&|(_, other)| milliseconds(pick(other)));
            let row = Row::time(&format!("{name} beside curl's same calls over TLS, {kind}"), ratio, "x");
            table.add(row.budget(budget).note(format!("{ours:.1} ms : {other:.1} ms, {note}")));
        }
    }
}

/// curl on the same server.
struct Curl<'a> {
    path: PathBuf,
    roots: PathBuf,
    secure: &'a Secure,
}

impl Curl<'_> {
    /// The GET; and a PATCH on the same connection, which changes nothing.
    fn call(&self, is_set: bool) -> Command {
        let url = self.secure.url() + PATH;
        let token = format!("Authorization: Bearer {}", self.secure.server.token("acme"));
        let mut command = Command::new(&self.path);
        command.args(["--silent", "--show-error", "--fail", "--header", &token, "--cacert"]).arg(&self.roots);
        command.arg(&url);
        if is_set {
            command.args(["--next", "--silent", "--show-error", "--fail", "--header", &token, "--cacert"]);
            command.arg(&self.roots).args([
                "--request",
                "PATCH",
                "--header",
                "Content-Type: application/json",
            ]);
            command.args(["--data", BODY, &url]);
        }
        command.stdout(Stdio::null());
        command
    }
}

/// Runs it to its end. No other child of the benchmark may end meanwhile.
pub fn spend(command: &mut Command) -> Spent {
    let (begun, before) = (Instant::now(), children_cpu());
    assert!(command.status().expect("it starts").success(), "{command:?}");
    Spent { wall: begun.elapsed(), cpu: children_cpu().saturating_sub(before) }
}

/// Processor time of all children that have ended.
pub fn children_cpu() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("our own usage");
    let [user, system] = [usage.user_time(), usage.system_time()].map(to_duration);
    user + system
}

fn to_duration(time: TimeVal) -> Duration {
    Duration::from_micros(u64::try_from(time.num_microseconds()).unwrap_or_default())
}
