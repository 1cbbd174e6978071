//! A stage over a subgraph of one answer.

use std::time::{Duration, Instant};

use tokio::task::LocalSet;

use super::*;
use crate::wire::Wire;

/// A real subgraph, which answers how often it was asked.
async fn upstream() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    spawn_local(async move {
        let mut asked = 0;
        while let Ok((stream, _)) = listener.accept().await {
            let mut wire = Wire::new(stream);
            while let Ok(Some(_)) = wire.request().await {
                asked += 1;
                wire.send(&whole("200 OK", format!("{{\"asked\":{asked}}}").as_bytes())).await.unwrap();
            }
        }
    });
    address
}

async fn ask(stage: &Stage, path: &str, body: &str) -> (u16, String) {
    let mut wire = Wire::connect(*stage.addresses().values().next().unwrap()).await.unwrap();
    let length = body.len();
    wire.send(format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n{body}").as_bytes())
        .await
        .unwrap();
    let (head, body) = wire.response().await.unwrap();
    (head.status, String::from_utf8(body.to_vec()).unwrap())
}

fn with_stage<F: Future<Output = ()>>(test: impl FnOnce(Rc<Stage>) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    LocalSet::new().block_on(&runtime, async {
        let upstreams = BTreeMap::from([("a".to_owned(), upstream().await)]);
        test(Stage::open(&upstreams, Hosts::One).await.unwrap()).await;
    });
}

#[test]
fn what_was_recorded_is_replayed_and_the_rest_is_a_fault() {
    with_stage(|stage| async move {
        assert_eq!(ask(&stage, "/a", r#"{"x":1,"y":2}"#).await, (200, r#"{"asked":1}"#.into()));
        assert_eq!(ask(&stage, "/a", r#"{"x":1,"y":2}"#).await, (200, r#"{"asked":1}"#.into()));
        stage.record(false);
        assert_eq!(ask(&stage, "/a", r#"{"y":2,"x":1}"#).await, (200, r#"{"asked":1}"#.into()));
        assert_eq!(stage.take_faults(), (0, None));
        assert_eq!(ask(&stage, "/a", r#"{"x":3}"#).await.0, 500);
        assert_eq!(ask(&stage, "/b", r#"{"x":1}"#).await.0, 500);
        let (faults, first) = stage.take_faults();
        assert_eq!(faults, 2);
        assert!(first.unwrap().contains(r#"{"x":3}"#));
        assert_eq!(stage.calls(), BTreeMap::from([("a".to_owned(), 3)]));
    });
}

#[test]
fn a_subgraph_is_slow_or_out_of_order_as_it_is_told() {
    with_stage(|stage| async move {
        ask(&stage, "/a", "{}").await;
        stage.set_manner("a", Manner::Slow(Duration::from_millis(30))).unwrap();
        let started = Instant::now();
        assert_eq!(ask(&stage, "/a", "{}").await.0, 200);
        assert!(started.elapsed() >= Duration::from_millis(30));
        stage.set_manner("a", Manner::Failing).unwrap();
        assert!(ask(&stage, "/a", "{}").await.1.contains("errors"));
        assert!(stage.set_manner("b", Manner::Prompt).is_err());
    });
}
