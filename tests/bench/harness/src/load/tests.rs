//! Load on servers that answer in ways that are known.

use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::{LocalSet, spawn_local};

use super::*;
use crate::wire::{ResponseHead, Wire};

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"data\":{\"a\":1}}";
const REFUSAL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";

/// A server that answers one request after the other, whoever asks; `answer` says with what, and after how long.
async fn server(answer: fn(u64) -> (&'static [u8], Duration)) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let turn = Rc::new(tokio::sync::Mutex::new(0));
    spawn_local(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let turn = Rc::clone(&turn);
            spawn_local(async move {
                let mut wire = Wire::new(stream);
                while let Ok(Some(_)) = wire.request().await {
                    let mut turn = turn.lock().await;
                    let (message, delay) = answer(*turn);
                    *turn += 1;
                    tokio::time::sleep(delay).await;
                    wire.send(message).await.unwrap();
                }
            });
        }
    });
    address
}

fn target(address: SocketAddr, connections: Connections) -> Target {
    let head = ResponseHead { status: 200, gzip: false, last: false };
    let expectation = Expectation::learn(Equality::Whole, head, br#"{"data":{"a":1}}"#).unwrap();
    let message = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}".into();
    Target { address, shots: [Shot { message, expectation }].into(), connections }
}

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    LocalSet::new().block_on(&runtime, test);
}

#[test]
fn a_closed_loop_waits_for_each_answer() {
    run(async {
        let address = server(|_| (ANSWER, Duration::from_millis(5))).await;
        let mut tally = closed(&target(address, Connections::New), 2, Duration::from_millis(100)).await;
        assert_eq!(tally.trouble(), None);
        assert!((2..=24).contains(&tally.right()), "{}", tally.right());
        assert!(tally.percentile_ms(50.0) >= 5.0);
    });
}

#[test]
fn who_comes_while_a_server_stands_still_waits_for_it() {
    run(async {
        // The tenth answer takes a fifth of a second; those who come meanwhile are due meanwhile.
        let address = server(|nth| (ANSWER, Duration::from_millis(if nth == 9 { 200 } else { 0 }))).await;
        let rate = Rate { per_second: 200.0, duration: Duration::from_millis(500), clients_max: 1 };
        let mut tally = open(&target(address, Connections::Kept), rate).await;
        assert_eq!(tally.trouble(), None);
        assert!((60..=140).contains(&tally.right()), "{}", tally.right());
        assert!(tally.percentile_ms(80.0) > 20.0, "{}", tally.percentile_ms(80.0));
    });
}

#[test]
fn refusals_are_counted_by_status() {
    run(async {
        let address = server(|nth| (if nth % 2 == 0 { ANSWER } else { REFUSAL }, Duration::from_millis(1))).await;
        let tally = closed(&target(address, Connections::Kept), 4, Duration::from_millis(60)).await;
        let refused = tally.refused.get(&503).copied().unwrap_or_default();
        assert!(refused > 0 && tally.right().abs_diff(refused) <= 1);
        assert!(tally.trouble().unwrap().contains("refusals"));
    });
}
