//! A server that is killed and started again on its file: nothing acknowledged is lost, and what waited leaves afterwards.

use std::sync::Arc;
use std::time::Duration;

use ::products::desk::{Desk, Written};
use ::products::domain::ProductChange;
use ::products::store::ProductStore as _;
use kit::LogBus;
use kit::log_bus::LogBusConfig;
use kit::testing::TestDatabase;

use super::server::{Server, catalogue};
use super::telling::added;
use crate::relay;

/// Kills, each after some writes.
const KILLS: u32 = 3;
/// Writes before each kill.
const WRITES: u32 = 8;

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_write_is_lost() {
    let mut server = Server::start(true).await;
    let catalogue = catalogue(&server.url()).await;
    let desk = Desk::new(Arc::new(catalogue.clone()), None);
    let mut acknowledged = Vec::new();
    for kill in 0..KILLS {
        for number in 0..WRITES {
            let id = added(&desk, kill * WRITES + number).await;
            let change = ProductChange { name: Some("Renamed".to_owned()), ..ProductChange::default() };
            let written = desk.change((id, 1), change).await.unwrap();
            assert!(matches!(written, Written::Product(_)), "{written:?}");
            acknowledged.push(id);
        }
        server.kill();
        assert!(!catalogue.is_ready_within(Duration::from_millis(500)).await);
        server.start_again().await;
    }
    let found = catalogue.product_list_by_id(&acknowledged).await.unwrap();
    assert_eq!(found.len(), acknowledged.len());
    assert!(found.iter().all(|product| product.version == 2 && product.name == "Renamed"));
    let expected = 2 * u64::from(KILLS * WRITES);
    let status = relay::status(&catalogue).await.unwrap();
    assert_eq!(status.waiting, expected);
    assert!(status.oldest_age.is_some_and(|age| age > Duration::ZERO && age < Duration::from_secs(600)), "{status:?}");
    let bus_database = TestDatabase::bus().await;
    let bus = LogBus::open(bus_database.database().clone(), LogBusConfig::default()).await.unwrap();
    let mut published = 0;
    while relay::status(&catalogue).await.unwrap().waiting > 0 {
        published += relay::publish_once(&catalogue, &bus).await.unwrap();
    }
    assert_eq!(published as u64, expected);
}
