//! The read model: what lists show is what has happened, also when it is made anew.

use kit::projection::rebuild;
use kit::{PageBound, PageRequest};

use super::*;
use crate::projection::{PaymentFilter, PaymentPosition, list};

async fn rows(till: &Till) -> Vec<String> {
    let client = till.database().bulk_connection().await.unwrap();
    let rows = client.query("SELECT entry::text FROM payment_list.entry AS entry ORDER BY id", &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

async fn wait_until_settled(till: &Till) {
    let settled = async || {
        let mut connection = till.database().connection().await.unwrap();
        let status = kit::projection::status(&mut connection).await.unwrap();
        (status.len() == 1 && status[0].behind() == 0).then_some(())
    };
    wait_for("the read model", settled).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_follow_what_happens_and_are_rebuilt_to_the_byte() {
    let till = Till::open().await;
    let running = till.run();
    let first = till.captured(5_000).await;
    till.reply(till.ask(&refund(first, 1_000)).await).await;
    let second = till.captured(6_000).await;
    let kept = authorise(7_000, GOOD);
    till.reply(till.ask(&kept).await).await;
    // Of nobody.
    till.ask(&void(PaymentId::from(Uuid::now_v7()))).await;
    wait_until_settled(&till).await;
    let of = async |status| {
        let page = PageRequest::parse(None, None, None, None, PageBound::new("payments:newest")).unwrap();
        let filter = PaymentFilter { status, ..PaymentFilter::default() };
        let mut connection = till.database().connection().await.unwrap();
        let found: Vec<PaymentPosition> = list(&mut connection, filter, &page).await.unwrap();
        found.into_iter().map(|position| position.id).collect::<Vec<_>>()
    };
    assert_eq!(of(None).await, [kept.payment_id.uuid(), second.uuid(), first.uuid()]);
    assert_eq!(of(Some(PaymentStatus::PartiallyRefunded)).await, [first.uuid()]);
    assert_eq!(of(Some(PaymentStatus::Authorised)).await, [kept.payment_id.uuid()]);
    let before = rows(&till).await;
    assert_eq!(before.len(), 3);
    rebuild(till.database(), &PaymentList).await.unwrap();
    wait_until_settled(&till).await;
    assert_eq!(rows(&till).await, before);
    running.stop().await;
}

/// Among many of others.
#[tokio::test(flavor = "multi_thread")]
async fn a_customers_payments_are_found_by_an_index() {
    let till = Till::open().await;
    let running = till.run();
    till.captured(5_000).await;
    wait_until_settled(&till).await;
    running.stop().await;
    let client = till.database().bulk_connection().await.unwrap();
    let many = "INSERT INTO payment_list.entry (id, order_id, customer_id, requested_at, status, state) \
        SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), now(), 'captured', '' FROM generate_series(1, 5000); \
        ANALYZE payment_list.entry";
    client.batch_execute(many).await.unwrap();
    let plan = "EXPLAIN SELECT requested_at, id FROM payment_list.entry \
        WHERE customer_id = '00000000-0000-0000-0000-000000000001' \
        ORDER BY requested_at DESC, id DESC LIMIT 21";
    let plan: Vec<String> = client.query(plan, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert!(plan.iter().any(|line| line.contains("entry_by_customer")), "{plan:#?}");
}
