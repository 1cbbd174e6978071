//! What arrives on a raw connection: odd, broken and hostile bytes each get one clear answer, and the next client is served.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::testing::{Canned, Nothing, supergraph};
use crate::{Config, Gateway};

pub(super) const QUERY: &str = r#"{"query":"{ user(id: 1) { name } }"}"#;
pub(super) const ADA: &str = r#"{"data":{"user":{"name":"Ada"}}}"#;

pub(super) struct Served {
    pub address: SocketAddr,
    subgraphs: Arc<Canned>,
    shutdown: CancellationToken,
    task: JoinHandle<()>,
}

impl Served {
    pub async fn start(mut config: Config, subgraphs: Canned) -> Self {
        // Connections that rest are soon closed, so that whatever was sent on them has been answered by then.
        config.server.header_read_timeout_ms = 300;
        let subgraphs = Arc::new(subgraphs);
        let gateway = Gateway::new(config, supergraph(), Arc::clone(&subgraphs) as _, Arc::new(Nothing)).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, shutdown) = (listener.local_addr().unwrap(), CancellationToken::new());
        let stop = shutdown.clone();
        let task = tokio::spawn(async move { gateway.serve(listener, stop).await });
        Self { address, subgraphs, shutdown, task }
    }

    /// All that comes back until the connection is closed.
    pub async fn exchange(&self, sent: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let mut received = Vec::new();
        let exchange = async {
            // What is refused early may be closed before all of it is written.
            let _ = stream.write_all(sent).await;
            let _ = stream.read_to_end(&mut received).await;
        };
        tokio::time::timeout(Duration::from_secs(10), exchange).await.expect("the connection ends");
        String::from_utf8_lossy(&received).into_owned()
    }

    pub async fn stop(self) {
        self.shutdown.cancel();
        self.task.await.unwrap();
    }
}

pub(super) fn post(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

pub(super) fn head(line: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("{line}\r\nhost: x\r\ncontent-type: application/json\r\n{headers}\r\n{body}").into_bytes()
}

pub(super) fn statuses(received: &str) -> Vec<&str> {
    let marks = received.match_indices("HTTP/1.").map(|(at, _)| &received[at..]);
    marks.filter_map(|rest| rest.get(9..12)).collect()
}

#[tokio::test]
async fn odd_requests_are_served() {
    let served = Served::start(Config::default(), Canned::default()).await;
    let length = QUERY.len();
    let (first, second) = QUERY.split_at(10);
    let chunked =
        format!("{:x}\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\nx-trailer: 1\r\n\r\n", first.len(), second.len());
    let rows: [(&str, Vec<u8>, usize); 6] = [
        ("HTTP/1.0", head("POST /graphql HTTP/1.0", &format!("content-length: {length}\r\n"), QUERY), 1),
        ("pipelined", [post(QUERY.as_bytes()), post(QUERY.as_bytes()), post(QUERY.as_bytes())].concat(), 3),
        ("chunked, with a trailer", head("POST /graphql HTTP/1.1", "transfer-encoding: chunked\r\n", &chunked), 1),
        (
            "an absolute URL",
            head("POST http://other/graphql HTTP/1.1", &format!("content-length: {length}\r\n"), QUERY),
            1,
        ),
        (
            "an upgrade that is not for us",
            head(
                "POST /graphql HTTP/1.1",
                &format!("connection: upgrade\r\nupgrade: websocket\r\ncontent-length: {length}\r\n"),
                QUERY,
            ),
            1,
        ),
        ("lines before the request", [b"\r\n\r\n".to_vec(), post(QUERY.as_bytes())].concat(), 1),
    ];
    for (name, sent, answers) in rows {
        let received = served.exchange(&sent).await;
        assert_eq!(statuses(&received), vec!["200"; answers], "{name}: {received}");
        assert_eq!(received.matches(ADA).count(), answers, "{name}: {received}");
    }
    served.stop().await;
}

#[tokio::test]
async fn broken_requests_are_refused_once_and_reach_no_subgraph() {
    let served = Served::start(Config::default(), Canned::default()).await;
    let length = QUERY.len();
    let many: String = (0..200).map(|n| format!("x-{n}: 1\r\n")).collect();
    let both = format!("content-length: {length}\r\ntransfer-encoding: chunked\r\n");
    let differing = format!("content-length: {length}\r\ncontent-length: {}\r\n", length + 1);
    let rows: [(&str, Vec<u8>, &[&str]); 12] = [
        ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec(), &["400"]),
        ("a huge header", head("GET / HTTP/1.1", &format!("x: {}\r\n", "y".repeat(200_000)), ""), &["431"]),
        ("many headers", head("GET / HTTP/1.1", &many, ""), &["431"]),
        ("NUL in a header", head("GET /graphql HTTP/1.1", "x: a\0b\r\n", ""), &["400"]),
        ("a name with a space", head("GET /graphql HTTP/1.1", "x y: 1\r\n", ""), &["400"]),
        ("lengths that differ", head("POST /graphql HTTP/1.1", &differing, QUERY), &["400"]),
        ("a length that is none", head("POST /graphql HTTP/1.1", "content-length: -1\r\n", QUERY), &["400"]),
        (
            "a chunk that is none",
            head("POST /graphql HTTP/1.1", "transfer-encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n"),
            &["400"],
        ),
        (
            "a chunk without an end",
            head("POST /graphql HTTP/1.1", "transfer-encoding: chunked\r\n", "fffffffffffffffff\r\n"),
            &["400"],
        ),
        (
            "a body longer than its length",
            head("POST /graphql HTTP/1.1", "content-length: 2\r\n", "{}{}"),
            &["400", "400"],
        ),
        ("a tunnel", b"CONNECT other:443 HTTP/1.1\r\nhost: other:443\r\n\r\n".to_vec(), &["404"]),
        ("chunks under a length", head("POST /graphql HTTP/1.1", &both, QUERY), &["400"]),
    ];
    for (name, sent, answers) in rows {
        let received = served.exchange(&sent).await;
        assert_eq!(statuses(&received), answers, "{name}: {received}");
    }
    assert!(served.subgraphs.received().is_empty());
    assert!(served.exchange(&post(QUERY.as_bytes())).await.contains(ADA));
    served.stop().await;
}

