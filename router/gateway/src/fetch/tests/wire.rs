//! Subgraphs that answer with odd, broken or hostile bytes.

use std::time::{Duration, Instant};

use async_compression::tokio::bufread::{BrotliEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder};
use executor::FetchError;
use indexmap::IndexMap;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::calls::{call, context};
use crate::Config;
use crate::fetch::RoutedFetch;
use crate::testing::supergraph;

const GOOD: &str = r#"{"data":{"a":1}}"#;

/// A subgraph that answers each call with these bytes, then goes on with others for as long as they are read.
async fn raw(answer: Vec<u8>, endless: &'static [u8], change: impl FnOnce(&mut Config)) -> RoutedFetch {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/graphql", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(&answer).await;
                while !endless.is_empty() && stream.write_all(endless).await.is_ok() {}
            });
        }
    });
    let mut config = Config::default();
    config.subgraphs.by_name.entry("scores".into()).or_default().url = Some(url);
    change(&mut config);
    RoutedFetch::new(&config, &supergraph(), IndexMap::new()).unwrap()
}

async fn answer_to(answer: &str, endless: &'static [u8]) -> Result<String, FetchError> {
    let fetch = raw(answer.as_bytes().to_vec(), endless, |config| config.subgraphs.timeout_ms = 1_000).await;
    let began = Instant::now();
    let result = call(&fetch, &context()).await;
    assert!(began.elapsed() < Duration::from_secs(5), "{answer}");
    result
}

fn good(head: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{head}\r\n\r\n{GOOD}")
}

#[tokio::test]
async fn answers_in_odd_forms_are_read() {
    let length = GOOD.len();
    let chunked = format!("{length:x}\r\n{GOOD}\r\n0\r\nx-trailer: 1\r\n\r\n");
    let early = "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n";
    let rows = [
        ("no length", good("connection: close")),
        ("HTTP/1.0", good("x: y").replace("HTTP/1.1", "HTTP/1.0")),
        (
            "hints before",
            format!("HTTP/1.1 100 Continue\r\n\r\n{early}{early}{}", good(&format!("content-length: {length}"))),
        ),
        (
            "chunks and a trailer",
            format!("{}{chunked}", good("transfer-encoding: chunked").strip_suffix(GOOD).unwrap()),
        ),
        ("more than announced", format!("{}{{}}", good(&format!("content-length: {length}")))),
        ("a type in capitals", good("connection: close").replace("application/json", "Application/JSON;charset=UTF-8")),
    ];
    for (name, answer) in rows {
        assert_eq!(answer_to(&answer, b"").await.unwrap_or_else(|error| panic!("{name}: {error}")), GOOD, "{name}");
    }
}

