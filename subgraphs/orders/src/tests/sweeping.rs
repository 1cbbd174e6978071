//! Documents of invoices that nobody knows of are gone after a night.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use kit::job::{NewJob, RunAt, Scheduled, enqueue};
use kit::objects::{ObjectKey, ObjectStorage, put};
use kit::testing::wait_for;
use kit::worker::Running;
use kit::{GlobalId as _, Workers};
use uuid::Uuid;

use super::Shop;
use super::files::{Failing, Files};
use crate::{OrderId, UserId, invoicing};

/// A document of an invoice that was written two days ago.
async fn old(files: &Files, key: &ObjectKey) {
    put(&*files.storage(), key, Bytes::from_static(b"%PDF")).await.unwrap();
    let days_ago = SystemTime::now() - Duration::from_secs(2 * 24 * 60 * 60);
    std::fs::File::options().write(true).open(files.path(key)).unwrap().set_modified(days_ago).unwrap();
}

/// The document of an order's invoice.
fn key(order: Uuid) -> ObjectKey {
    invoicing::object_key(OrderId::from_uuid(order)).unwrap()
}

/// Begins a night and waits until it is over; whoever works in it, its attempts, and the documents that it has looked at.
async fn night(shop: &Shop, storage: &Arc<dyn ObjectStorage>) -> (Running, i32, i64) {
    let running = Workers::new("orders").with(crate::jobs(shop.database.database(), storage)).start();
    let mut connection = shop.database.database().connection().await.unwrap();
    let payload = Scheduled { due: chrono::Utc::now() };
    let job = NewJob { kind: "orders.sweep-invoices", key: "now", payload, run_at: RunAt::Now };
    enqueue(&mut connection, &job).await.unwrap();
    let client = shop.database.database().bulk_connection().await.unwrap();
    let done = "SELECT attempts, done FROM job WHERE kind = 'orders.sweep-invoices' AND key = 'now' AND state = 'done'";
    let over =
        async || client.query_opt(done, &[]).await.unwrap().map(|row| (row.get::<_, i32>(0), row.get::<_, i64>(1)));
    let (attempts, documents) = wait_for("the night to be over", over).await;
    (running, attempts, documents)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_after_a_customer_was_forgotten_goes_in_the_night() {
    let files = Files::open().await;
    let shop = Shop::seeded_with(Some(files.storage())).await;
    let client = shop.database.database().bulk_connection().await.unwrap();
    let [kept, late, made, forgotten] = [1_u128, 2, 3, 4].map(Uuid::from_u128);
    for (number, (order, is_erased, has_key)) in
        [(kept, false, true), (made, false, false), (forgotten, true, false)].into_iter().enumerate()
    {
        let customer = UserId::from_uuid(Uuid::now_v7()).uuid();
        let object_key = if has_key { format!("'{}'", key(order)) } else { "NULL".to_owned() };
        let erased_at = if is_erased { "now()" } else { "NULL" };
        let rows = format!(
            "INSERT INTO customer (id, erased_at) VALUES ('{customer}', {erased_at}); \
             INSERT INTO invoice (order_id, number, customer_id, issued_at, object_key) \
             VALUES ('{order}', {number}, '{customer}', now(), {object_key})",
            number = number + 1_000,
        );
        client.batch_execute(&rows).await.unwrap();
    }
    let other = ObjectKey::parse("invoices/readme.txt").unwrap();
    for key in [&key(kept), &key(late), &key(made), &key(forgotten), &other] {
        old(&files, key).await;
    }
    // Whoever has just written it may still say so.
    let young = key(Uuid::from_u128(5));
    put(&*files.storage(), &young, Bytes::from_static(b"%PDF")).await.unwrap();

    let (running, attempts, documents) = night(&shop, &files.storage()).await;
    assert_eq!((attempts, documents), (1, 6));
    let mut left = files.keys("invoices").await;
    left.sort();
    let mut expected = [key(kept), key(made), young].map(|key| key.to_string()).to_vec();
    expected.push(other.to_string());
    expected.sort();
    assert_eq!(left, expected);
    // The next night is planned.
    let planned = "SELECT count(*) FROM job WHERE kind = 'orders.sweep-invoices' AND state = 'waiting' \
        AND extract(hour FROM due_at AT TIME ZONE 'UTC') = 4";
    let is_planned = async || (client.query_one(planned, &[]).await.unwrap().get::<_, i64>(0) == 1).then_some(());
    wait_for("the next night", is_planned).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_broken_off_goes_on_where_it_was() {
    let files = Files::open().await;
    let shop = Shop::seeded_with(Some(files.storage())).await;
    // One batch, which is done with, and some of the next.
    for number in 0..1_003 {
        old(&files, &key(Uuid::from_u128(number))).await;
    }
    let breaking: Arc<dyn ObjectStorage> = Arc::new(Failing::new(files.storage(), 0).breaking_off_after(1_001));
    let (running, attempts, documents) = night(&shop, &breaking).await;
    assert_eq!((attempts, documents), (2, 1_003), "each was looked at once");
    assert!(files.keys("invoices").await.is_empty());
    running.stop().await;
}
