//! A customer is blocked, whatever their orders are at: these are cancelled by commands, each on its own.

use std::time::Duration;

use chrono::Utc;
use kit::GlobalId as _;
use kit::seed::CUSTOMER;
use kit::testing::wait_for;
use uuid::Uuid;
use wire::Domain;
use wire::event::{Envelope, Stamp};
use wire::events::users::{BlockReason, UserBlocked};
use wire::topic::{Purpose, Topic};

use super::buying::{Busy, uuid};
use super::placing::{PLACE, request};
use super::{Shop, customer};
use crate::UserId;
use crate::store::{Actor, customer_block};

/// Told as users do.
async fn block(busy: &Busy) {
    let blocked = UserBlocked { user_id: kit::seed::user_id(CUSTOMER).into(), reason: BlockReason::Chargeback };
    let told = Envelope::event(&blocked, Stamp { id: Uuid::now_v7(), time: Utc::now() }).unwrap();
    let topic = Topic::of(Domain::Users, Purpose::Events);
    busy.others.bus.publish(&topic, &[told.to_message().unwrap()]).await.unwrap();
}

async fn count(shop: &Shop, statement: &str) -> i64 {
    let client = shop.database.database().bulk_connection().await.unwrap();
    client.query_one(statement, &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stuck_saga_keeps_nobody_from_being_blocked() {
    let busy = Busy::open().await;
    let stuck = busy.place("a", "tok_visa", &[(3, 1)]).await;
    let other = busy.place("b", "tok_visa", &[(3, 1)]).await;
    for id in [&stuck, &other] {
        busy.until(id, "PAID").await;
    }
    let client = busy.shop.database.database().bulk_connection().await.unwrap();
    let stick = "UPDATE saga SET status = 'stuck', reason = 'a bug' WHERE id::text = $1";
    assert_eq!(client.execute(stick, &[&uuid(&stuck).to_string()]).await.unwrap(), 1);

    block(&busy).await;
    assert_eq!(busy.until(&other, "CANCELLED").await["cancellationReason"], "USER_BLOCKED");
    let refused = async || {
        let answer = busy.shop.ask(&customer(), PLACE, request("c", &[(3, 1)])).await;
        (answer["errors"][0]["extensions"]["code"] == "FORBIDDEN").then_some(())
    };
    wait_for("nothing to be taken any more", refused).await;

    // It stands where it did, and nobody has to ask again.
    let told = async || (count(&busy.shop, "SELECT count(*) FROM saga_input").await == 1).then_some(());
    wait_for("the stuck saga to be told", told).await;
    assert_eq!(busy.order(&stuck).await["status"], "PAID");
    assert!(kit::saga::retry(busy.shop.database.database(), "place-order", uuid(&stuck)).await.unwrap());
    assert_eq!(busy.until(&stuck, "CANCELLED").await["cancellationReason"], "USER_BLOCKED");
    busy.until_settled().await;
    for id in [&stuck, &other] {
        assert_eq!(busy.others.thing("payment", uuid(id)).await.as_deref(), Some("refunded"));
    }
    assert_eq!(count(&busy.shop, "SELECT count(*) FROM dead_letter").await, 0);
}

/// Whoever takes a step of an order's saga has its row first and the customer's then; and all who append wait for one row.
#[tokio::test(flavor = "multi_thread")]
async fn blocking_waits_for_nobodys_order() {
    let busy = Busy::open().await;
    let id = busy.place("a", "tok_visa", &[(3, 1)]).await;
    busy.until(&id, "PAID").await;
    let client = busy.shop.database.database().bulk_connection().await.unwrap();
    let hold = "BEGIN; SELECT FROM saga FOR UPDATE; SELECT FROM event_head FOR UPDATE";
    client.batch_execute(hold).await.unwrap();
    let database = busy.shop.database.database();
    let customer = UserId::from_uuid(kit::seed::user_id(CUSTOMER));
    let blocking = database.unit(async |connection| customer_block(connection, customer, &Actor::user(customer)).await);
    // Less than any statement waits for a lock.
    tokio::time::timeout(Duration::from_secs(20), blocking).await.unwrap().unwrap();
    assert_eq!(busy.order(&id).await["status"], "PAID");
    client.batch_execute("COMMIT").await.unwrap();
    assert_eq!(busy.until(&id, "CANCELLED").await["cancellationReason"], "USER_BLOCKED");
}

/// A command is a matter of its order's, as all messages about that.
#[tokio::test(flavor = "multi_thread")]
async fn one_command_is_sent_for_each_open_order() {
    let shop = Shop::seeded().await;
    let customer = UserId::from_uuid(kit::seed::user_id(CUSTOMER));
    let open = "SELECT count(*) FROM order_list.entry WHERE status IN ('PLACED', 'RESERVED', 'PAID', 'PACKED') \
        AND customer_id::text = $1";
    let client = shop.database.database().bulk_connection().await.unwrap();
    let open: i64 = client.query_one(open, &[&customer.uuid().to_string()]).await.unwrap().get(0);
    assert!(open > 0);
    let database = shop.database.database();
    database.unit(async |connection| customer_block(connection, customer, &Actor::user(customer)).await).await.unwrap();
    let sent = client.query("SELECT envelope FROM outbox WHERE topic = 'orders/commands'", &[]).await.unwrap();
    assert_eq!(sent.len() as i64, open);
    for row in sent {
        let sent = Envelope::parse(row.get(0)).unwrap();
        assert_eq!(sent.sender(), Some(Domain::Orders));
        assert!(sent.data.is_some_and(|data| data.as_str().contains("USER_BLOCKED")));
        assert_eq!(sent.correlation_id.unwrap(), uuid(&sent.subject.unwrap()).to_string());
    }
}
