//! What is kept in front of payments: it moves for all when the event has come, also by what only payments tells; a story that was kept
//! reads as it was.

use kit::log_bus::LogBusConfig;
use kit::seed::ADMINISTRATOR;
use kit::testing::TestIdentity;
use kit::{GlobalId as _, LogBus, Reads};
use serde_json::json;
use wire::bus::Bus;
use wire::identity::Identity;

use super::paying::TestOrders;
use super::*;
use crate::orders::Orders;
use crate::story::{Story, stories};

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_moves_for_who_has_read_it_when_the_event_has_come() {
    let (till, bus_database) = (Till::open().await, TestDatabase::bus().await);
    let bus = LogBus::open(bus_database.database().clone(), LogBusConfig::default()).await.unwrap();
    let bus = Arc::new(bus) as Arc<dyn Bus>;
    let (identity, reads) = (TestIdentity::new("orders"), || Reads::new(crate::NAME, till.database().clone(), None));
    let orders = Arc::new(TestOrders::default()) as Arc<dyn Orders>;
    let subgraph = crate::subgraph(&reads(), orders, identity.access());
    let telling = crate::tell_caches(Workers::of(Domain::Payments, till.database(), &bus), &reads(), &bus);
    let running = [subgraph.beside().start(), telling.start(), till.run()];

    let order = authorise(5_000, GOOD);
    till.ask(&order).await;
    let id = crate::PaymentId::from_uuid(order.payment_id.uuid()).to_global();
    let body = json!({ "query": format!("{{ payment(id: \"{id}\") {{ status history {{ kind }} }} }}") }).to_string();
    let administrator = Identity::administrator(kit::id::encode("User", kit::seed::user_id(ADMINISTRATOR)));
    let until = async |kind: &str| {
        wait_for(kind, async || {
            let answer = subgraph.execute(body.clone().into(), Some(&identity.token(&administrator))).await;
            let answer: Value = serde_json::from_slice(&answer).unwrap();
            let history = answer["data"]["payment"]["history"].as_array().cloned().unwrap_or_default();
            history.iter().any(|entry| entry["kind"] == kind).then_some(())
        })
        .await;
    };
    until("AUTHORISED").await;
    till.ask(&capture(&order, 5_000)).await;
    until("CAPTURED").await;
    till.ask(&refund(order.payment_id, 5_000)).await;
    until("REFUND_REQUESTED").await;
    until("REFUNDED").await;
    for running in running {
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_reads_back_from_what_is_kept_of_it() {
    let till = Till::open().await;
    let running = till.run();
    let id = till.captured(5_000).await.uuid();
    let mut connection = till.database().connection().await.unwrap();
    let story = stories(&mut connection, &[id]).await.unwrap().remove(&id).unwrap().unwrap();
    let kept: Story = serde_json::from_slice(&serde_json::to_vec(&story).unwrap()).unwrap();
    assert_eq!((kept.id, kept.payment, kept.events), (story.id, story.payment, story.events));
    running.stop().await;
}
