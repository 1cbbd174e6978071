//! Pulsar's own account of its topics, by its REST interface.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The REST interface of a broker.
pub struct Broker {
    url: String,
}

/// What went over a topic, of all its partitions.
#[derive(Debug, Deserialize)]
pub struct Traffic {
    /// Messages that were published.
    #[serde(rename = "msgInCounter")]
    pub published: u64,
    /// Each group of consumers.
    pub subscriptions: BTreeMap<String, Subscription>,
}

/// How far a group is.
#[derive(Debug, Deserialize)]
pub struct Subscription {
    /// Messages that were handed to it.
    #[serde(rename = "msgOutCounter")]
    pub handed_out: u64,
    /// Messages that it hasn't acknowledged yet.
    #[serde(rename = "msgBacklog")]
    pub waiting: u64,
}

impl Broker {
    /// The broker at a port.
    pub fn at(port: u16) -> Self {
        Self { url: format!("http://127.0.0.1:{port}") }
    }

    /// What went over a topic such as `orders/events`; `None` if there is none.
    pub async fn traffic(&self, topic: &str) -> Option<Traffic> {
        let url = format!("{}/admin/v2/persistent/supergraph/{topic}/partitioned-stats", self.url);
        let answer = reqwest::get(&url).await.expect("an answer");
        if answer.status() == reqwest::StatusCode::NOT_FOUND {
            return None;
        }
        let text = answer.error_for_status().expect("success").text().await.expect("a body");
        Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{url}: {error} in {text}")))
    }
}
