//! How far behind groups are, as the cluster counts it: entries, each of which is one message here.
//!
//! Partitions whose broker doesn't answer the others are left out by the cluster itself: what is told may be too little for a while.

use std::collections::BTreeMap;

use serde::Deserialize;
use wire::topic::Topic;

use crate::{PulsarError, admin::Admin};

/// What is read of a topic's statistics, over all partitions.
#[derive(Deserialize)]
struct Stats {
    #[serde(default)]
    subscriptions: BTreeMap<String, Subscription>,
}

#[derive(Deserialize)]
struct Subscription {
    #[serde(rename = "msgBacklog")]
    backlog: i64,
}

/// Messages that each group hasn't acknowledged. A topic that isn't there has no groups.
pub async fn backlog(admin: &Admin, topic: &Topic) -> Result<BTreeMap<String, u64>, PulsarError> {
    match admin.stats(topic).await? {
        Some(stats) => read(&stats),
        None => Ok(BTreeMap::new()),
    }
}

fn read(stats: &str) -> Result<BTreeMap<String, u64>, PulsarError> {
    let Stats { subscriptions } = serde_json::from_str(stats).map_err(PulsarError::Unreadable)?;
    let backlog = |(group, Subscription { backlog })| (group, u64::try_from(backlog).unwrap_or(0));
    Ok(subscriptions.into_iter().map(backlog).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_each_group_its_backlog_is_read() {
        let stats = r#"{"msgRateIn":0.0,"subscriptions":{"orders.testing":{"msgOutCounter":7,"msgBacklog":5,"type":"Failover"},
            "stock.testing":{"msgBacklog":-1}},"metadata":{"partitions":8,"deleted":false}}"#;
        let expected = [("orders.testing".to_owned(), 5), ("stock.testing".to_owned(), 0)];
        assert_eq!(read(stats).unwrap(), BTreeMap::from(expected));
        assert!(read(r#"{"metadata":{}}"#).unwrap().is_empty());
        for stats in ["", "{", r#"{"subscriptions":{"a":{}}}"#, &stats[..60]] {
            assert!(matches!(read(stats), Err(PulsarError::Unreadable(_))), "{stats}");
        }
    }
}
