//! A server in this process, whose connections are counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use executor::fetch::Idempotent;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use url::Url;

use crate::config::Http2;
use crate::fetch::client::failure::Failure;
use crate::fetch::client::tls::offered;
use crate::fetch::client::{Client, Rules, Target};

pub const RULES: Rules =
    Rules { connect_time_max: Duration::from_secs(2), rest_time_max: Duration::from_secs(60), resting_max: 8 };

/// A server that tells the version and path of each request.
#[derive(Clone)]
pub struct Server {
    pub url: Url,
    pub connections: Arc<AtomicUsize>,
    /// Of who is to trust it.
    pub roots: RootCertStore,
}

impl Server {
    pub async fn plain() -> Self {
        Self::start(None).await
    }

    /// Encrypted, for the name and address of this machine; it agrees on one of these versions.
    pub async fn encrypted(versions: &[&str]) -> Self {
        Self::start(Some(versions)).await
    }

    async fn start(versions: Option<&[&str]>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut roots = RootCertStore::empty();
        let acceptor = versions.map(|versions| {
            let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
            let certificate = made.cert.der().clone();
            roots.add(certificate.clone()).unwrap();
            let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
            let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
            let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
            let config = config.with_no_client_auth().with_single_cert(vec![certificate], key.into());
            let mut config = config.unwrap();
            config.alpn_protocols = versions.iter().map(|name| name.as_bytes().to_vec()).collect();
            TlsAcceptor::from(Arc::new(config))
        });
        let scheme = if versions.is_some() { "https" } else { "http" };
        let url = Url::parse(&format!("{scheme}://localhost:{port}/a%20b?c=%C3%A4#d")).unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                match acceptor.clone() {
                    None => drop(tokio::spawn(serve(stream))),
                    Some(acceptor) => drop(tokio::spawn(async move {
                        if let Ok(stream) = acceptor.accept(stream).await {
                            serve(stream).await;
                        }
                    })),
                }
            }
        });
        Self { url, connections, roots }
    }

    pub fn client(&self, http2: Http2, rules: Rules) -> Arc<Client> {
        let target = Target::new(&self.url).unwrap();
        let tls = target.is_encrypted().then(|| {
            let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
            let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
            let mut config = config.with_root_certificates(self.roots.clone()).with_no_client_auth();
            config.alpn_protocols = offered(http2);
            Arc::new(config)
        });
        Arc::new(Client::new(target, http2, rules, tls))
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
    let service = service_fn(|request: Request<Incoming>| async move {
        let (host, uri) = (request.headers().get("host").cloned(), request.uri().clone());
        let host = host.map(|host| host.to_str().unwrap().to_owned()).or(uri.authority().map(ToString::to_string));
        let path = uri.path_and_query().map_or("", |path| path.as_str());
        let told = format!("{:?} {} {path}", request.version(), host.unwrap_or_default());
        let body = request.into_body().collect().await?.to_bytes();
        Ok::<_, hyper::Error>(Response::new(Full::new(Bytes::from(format!("{told} {}", body.len())))))
    });
    let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
}

/// What the server told.
pub async fn ask(client: &Arc<Client>, url: &Url) -> Result<String, Failure> {
    let headers = || {
        let mut headers = HeaderMap::new();
        client.target.add_headers(url, &mut headers).unwrap();
        headers
    };
    let answer = client.post(headers, &Bytes::from_static(b"{}"), Idempotent::No).await?;
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    Ok(String::from_utf8(body.to_vec()).unwrap())
}
