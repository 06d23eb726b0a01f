//! The HTTP client, and what it makes of an answer.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{
    ACCEPT, AGE, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, DATE, HeaderName, HeaderValue, LOCATION,
    RETRY_AFTER, SERVER,
};
use reqwest::{Request, Response, StatusCode};
use tokio::sync::OnceCell;
use url::Url;

use super::credentials::{BaseUrl, Token};
use super::failure::{self, Sending};
use super::network::NetworkVariables;
use super::proxy::Route;
use super::refusal::parse_refusal;
use super::request_log::{HttpMethod, LogEntry, RequestLog};
use super::timing::Timing;
use super::trust::{load_roots, name_source};
use super::tunnel::ask_for_status;
use crate::save::{CallError, Refusal, RetryAfter};
use crate::settings::{Patch, Settings, ShapeError};
use crate::visible::excerpt;

/// The most that is read of an answer, in bytes.
pub const MAX_BODY_BYTES: usize = 256 * 1024;

/// How many connections to one host are kept.
const MAX_CONNECTIONS: usize = 8;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");

/// What is asked of the server.
enum Exchange {
    Read {
        /// The answer of a cache does not count.
        needs_fresh: bool,
    },
    Change {
        body: String,
        /// On a connection of its own.
        is_alone: bool,
    },
}

impl Exchange {
    fn method(&self) -> HttpMethod {
        match self {
            Self::Read { .. } => HttpMethod::Get,
            Self::Change { .. } => HttpMethod::Patch,
        }
    }
}

/// The way to one agent's configuration. Making it costs no time: TLS is set up by the first request. A clone uses the same
/// connections.
#[derive(Clone)]
pub struct Client {
    base_url: BaseUrl,
    token: Token,
    timing: Timing,
    log: RequestLog,
    network: NetworkVariables,
    /// Shared by clients that stand beside each other, so that TLS is set up once.
    http: Arc<OnceCell<reqwest::Client>>,
}

impl Client {
    /// A client that speaks to `base_url` with `token` and tells `log` of each request. It uses no proxy, and trusts what the
    /// platform trusts.
    pub fn new(base_url: BaseUrl, token: Token, timing: Timing, log: RequestLog) -> Self {
        Self { base_url, token, timing, log, network: NetworkVariables::default(), http: Arc::default() }
    }

    /// The same client, on the way and with the trusted certificates that `network` names.
    #[must_use]
    pub fn with_network(self, network: NetworkVariables) -> Self {
        Self { network, http: Arc::default(), ..self }
    }

    /// A client for another token at the same place, on the same connections.
    #[must_use]
    pub fn beside(&self, token: Token, log: RequestLog) -> Self {
        let (base_url, timing, network) = (self.base_url.clone(), self.timing.clone(), self.network.clone());
        Self { base_url, token, timing, log, network, http: Arc::clone(&self.http) }
    }

    /// Where it speaks to.
    pub fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// How long it waits.
    pub fn timing(&self) -> &Timing {
        &self.timing
    }

    /// Reads the configuration: one GET. `attempt` goes into the log.
    ///
    /// # Errors
    /// A [`CallError`] for everything but a whole, well-formed configuration.
    pub async fn read(&self, attempt: usize) -> Result<Settings, CallError> {
        self.call(Exchange::Read { needs_fresh: false }, attempt).await
    }

    /// Reads the configuration as evidence of what the server holds now: the answer of a cache does not count.
    ///
    /// # Errors
    /// As [`Client::read`], and [`CallError::Cached`].
    pub(crate) async fn read_fresh(&self, attempt: usize) -> Result<Settings, CallError> {
        self.call(Exchange::Read { needs_fresh: true }, attempt).await
    }

    /// Reads the configuration, with up to three tries where another one may help. `on_retry` gets each failure that is
    /// tried again, and the number of the next try.
    ///
    /// # Errors
    /// The last try's.
    pub(crate) async fn read_patiently(
        &self,
        mut on_retry: impl FnMut(usize, &CallError),
    ) -> Result<Settings, CallError> {
        let mut attempt = 1;
        loop {
            let error = match self.read(attempt).await {
                Ok(settings) => return Ok(settings),
                Err(error) => error,
            };
            let Some(pause) = self.timing.pause_before_reading_again(attempt, &error) else {
                return Err(error);
            };
            attempt += 1;
            on_retry(attempt, &error);
            tokio::time::sleep(pause.pick()).await;
        }
    }

    /// Changes the configuration: one PATCH, never repeated here. Only the driver of a save calls this. With `is_alone` the
    /// PATCH gets a connection of its own, which no request has used before.
    pub(super) async fn patch(
        &self,
        patch: &Patch,
        attempt: usize,
        is_alone: bool,
    ) -> Result<Settings, CallError> {
        self.call(Exchange::Change { body: patch.to_json(), is_alone }, attempt).await
    }

