//! Workers that end between the provider's charge and our record of it.

use super::*;
use crate::provider::test::{Charged, Fault};

/// Short leases, so that a dead worker's job is taken over soon.
fn impatient() -> JobConfig {
    JobConfig { lease_ms: 300, poll_ms: 50, ..JobConfig::default() }
}

/// Waits until the provider has done it and keeps the answer back, then lets the worker die with it.
async fn die_after(till: &Till, done: impl AsyncFn(Charged) -> bool, payment: PaymentId) {
    let dying = till.run_with(impatient());
    let hangs = async || (till.provider.remaining(Fault::Hang).await.unwrap() == 0).then_some(());
    wait_for("the provider to keep its answer back", hangs).await;
    assert!(done(till.provider.charged(payment).await.unwrap()).await, "it was done before that");
    drop(dying);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_charge_and_record_charges_once() {
    let till = Till::open().await;
    let order = authorise(5_000, GOOD);
    let asked = till.ask(&order).await;
    till.provider.fail(Fault::Hang, 1).await.unwrap();
    die_after(&till, async |charged| charged.authorisations == 1, order.payment_id).await;
    assert_eq!(till.payment(order.payment_id).await.status(), Some(PaymentStatus::Requested), "nobody wrote it down");

    let running = till.run_with(impatient());
    assert!(till.reply(asked).await["done"].is_object());
    running.stop().await;

    let captured = till.ask(&capture(&order, 5_000)).await;
    till.provider.fail(Fault::Hang, 1).await.unwrap();
    die_after(&till, async |charged| charged.captures == 1, order.payment_id).await;
    let part = till.ask(&refund(order.payment_id, 2_000)).await;
    let refused = till.reply(part).await;
    assert_eq!(refused["refused"]["code"], "NOT_CAPTURED", "what isn't written down didn't happen yet");

    let running = till.run_with(impatient());
    assert_eq!(till.reply(captured).await["done"]["amount_captured"]["amount_minor"], 5_000);
    running.stop().await;
    let part = till.ask(&refund(order.payment_id, 2_000)).await;
    till.provider.fail(Fault::Hang, 1).await.unwrap();
    die_after(&till, async |charged| charged.refunds == 1, order.payment_id).await;

    let running = till.run_with(impatient());
    assert_eq!(till.reply(part).await["done"]["amount_refunded"]["amount_minor"], 2_000);
    let once = Charged { authorisations: 1, captures: 1, captured_minor: 5_000, refunds: 1, refunded_minor: 2_000 };
    assert_eq!(till.provider.charged(order.payment_id).await.unwrap(), once);
    assert_eq!(till.told(order.payment_id).await, ["authorised.v1", "captured.v1", "refunded.v1"]);
    till.check_books().await;
    running.stop().await;
}

/// The answer is lost with the worker, and nobody else is there; but the provider tells.
#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_finishes_what_a_dead_worker_began() {
    let till = Till::open().await;
    let order = authorise(5_000, GOOD);
    let asked = till.ask(&order).await;
    till.provider.fail(Fault::Hang, 1).await.unwrap();
    die_after(&till, async |charged| charged.authorisations == 1, order.payment_id).await;
    let client = till.database().bulk_connection().await.unwrap();
    client.batch_execute("DELETE FROM job").await.unwrap();
    let running = till.run();
    till.deliver().await;
    assert!(till.reply(asked).await["done"].is_object());
    assert_eq!(till.provider.charged(order.payment_id).await.unwrap().authorisations, 1);
    running.stop().await;
}
