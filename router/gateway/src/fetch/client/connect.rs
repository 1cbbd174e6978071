//! Makes connections: the address looked up, TCP, and TLS where the address says so.

use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use hyper_rustls::{DefaultServerNameResolver, HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::{Connection as _, HttpConnector};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tower::ServiceExt as _;

use super::failure::{Failure, Reached};

/// Between two signs of life asked of the other side's TCP while a connection rests, and how many may fail.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
const KEEP_ALIVE_RETRIES: u32 = 3;
/// How long bytes may be under way without the other side's TCP saying that they came.
#[cfg(target_os = "linux")]
const UNACKNOWLEDGED_MAX: Duration = Duration::from_secs(30);

/// A connection, encrypted or not.
pub type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Makes connections to one origin.
#[derive(Clone, Debug)]
pub struct Connector {
    way: Way,
    time_max: Duration,
}

#[derive(Clone)]
enum Way {
    Plain(HttpConnector),
    Encrypted(HttpsConnector<HttpConnector>),
}

impl Connector {
    /// Encrypted where there is a configuration for it. The time is for all steps together.
    pub fn new(tls: Option<Arc<ClientConfig>>, time_max: Duration) -> Self {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_keepalive(Some(KEEP_ALIVE));
        http.set_keepalive_interval(Some(KEEP_ALIVE));
        http.set_keepalive_retries(Some(KEEP_ALIVE_RETRIES));
        #[cfg(target_os = "linux")]
        http.set_tcp_user_timeout(Some(UNACKNOWLEDGED_MAX));
        let way = match tls {
            Some(tls) => {
                let names = Arc::new(DefaultServerNameResolver::default());
                Way::Encrypted(HttpsConnector::new(http, tls, false, names))
            }
            None => Way::Plain(http),
        };
        Self { way, time_max }
    }

    /// Makes one.
    pub async fn connect(&self, to: Uri) -> Result<Stream, Failure> {
        let connecting = async {
            match self.way.clone() {
                Way::Plain(http) => {
                    let stream = http.oneshot(to).await.map_err(|error| Failure::no_connection(&error))?;
                    Ok(MaybeHttpsStream::Http(stream))
                }
                Way::Encrypted(https) => {
                    https.oneshot(to).await.map_err(|error| Failure::no_connection(error.as_ref()))
                }
            }
        };
        let too_slow = |_| Failure { text: "no connection was made in time".to_owned(), reached: Reached::Nobody };
        timeout(self.time_max, connecting).await.map_err(too_slow)?
    }
}

/// Whether both sides agreed on HTTP/2.
pub fn agreed_on_http2(stream: &Stream) -> bool {
    stream.connected().is_negotiated_h2()
}

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Plain(_) => "Plain",
            Self::Encrypted(_) => "Encrypted",
        })
    }
}