    async fn call(&self, exchange: Exchange, attempt: usize) -> Result<Settings, CallError> {
        let entry = LogEntry::open(&self.log, exchange.method(), attempt);
        let answer = self.exchange(exchange).await;
        let status = match &answer {
            Ok((status, _)) => Some(*status),
            Err(error) => error.status(),
        };
        let result = answer.and_then(|(_, settings)| settings);
        entry.close(status, result.as_ref().err().map(ToString::to_string));
        result
    }

    /// Sends one request and reads its answer: the status with what its body says, or how the call failed.
    async fn exchange(&self, exchange: Exchange) -> Result<(u16, Result<Settings, CallError>), CallError> {
        // The answer of a cache to a PATCH would say nothing of the server, either.
        let needs_fresh = !matches!(exchange, Exchange::Read { needs_fresh: false });
        let route = Route::find(&self.network, &self.base_url)
            .map_err(|fault| CallError::SetUp { reason: fault.to_string() })?;
        let http = self.http_client(&exchange, &route).await?;
        let (request, bound) = self.build_request(&http, exchange)?;
        let sending = Sending { route: &route, connect: self.timing.connect, bound };
        let mut response = match http.execute(request).await {
            Ok(response) => response,
            Err(error) => return Err(self.explain(&error, &sending).await),
        };
        let status = response.status();
        if status.is_redirection() {
            return Err(redirect(&response));
        }
        let body = body(&mut response).await.map_err(|e| match e {
            BodyError::TooLarge => CallError::TooLarge,
            BodyError::Failed(e) => failure::from_call_error(&e, &sending, true),
        });
        match status {
            StatusCode::OK if needs_fresh => {
                Ok((200, refuse_cached(&response).and(body).and_then(|body| settings(&response, &body))))
            }
            StatusCode::OK => Ok((200, body.and_then(|body| settings(&response, &body)))),
            _ if status.as_u16() >= 400 => {
                // The status says enough: a body that breaks off takes nothing away from it.
                let refusal = refusal(&response, &body.unwrap_or_default());
                Ok((status.as_u16(), Err(CallError::Refused(refusal))))
            }
            _ => Err(CallError::NoContent { status: status.as_u16() }),
        }
    }

    /// The HTTP client that a request goes over: the shared one, or one whose connections are all new.
    async fn http_client(&self, exchange: &Exchange, route: &Route) -> Result<reqwest::Client, CallError> {
        let prepared = || prepare(&self.base_url, &self.timing, &self.network, route);
        if matches!(exchange, Exchange::Change { is_alone: true, .. }) {
            return prepared().await;
        }
        self.http.get_or_try_init(prepared).await.cloned()
    }

    /// The request, and how long its answer may take.
    fn build_request(
        &self,
        http: &reqwest::Client,
        exchange: Exchange,
    ) -> Result<(Request, Duration), CallError> {
        let url = self.base_url.configuration_url();
        let (builder, bound) = match exchange {
            Exchange::Read { .. } => (http.get(url).header(CACHE_CONTROL, NO_CACHE), self.timing.read),
            Exchange::Change { body, .. } => {
                (http.patch(url).header(CONTENT_TYPE, JSON).body(body), self.timing.patch)
            }
        };
        let request =
            builder.timeout(bound).header(ACCEPT, JSON).header(AUTHORIZATION, self.authorization()?).build();
        let request = request.map_err(|e| CallError::SetUp { reason: failure::describe(&e) })?;
        Ok((request, bound))
    }

    /// Why a request was not answered. A proxy that refused without a word is asked for the status of its refusal.
    async fn explain(&self, error: &reqwest::Error, sending: &Sending<'_>) -> CallError {
        let explained = failure::from_call_error(error, sending, false);
        let (CallError::ProxyRefused { status: None, .. }, Some(server)) =
            (&explained, sending.route.proxy())
        else {
            return explained;
        };
        let status = ask_for_status(server, &self.base_url, self.timing.connect).await;
        CallError::ProxyRefused { proxy: server.to_string(), status }
    }

