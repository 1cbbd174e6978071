//! On a real broker: what every bus does, and what is left when the broker is killed.

mod broker;
mod killed;
mod outage;

use std::{sync::Arc, time::Duration};

use uuid::Uuid;
use wire::bus::Bus;

use crate::{PulsarBus, PulsarConfig};

/// A bus that has no messages and no groups: a tenant of its own on the broker of this process.
async fn fresh() -> (Arc<dyn Bus>, ()) {
    let mut config = broker::shared().await.clone();
    config.tenant = format!("test-{}", Uuid::now_v7().simple());
    (Arc::new(PulsarBus::connect(config, None).await.unwrap()), ())
}

mod behaviour {
    wire::bus_behaviour_tests!(async || super::fresh().await);
}

#[tokio::test]
async fn a_cluster_that_is_not_there_is_told_in_time() {
    // A port that was free a moment ago: nobody listens there.
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let url = |scheme| url::Url::parse(&format!("{scheme}://{free}")).unwrap();
    let config = PulsarConfig { operation_timeout_ms: 1_000, ..PulsarConfig::new(url("pulsar"), url("http")) };
    let connecting = PulsarBus::connect(config, Some("secret".to_owned()));
    let error = tokio::time::timeout(Duration::from_secs(10), connecting).await.expect("an answer").err().unwrap();
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
}

#[test]
fn urls_with_credentials_are_refused_without_being_told() {
    let config = |url: &str| {
        let config = serde_json::json!({ "service_url": "pulsar://localhost:6650", "admin_url": url });
        serde_json::from_value::<PulsarConfig>(config)
    };
    assert!(config("http://localhost:8080").is_ok());
    for url in ["http://somebody@localhost:8080", "http://:secret@localhost:8080"] {
        let error = config(url).unwrap_err().to_string();
        assert!(!error.contains("somebody") && !error.contains("secret"), "{error}");
    }
}
