//! `c` in the request view: a command on the terminal's clipboard, and no token in it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::bytes::{assert_own, clipboard};
use super::host::Host;
use super::screens::walk;
use crate::support::configuration::rating_body;
use crate::support::pty::Exit;

#[test]
fn c_sends_a_curl_command_to_the_clipboard_that_reads_the_token_from_a_variable() {
    let host = Host::start();
    let pty = host.open();
    let sent = "The command was sent to your terminal; it may not allow it.";
    walk(&pty, &[(" ", "1 unsaved change"), ("v", "s reads again"), ("c", sent)]);
    walk(&pty, &[("\x03", "Quit without saving"), ("n", "")]);
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    let (copied, rest) = clipboard(&pty.raw_output());
    let [copied] = &copied[..] else { panic!("one text: {copied:?}") };
    let command = String::from_utf8(STANDARD.decode(copied).unwrap()).unwrap();
    let expected = format!(
        ": 'no profile, agent demoagent1'\n\
         : \"${{QUICKCHAT_API_TOKEN:?holds no token}}\" && \
         printf 'Authorization: Bearer %s\\n' \"$QUICKCHAT_API_TOKEN\" | \
         curl -g -X PATCH -H @- -H 'Content-Type: application/json' \
         '{}/v1/api/conversation_ratings/configuration' --data-raw '{}'",
        host.url,
        rating_body(true)
    );
    assert_eq!(command, expected);
    assert!(!command.contains(host.token("acme")));
    assert_own(&rest);
}
