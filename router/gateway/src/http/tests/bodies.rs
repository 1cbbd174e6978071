//! Bodies that don't come, or come slowly: they keep nobody else from being answered.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::wire::{ADA, QUERY, Served, head, post, statuses};
use crate::Config;
use crate::testing::Canned;

/// A request that announces a body and sends the beginning of it.
async fn begin(served: &Served, headers: &str, begun: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    let head = head("POST /graphql HTTP/1.1", &format!("{headers}content-length: 2000\r\n"), "");
    stream.write_all(&[&head, begun].concat()).await.unwrap();
    stream
}

/// What is answered once all bytes of the requests before have been looked at.
async fn until(served: &Served, says: &str) -> String {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let received = served.exchange(&post(QUERY.as_bytes())).await;
        if received.contains(says) {
            return received;
        }
        assert!(Instant::now() < end, "{says}: {received}");
    }
}

#[tokio::test]
async fn bodies_that_do_not_come_take_no_place_from_others() {
    let mut config = Config::default();
    config.limits.concurrent_requests_max = 1;
    let served = Served::start(config, Canned::default()).await;
    let client = reqwest::Client::builder().no_proxy().http2_prior_knowledge().build().unwrap();
    let never = || reqwest::Body::wrap_stream(futures::stream::pending::<Result<bytes::Bytes, std::io::Error>>());
    let request = || {
        let request = client.post(format!("http://{}/graphql", served.address));
        tokio::spawn(request.header("content-type", "application/json").body(never()).send())
    };
    let waiting: Vec<_> = (0..20).map(|_| request()).collect();
    let begun = begin(&served, "", b"{").await;
    for _ in 0..10 {
        assert!(served.exchange(&post(QUERY.as_bytes())).await.contains(ADA));
    }
    assert!(waiting.iter().all(|request| !request.is_finished()));
    waiting.iter().for_each(tokio::task::JoinHandle::abort);
    drop(begun);
    served.stop().await;
}

#[tokio::test]
async fn a_body_that_pauses_is_given_up_long_before_the_request_is() {
    let mut config = Config::default();
    config.server.body_idle_timeout_ms = 100;
    let served = Served::start(config, Canned::default()).await;
    let mut paused = begin(&served, "", b"{").await;
    let mut received = String::new();
    let reading = paused.read_to_string(&mut received);
    tokio::time::timeout(Duration::from_secs(10), reading).await.expect("given up").unwrap();
    assert_eq!(statuses(&received), ["408"], "{received}");
    served.stop().await;
}

#[tokio::test]
async fn bytes_that_wait_for_the_rest_of_their_body_are_bounded_in_all() {
    let mut config = Config::default();
    config.limits.bodies_bytes_max = 1_000;
    let served = Served::start(config, Canned::default()).await;
    let first = begin(&served, "", &[b' '; 990]).await;
    let refused = until(&served, "OVERLOADED").await;
    assert_eq!(statuses(&refused), ["503"], "{refused}");
    drop(first);
    until(&served, ADA).await;
    served.stop().await;
}

#[tokio::test]
async fn a_compressed_body_counts_as_it_came_until_all_of_it_is_there() {
    let mut config = Config::default();
    config.limits.bodies_bytes_max = 1_000;
    let served = Served::start(config, Canned::default()).await;
    // A frame's head with a window of 8 MiB, and blocks of 128 KiB of the same byte: 66 bytes for 1.9 MB.
    let blocks = [0x02, 0x00, 0x10, b' '].repeat(15);
    let bomb = [&[0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x68], blocks.as_slice()].concat();
    let mut held = Vec::new();
    for _ in 0..10 {
        held.push(begin(&served, "content-encoding: zstd\r\n", &bomb).await);
    }
    for _ in 0..10 {
        assert!(served.exchange(&post(QUERY.as_bytes())).await.contains(ADA));
    }
    drop(held);
    served.stop().await;
}