#[tokio::test]
async fn answers_that_are_none_are_faults() {
    // Much at once: the time limit is for what never ends.
    let (headers, long): (&'static str, &'static str) = ("x: y\r\n".repeat(1_000).leak(), "y".repeat(16_384).leak());
    let rows: [(&str, String, &'static [u8], &str); 10] = [
        ("no HTTP", "SSH-2.0-OpenSSH\r\n".to_owned(), b"", "SUBREQUEST_UNREACHABLE"),
        ("nothing", String::new(), b"", "SUBREQUEST_UNREACHABLE"),
        ("headers without end", "HTTP/1.1 200 OK\r\n".to_owned(), headers.as_bytes(), "SUBREQUEST_UNREACHABLE"),
        ("a header without end", "HTTP/1.1 200 OK\r\nx: ".to_owned(), long.as_bytes(), "SUBREQUEST_UNREACHABLE"),
        ("hints without end", String::new(), b"HTTP/1.1 103 Early Hints\r\n\r\n", "SUBREQUEST_TIMEOUT"),
        (
            "another protocol",
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n".to_owned(),
            b"",
            "SUBREQUEST_",
        ),
        (
            "another place",
            "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n".to_owned(),
            b"",
            "SUBREQUEST_HTTP_ERROR",
        ),
        ("no content", "HTTP/1.1 204 No Content\r\n\r\n".to_owned(), b"", "SUBREQUEST_MALFORMED_RESPONSE"),
        (
            "a broken chunk",
            format!("{}zz\r\n", good("transfer-encoding: chunked").strip_suffix(GOOD).unwrap()),
            b"",
            "SUBREQUEST_UNREACHABLE",
        ),
        (
            "an unknown coding",
            good("content-encoding: snappy\r\nconnection: close"),
            b"",
            "SUBREQUEST_MALFORMED_RESPONSE",
        ),
    ];
    for (name, answer, endless, code) in rows {
        let error = answer_to(&answer, endless).await.expect_err(name);
        assert!(error.code().starts_with(code), "{name}: {error}");
    }
}

async fn encoded(coding: &str, text: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::new();
    match coding {
        "gzip" => GzipEncoder::new(text).read_to_end(&mut encoded).await,
        "deflate" => ZlibEncoder::new(text).read_to_end(&mut encoded).await,
        "br" => BrotliEncoder::new(text).read_to_end(&mut encoded).await,
        _ => ZstdEncoder::new(text).read_to_end(&mut encoded).await,
    }
    .unwrap();
    encoded
}

fn with_coding(coding: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: {coding}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn compressed_answers_are_decoded_within_the_limit() {
    let bomb = [b" ".repeat(4_000_000), GOOD.as_bytes().to_vec()].concat();
    for coding in ["gzip", "deflate", "br", "zstd"] {
        let small = with_coding(coding, &encoded(coding, GOOD.as_bytes()).await);
        let fetch = raw(small.clone(), b"", |_| {}).await;
        assert_eq!(call(&fetch, &context()).await.unwrap(), GOOD, "{coding}");

        let mut cut = encoded(coding, &GOOD.repeat(100).into_bytes()).await;
        cut.truncate(cut.len() / 2);
        let fetch = raw(with_coding(coding, &cut), b"", |_| {}).await;
        assert!(matches!(call(&fetch, &context()).await, Err(FetchError::Malformed(_))), "{coding}");

        let bomb = encoded(coding, &bomb).await;
        assert!(bomb.len() < 100_000, "{coding}");
        let fetch = raw(with_coding(coding, &bomb), b"", |config| config.subgraphs.response_bytes_max = 100_000).await;
        assert!(matches!(call(&fetch, &context()).await, Err(FetchError::TooLarge { .. })), "{coding}");
    }
}

#[tokio::test]
async fn an_answer_that_trickles_is_given_up_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/graphql", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await;
        let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";
        let _ = stream.write_all(head).await;
        while stream.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    let mut config = Config::default();
    config.subgraphs.timeout_ms = 200;
    config.subgraphs.by_name.entry("scores".into()).or_default().url = Some(url);
    let fetch = RoutedFetch::new(&config, &supergraph(), IndexMap::new()).unwrap();
    assert!(matches!(call(&fetch, &context()).await, Err(FetchError::Timeout)));
}

#[tokio::test]
async fn subgraphs_are_asked_to_compress_where_that_is_configured() {
    for (asked, own) in [(false, None), (true, None), (false, Some(true)), (true, Some(false))] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut config = Config::default();
        config.subgraphs.compressed_answers = asked;
        let scores = config.subgraphs.by_name.entry("scores".into()).or_default();
        scores.url = Some(format!("http://{}/graphql", listener.local_addr().unwrap()));
        scores.compressed_answers = own;
        let fetch = RoutedFetch::new(&config, &supergraph(), IndexMap::new()).unwrap();
        let subgraph = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 4096];
            let read = stream.read(&mut request).await.unwrap();
            stream.write_all(good("connection: close").as_bytes()).await.unwrap();
            String::from_utf8_lossy(&request[..read]).into_owned()
        };
        let request_context = context();
        let (answer, request) = tokio::join!(call(&fetch, &request_context), subgraph);
        assert_eq!(answer.unwrap(), GOOD);
        assert_eq!(request.contains("accept-encoding: zstd, br, gzip, deflate"), own.unwrap_or(asked), "{request}");
    }
}