#[tokio::test]
async fn odd_json_is_read_by_the_letter_or_refused() {
    let served = Served::start(Config::default(), Canned::default()).await;
    let deep = format!(r#"{{"query":"{{__typename}}","variables":{{"a":{}}}}}"#, "[".repeat(200_000));
    let variable = |value: &str| {
        format!(r#"{{"query":"query($id: ID!) {{ user(id: $id) {{ name }} }}","variables":{{"id":{value}}}}}"#)
    };
    let rows: [(&str, Vec<u8>, &str, &str); 11] = [
        ("invalid UTF-8", b"{\"query\":\"{ user(id: \\\"\xff\\\") { name } }\"}".to_vec(), "400", "BAD_REQUEST"),
        ("a byte order mark", [b"\xef\xbb\xbf", QUERY.as_bytes()].concat(), "400", "BAD_REQUEST"),
        ("UTF-16", QUERY.encode_utf16().flat_map(u16::to_le_bytes).collect(), "400", "BAD_REQUEST"),
        ("a raw NUL", QUERY.replace("name", "na\0me").into_bytes(), "400", "BAD_REQUEST"),
        ("nested without end", deep.into_bytes(), "400", "BAD_REQUEST"),
        ("half a surrogate pair", variable(r#""\ud800""#).into_bytes(), "400", "BAD_REQUEST"),
        ("NaN", variable("NaN").into_bytes(), "400", "BAD_REQUEST"),
        ("a number that no double holds", variable("1e999").into_bytes(), "200", "BAD_USER_INPUT"),
        ("a number that is no ID", variable("1.5").into_bytes(), "200", "BAD_USER_INPUT"),
        ("an escaped NUL", variable(r#""\u0000""#).into_bytes(), "200", ADA),
        (
            "a key that stands twice: the last counts",
            [br#"{"query":"{ nothing }","#, &QUERY.as_bytes()[1..]].concat(),
            "200",
            ADA,
        ),
    ];
    for (name, body, status, says) in rows {
        let received = served.exchange(&post(&body)).await;
        assert_eq!(statuses(&received), [status], "{name}: {received}");
        assert!(received.contains(says), "{name}: {received}");
    }
    let sent: Vec<String> = served.subgraphs.received().into_iter().map(|call| call.body).collect();
    assert_eq!(sent.len(), 2);
    assert!(sent[0].contains(r#""id":"\u0000""#), "{}", sent[0]);
    served.stop().await;
}

#[tokio::test]
async fn a_body_that_trickles_or_breaks_off_is_given_up() {
    let mut config = Config::default();
    config.server.request_timeout_ms = 200;
    let served = Served::start(config, Canned::default()).await;
    // Announced, and never sent in full.
    let received = served.exchange(&head("POST /graphql HTTP/1.1", "content-length: 100\r\n", "{\"query\"")).await;
    assert_eq!(statuses(&received), ["408"], "{received}");
    assert!(received.contains("REQUEST_TIMEOUT"), "{received}");
    // Cut off in the middle: there may be nobody left to tell.
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    let sent = head("POST /graphql HTTP/1.1", "content-length: 100\r\n", "{\"query\"");
    stream.write_all(&sent).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut received = String::new();
    let _ = stream.read_to_string(&mut received).await;
    assert!(!received.contains("200 OK"), "{received}");
    assert!(served.subgraphs.received().is_empty());
    assert!(served.exchange(&post(QUERY.as_bytes())).await.contains(ADA));
    served.stop().await;
}

#[tokio::test]
async fn a_client_that_does_not_read_is_cut_off() {
    let name: &'static str = "A".repeat(20_000_000).leak();
    let users: &'static str = format!(r#"{{"data":{{"user":{{"name":"{name}"}}}}}}"#).leak();
    let subgraphs = Canned { answers: [Canned::default().answers[0].clone(), Ok(users)], ..Canned::default() };
    let mut config = Config::default();
    config.server.write_timeout_ms = 100;
    config.server.connections_max = 1;
    let served = Served::start(config, subgraphs).await;
    let mut deaf = TcpStream::connect(served.address).await.unwrap();
    deaf.write_all(&post(QUERY.as_bytes())).await.unwrap();
    // The only connection is free again, although the other end is still open.
    let next = served.exchange(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(next.contains(r#"{"status":"live"}"#), "{next}");
    drop(deaf);
    served.stop().await;
}

/// A client over HTTP/2 that takes no more of a response than it reads.
fn with_small_window() -> reqwest::Client {
    let client = reqwest::Client::builder().no_proxy().http2_prior_knowledge();
    client
        .http2_initial_stream_window_size(65_535)
        .http2_keep_alive_interval(Duration::from_millis(20))
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_response_over_http_2_that_is_not_read_is_cut_off_and_one_that_is_read_slowly_is_not() {
    let name: &'static str = "A".repeat(1_000_000).leak();
    let users: &'static str = format!(r#"{{"data":{{"user":{{"name":"{name}"}}}}}}"#).leak();
    let answers = || [Canned::default().answers[0].clone(), Ok(users)];
    let mut config = Config::default();
    config.server.write_timeout_ms = 1_000;
    let served = Served::start(config, Canned { answers: answers(), ..Canned::default() }).await;
    let ask = || {
        let request = with_small_window().post(format!("http://{}/graphql", served.address));
        request.header("content-type", "application/json").body(QUERY).send()
    };
    let (deaf, mut slow) = (ask().await.unwrap(), ask().await.unwrap());
    let start = Instant::now();
    let mut read = 0;
    while let Some(chunk) = slow.chunk().await.expect("a slow reader is served") {
        read += chunk.len();
        if start.elapsed() < Duration::from_millis(1_800) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    assert!(read > 1_000_000 && start.elapsed() > Duration::from_millis(1_500), "{read} in {:?}", start.elapsed());
    assert!(deaf.bytes().await.is_err(), "what is left of it is gone");
    served.stop().await;
}

/// A client that opens a connection of HTTP/2, asks nothing, and confirms nothing that it is sent.
async fn silent(served: &Served) -> TcpStream {
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    // The preface and empty settings (RFC 9113 §3.4, §4.1).
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
    stream
}

#[tokio::test]
async fn connections_of_http_2_on_which_nothing_is_asked_are_closed_and_make_room() {
    let mut config = Config::default();
    config.server.connections_max = 2;
    let served = Served::start(config, Canned::default()).await;
    let client = reqwest::Client::builder().no_proxy().http2_prior_knowledge().build().unwrap();
    let url = format!("http://{}/health/live", served.address);
    assert_eq!(client.get(&url).send().await.unwrap().status(), 200);
    let idle = silent(&served).await;
    // Both connections are taken, and neither client closes its own.
    assert!(served.exchange(&post(QUERY.as_bytes())).await.contains(ADA));
    drop(idle);
    // A client that was told to go comes again.
    assert_eq!(client.get(&url).send().await.unwrap().status(), 200);
    served.stop().await;
}
