//! Names that lead inside.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use chrono::Utc;
use futures::future::BoxFuture;
use uuid::Uuid;

use super::receiver::Receiver;
use crate::webhook::{CallError, Lookup, SigningKey, WebhookCaller, WebhookConfig};

/// Leads each look somewhere else, in turn.
#[derive(Debug, Default)]
struct Rebinding {
    answers: Vec<Vec<SocketAddr>>,
    looks: AtomicUsize,
}

impl Lookup for Rebinding {
    fn lookup(&self, _name: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
        let look = self.looks.fetch_add(1, Ordering::Relaxed);
        let answer = self.answers[look.min(self.answers.len() - 1)].clone();
        Box::pin(async move { Ok(answer) })
    }
}

fn address(text: &str) -> SocketAddr {
    format!("{text}:0").parse().unwrap()
}

async fn call(config: WebhookConfig, lookup: Arc<Rebinding>, url: &str) -> Result<(), CallError> {
    let caller = WebhookCaller::new(config, lookup).unwrap();
    let key = SigningKey::from_bytes(vec![7; 32]);
    caller.call(url, &key, Uuid::from_u128(1), Utc::now(), b"{}".to_vec()).await
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_called() {
    let not_public = Err(CallError::NotCalled("the name leads to an address that isn't public".to_owned()));
    for inside in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "[fd00::1]"] {
        // Alone, or hidden behind one that is public.
        for answer in [vec![address(inside)], vec![address("1.1.1.1"), address(inside)]] {
            let lookup = Arc::new(Rebinding { answers: vec![answer], looks: AtomicUsize::new(0) });
            let called = call(WebhookConfig::default(), lookup, "https://rebinding.example/").await;
            assert_eq!(called, not_public, "{inside}");
        }
    }
    let literal = call(WebhookConfig::default(), Arc::new(Rebinding::default()), "https://127.0.0.1/").await;
    assert!(matches!(literal, Err(CallError::NotCalled(_))), "{literal:?}");
    let plain = call(WebhookConfig::default(), Arc::new(Rebinding::default()), "http://example.org/").await;
    assert!(matches!(plain, Err(CallError::NotCalled(_))), "{plain:?}");
}

/// What was looked at is what is connected to: a second look, which would lead elsewhere, isn't taken.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_looked_at_once_a_connection() {
    let receiver = Receiver::start().await;
    let answers = vec![vec![address("127.0.0.1")], vec![address("192.0.2.1")]];
    let lookup = Arc::new(Rebinding { answers, looks: AtomicUsize::new(0) });
    let config = WebhookConfig { private_addresses: true, timeout_ms: 5_000 };
    let url = format!("http://rebinding.example:{}/", receiver.port());
    assert_eq!(call(config, Arc::clone(&lookup), &url).await, Ok(()));
    assert_eq!((lookup.looks.load(Ordering::Relaxed), receiver.called().len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_answer_is_given_up_in_time() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let config = WebhookConfig { private_addresses: true, timeout_ms: 200 };
    let called = call(config, Arc::new(Rebinding::default()), &url).await;
    assert_eq!(called, Err(CallError::NoAnswer("too late".to_owned())));
}
