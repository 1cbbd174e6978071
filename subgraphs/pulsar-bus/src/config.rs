//! Where the cluster is, and the bounds of using it.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use url::Url;

/// How Pulsar is used. A token comes apart, since it is a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PulsarConfig {
    /// Where brokers take clients: `pulsar://host:6650`, or `pulsar+ssl://` for TLS. Without credentials.
    #[serde(deserialize_with = "url_without_credentials")]
    pub service_url: Url,
    /// Where they take REST requests: `http://host:8080`. Topics that aren't there are made by it. Without credentials.
    #[serde(deserialize_with = "url_without_credentials")]
    pub admin_url: Url,
    /// The tenant that all topics are in; a domain's are in a namespace of it.
    #[serde(default = "default_tenant")]
    pub tenant: String,
    /// How long a message is kept once all groups have acknowledged it, for groups to come, in minutes; -1 for ever. Given to namespaces
    /// that are made; those that are there keep theirs.
    #[serde(default = "default_retention_minutes")]
    pub retention_minutes: i32,
    /// How much of them is kept a topic's partition, in MB; -1 for all.
    #[serde(default = "default_retention_megabytes")]
    pub retention_megabytes: i32,
    /// How long anything asked of the broker may take, in milliseconds, a reconnection included.
    #[serde(default = "default_operation_timeout_ms")]
    pub operation_timeout_ms: u64,
    /// Messages that the broker sends ahead to a consumer of a partition. Of each partition up to three times as many are held: asked
    /// for, received and waiting. With messages of 2 KB and 8 partitions that is 5 MB a subscription, with the longest ones 600 MB.
    #[serde(default = "default_prefetched_max")]
    pub prefetched_max: u32,
}

impl PulsarConfig {
    /// A cluster at these addresses, used as usual.
    #[must_use]
    pub fn new(service_url: Url, admin_url: Url) -> Self {
        Self {
            service_url,
            admin_url,
            tenant: default_tenant(),
            retention_minutes: default_retention_minutes(),
            retention_megabytes: default_retention_megabytes(),
            operation_timeout_ms: default_operation_timeout_ms(),
            prefetched_max: default_prefetched_max(),
        }
    }

    pub(crate) fn operation_timeout(&self) -> Duration {
        Duration::from_millis(self.operation_timeout_ms.max(1_000))
    }
}

fn default_tenant() -> String {
    "supergraph".to_owned()
}

/// 7 days, as the bus in PostgreSQL: a weekend's outage of a consumer, and the week in which somebody looks at it.
fn default_retention_minutes() -> i32 {
    7 * 24 * 60
}

/// Half a million events of 2 KB a partition: the time bounds it before this does, unless something runs wild.
fn default_retention_megabytes() -> i32 {
    1_024
}

/// A broker that died is back, or another one has its topics, in 10 to 20 s.
fn default_operation_timeout_ms() -> u64 {
    30_000
}

/// With it a consumer takes several thousand messages a second; with 1,000, the client's default, ten times the memory.
fn default_prefetched_max() -> u32 {
    100
}

/// A URL that can be shown. Who gives one with credentials isn't told which.
fn url_without_credentials<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    let text = String::deserialize(deserializer)?;
    let url = Url::parse(&text).map_err(D::Error::custom)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(D::Error::custom("the URL must have no credentials: a token is given apart"));
    }
    Ok(url)
}
