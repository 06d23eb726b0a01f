//! Why a proxy refused a tunnel. hyper-util, which asks for tunnels, keeps no status but 407
//! (<https://docs.rs/hyper-util/0.1.21/src/hyper_util/client/legacy/connect/proxy/tunnel.rs.html>), so the proxy is asked
//! once more.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::credentials::BaseUrl;
use super::proxy::ProxyServer;

/// The most that is read of the proxy's answer, in bytes.
const MAX_HEAD_BYTES: usize = 256;

/// The status with which `proxy` refuses a tunnel to the host of `base_url`. `None` where it does not say within `limit`,
/// where it opens one now, or where the proxy itself speaks TLS. Nothing but host and port is sent to it.
pub(super) async fn ask_for_status(proxy: &ProxyServer, base_url: &BaseUrl, limit: Duration) -> Option<u16> {
    let head = tokio::time::timeout(limit, ask(proxy, base_url)).await.ok()??;
    parse_status(&head).filter(|status| !(200..300).contains(status))
}

async fn ask(proxy: &ProxyServer, base_url: &BaseUrl) -> Option<Vec<u8>> {
    if proxy.url().scheme() != "http" {
        return None;
    }
    // An IPv6 address stands in brackets in a URL, and in none here.
    let host = proxy.url().host_str()?.trim_matches(['[', ']']);
    let mut stream = TcpStream::connect((host, proxy.url().port_or_known_default()?)).await.ok()?;
    stream.write_all(connect_request(proxy, base_url)?.as_bytes()).await.ok()?;
    let mut head = Vec::new();
    while !head.contains(&b'\n') && head.len() < MAX_HEAD_BYTES {
        let count = stream.read_buf(&mut head).await.ok()?;
        if count == 0 {
            break;
        }
    }
    Some(head)
}

fn connect_request(proxy: &ProxyServer, base_url: &BaseUrl) -> Option<String> {
    let url = base_url.configuration_url();
    let target = format!("{}:{}", url.host_str()?, url.port_or_known_default()?);
    let authorization = proxy.authorization().map(|value| format!("Proxy-Authorization: {value}\r\n"));
    let authorization = authorization.unwrap_or_default();
    Some(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{authorization}\r\n"))
}

/// The status in the first line of an answer.
fn parse_status(head: &[u8]) -> Option<u16> {
    let line = head.split(|byte| *byte == b'\n').next()?;
    let mut words = std::str::from_utf8(line).ok()?.split_ascii_whitespace();
    words.next().filter(|version| version.starts_with("HTTP/1."))?;
    words.next()?.parse().ok().filter(|status| (100..600).contains(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_the_second_word_of_the_first_line() {
        for (head, expected) in [
            ("HTTP/1.1 403 Forbidden\r\nx: y\r\n", Some(403)),
            ("HTTP/1.0 407\r\n", Some(407)),
            ("HTTP/1.1 99 \r\n", None),
            ("HTTP/1.1 Forbidden\r\n", None),
            ("SSH-2.0-OpenSSH 403\r\n", None),
            ("", None),
        ] {
            assert_eq!(parse_status(head.as_bytes()), expected, "{head:?}");
        }
    }
}
