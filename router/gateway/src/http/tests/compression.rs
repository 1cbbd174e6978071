//! Compression both ways.

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, GzipEncoder, ZlibDecoder, ZstdDecoder};
use axum::body::Body;
use http::Request;
use http_body_util::BodyExt;
use tokio::io::AsyncReadExt;
use tower::ServiceExt;

use crate::Config;
use crate::testing::{Canned, Door};

const QUERY: &str = r#"{"query":"{user(id:1){name}}"}"#;

fn door(config: Config) -> Door {
    let name: &'static str = "A".repeat(5_000).leak();
    let users: &'static str = format!(r#"{{"data":{{"user":{{"name":"{name}"}}}}}}"#).leak();
    Door::over(config, Canned { answers: [Canned::default().answers[0].clone(), Ok(users)], ..Canned::default() })
}

async fn ask(door: &Door, accept: &str) -> (String, Vec<u8>) {
    let request =
        Request::post("/graphql").header("content-type", "application/json").header("accept-encoding", accept);
    let response = door.router.clone().oneshot(request.body(Body::from(QUERY)).unwrap()).await.unwrap();
    assert_eq!(response.status(), 200);
    let coding = response.headers().get("content-encoding").map(|value| value.to_str().unwrap().to_owned());
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (coding.unwrap_or_default(), body.to_vec())
}

#[tokio::test]
async fn large_responses_are_compressed_as_clients_accept() {
    let door = door(Config::default());
    for coding in ["gzip", "br", "zstd", "deflate"] {
        let (told, body) = ask(&door, coding).await;
        assert_eq!(told, coding);
        assert!(body.len() < 500, "{coding}: {}", body.len());
        let (mut text, bytes) = (String::new(), body.as_slice());
        match coding {
            "gzip" => GzipDecoder::new(bytes).read_to_string(&mut text).await,
            "br" => BrotliDecoder::new(bytes).read_to_string(&mut text).await,
            "zstd" => ZstdDecoder::new(bytes).read_to_string(&mut text).await,
            _ => ZlibDecoder::new(bytes).read_to_string(&mut text).await,
        }
        .unwrap();
        assert!(text.starts_with(r#"{"data":{"user":{"name":"AAAA"#), "{text}");
    }
    assert_eq!(ask(&door, "identity").await.0, "");
    assert_eq!(ask(&door, "gzip;q=0").await.0, "");
}

#[tokio::test]
async fn small_responses_are_not_compressed_nor_any_where_that_is_off() {
    let request =
        Request::post("/graphql").header("content-type", "application/json").header("accept-encoding", "gzip");
    let small = Door::open(Config::default()).send(request.body(Body::from(QUERY)).unwrap()).await;
    assert_eq!((small.header("content-encoding"), small.json()["data"]["user"]["name"].as_str()), ("", Some("Ada")));
    let mut config = Config::default();
    config.http.compress_responses = false;
    assert_eq!(ask(&door(config), "gzip").await.0, "");
}

#[tokio::test]
async fn compressed_requests_are_read_where_that_is_on() {
    let mut encoded = Vec::new();
    GzipEncoder::new(QUERY.as_bytes()).read_to_end(&mut encoded).await.unwrap();
    let send = |config: Config, coding: &'static str, body: Vec<u8>| async move {
        let request = Request::post("/graphql").header("content-type", "application/json");
        let request = request.header("content-encoding", coding).body(Body::from(body)).unwrap();
        Door::open(config).send(request).await
    };
    let read = send(Config::default(), "gzip", encoded.clone()).await;
    assert_eq!(read.json()["data"]["user"]["name"], "Ada", "{}", read.text);
    assert_eq!(send(Config::default(), "br", encoded.clone()).await.status, 400);
    assert_eq!(send(Config::default(), "snappy", encoded.clone()).await.status, 415);
    assert_eq!(send(Config::default(), "identity", QUERY.into()).await.status, 200);
    let mut off = Config::default();
    off.http.compressed_requests = false;
    assert_eq!(send(off, "gzip", encoded.clone()).await.status, 415);
    // What it decodes to counts.
    let mut bomb = Vec::new();
    let query = format!("{{\"query\":\"{}\"}}", " ".repeat(3_000_000));
    GzipEncoder::new(query.as_bytes()).read_to_end(&mut bomb).await.unwrap();
    assert!(bomb.len() < 100_000);
    let refused = send(Config::default(), "gzip", bomb).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (413, "REQUEST_TOO_LARGE"));
}