    fn authorization(&self) -> Result<HeaderValue, CallError> {
        let value = HeaderValue::try_from(format!("Bearer {}", self.token.expose()));
        let mut value =
            value.map_err(|_| CallError::SetUp { reason: "the token fits no header".to_owned() })?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// The HTTP client. For TLS the trusted certificates are read, which are files, and a file may not answer: that is done on a
/// thread of its own, and waited for no longer than for a connection.
async fn prepare(
    base_url: &BaseUrl,
    timing: &Timing,
    network: &NetworkVariables,
    route: &Route,
) -> Result<reqwest::Client, CallError> {
    let builder = route_builder(builder(timing), base_url, route)?;
    if !base_url.is_https() {
        // No certificate is read for a connection that has no TLS.
        return build(builder.tls_certs_only([]));
    }
    let own = network.clone();
    let making =
        tokio::task::spawn_blocking(move || build(builder.tls_backend_preconfigured(tls_config(&own)?)));
    match tokio::time::timeout(timing.connect, making).await {
        Ok(Ok(made)) => made,
        Ok(Err(error)) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Ok(Err(_)) | Err(_) => {
            let (source, limit) = (name_source(network), timing.connect.as_secs_f64());
            Err(CallError::SetUp { reason: format!("{source} could not be read within {limit} s") })
        }
    }
}

/// HTTP/1.1 on one kept connection, and nothing that is done behind the caller's back.
fn builder(timing: &Timing) -> reqwest::ClientBuilder {
    // A second call finds the first one's provider in place: the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .user_agent(concat!("convrating/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .connect_timeout(timing.connect)
        // No timer wakes for a connection that rests.
        .pool_idle_timeout(None)
        // One client uses one connection; those beside it in a list of many profiles use as many as run at a time.
        .pool_max_idle_per_host(MAX_CONNECTIONS)
}

/// The way that requests take: to this machine, whatever a resolver says of its name, or through a proxy.
fn route_builder(
    builder: reqwest::ClientBuilder,
    base_url: &BaseUrl,
    route: &Route,
) -> Result<reqwest::ClientBuilder, CallError> {
    if base_url.is_loopback() {
        let addresses =
            [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), SocketAddr::from((Ipv6Addr::LOCALHOST, 0))];
        let url = base_url.configuration_url();
        return Ok(builder.resolve_to_addrs(url.host_str().unwrap_or_default(), &addresses));
    }
    let Some(server) = route.proxy() else { return Ok(builder) };
    let proxy = reqwest::Proxy::https(server.url().clone())
        .map_err(|_| CallError::SetUp { reason: format!("{server} is no proxy") })?;
    Ok(builder.proxy(proxy))
}

/// TLS 1.2 and 1.3 with the trusted certificates.
fn tls_config(network: &NetworkVariables) -> Result<rustls::ClientConfig, CallError> {
    let roots = load_roots(network).map_err(|fault| CallError::SetUp { reason: fault.to_string() })?;
    let mut config = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn build(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, CallError> {
    builder.build().map_err(|error| CallError::SetUp { reason: failure::describe(&error) })
}

/// Why a body was not read.
enum BodyError {
    TooLarge,
    Failed(reqwest::Error),
}

/// The whole body, unless it says or shows that it is larger than the cap.
async fn body(response: &mut Response) -> Result<Vec<u8>, BodyError> {
    let announced = response.content_length().unwrap_or(0);
    if announced > MAX_BODY_BYTES as u64 {
        return Err(BodyError::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(BodyError::Failed)? {
        if body.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(BodyError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What a 200 says.
fn settings(response: &Response, body: &[u8]) -> Result<Settings, CallError> {
    if body.is_empty() {
        return Err(CallError::NoContent { status: response.status().as_u16() });
    }
    Settings::from_json(body).map_err(|error| match error {
        ShapeError::NotJson => CallError::NotJson { content_type: content_type(response) },
        error => CallError::Shape(error),
    })
}

fn content_type(response: &Response) -> Option<String> {
    let value = response.headers().get(CONTENT_TYPE)?;
    let text = String::from_utf8_lossy(value.as_bytes());
    Some(excerpt(text.split(';').next().unwrap_or_default().trim(), 60))
}

/// What an answer with an error status says.
fn refusal(response: &Response, body: &[u8]) -> Refusal {
    let retry_after = header(response, RETRY_AFTER)
        .map_or(RetryAfter::Missing, |value| RetryAfter::parse(&value, answered_at(response)));
    parse_refusal(response.status().as_u16(), header(response, SERVER).as_deref(), body, retry_after)
}

/// The text of a header.
fn header(response: &Response, name: HeaderName) -> Option<String> {
    response.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Refuses the answer of a cache, which says nothing of what the server holds now.
fn refuse_cached(response: &Response) -> Result<(), CallError> {
    let age = header(response, AGE).and_then(|age| age.trim().parse().ok()).unwrap_or(0);
    if age == 0 { Ok(()) } else { Err(CallError::Cached { age }) }
}

/// When the answer was made by its own clock; by this machine's where it does not say.
fn answered_at(response: &Response) -> SystemTime {
    let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
    date.and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or_else(SystemTime::now)
}

/// The host that a redirect points to; the answering host for a relative one.
fn redirect(response: &Response) -> CallError {
    let location = response.headers().get(LOCATION).map(HeaderValue::as_bytes).unwrap_or_default();
    let target = response.url().join(&String::from_utf8_lossy(location)).ok();
    let host = target.as_ref().and_then(Url::host_str).unwrap_or("an unreadable address");
    CallError::Redirect { host: excerpt(host, 100), status: response.status().as_u16() }
}
