//! Refunds of what the payer's bank has: they wait for the end of the dispute, and what is won is given back at once.

use wire::events::payments::ChargebackOutcome;

use super::*;
use crate::provider::test::Fault;

/// The bank takes so much back. Gives the dispute's name.
async fn dispute(till: &Till, payment: PaymentId, minor: i64) -> String {
    let reference = till.provider.reference(payment).await.unwrap().unwrap();
    let name = till.provider.open_dispute(&reference, minor).await.unwrap();
    till.deliver().await;
    till.wait_for_status(payment, PaymentStatus::Disputed).await;
    name
}

async fn close(till: &Till, name: &str, outcome: ChargebackOutcome) {
    till.provider.close_dispute(name, &outcome).await.unwrap();
    till.deliver().await;
}

/// All of it, as a saga asks for it.
fn all(payment: PaymentId) -> RefundPayment {
    RefundPayment { or_what_is_left: Some(true), ..refund(payment, 5_000) }
}

async fn awaited(till: &Till) -> i64 {
    let client = till.database().bulk_connection().await.unwrap();
    client.query_one("SELECT count(*) FROM payment_awaited_reply", &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_won_is_given_back_to_who_waits_for_it() {
    let till = Till::open().await;
    let running = till.run();
    let payment = till.captured(5_000).await;
    let name = dispute(&till, payment, 5_000).await;
    // A saga asks again and again, and waits for the last answer alone.
    let (order, first) = (all(payment), request::<RefundPayment>());
    let last = Request { id: Uuid::now_v7(), ..first.clone() };
    for request in [&first, &last, &last] {
        till.take(&order, request).await.unwrap();
    }
    assert_eq!(awaited(&till).await, 1);
    till.provider.fail(Fault::DuplicateWebhooks, 5).await.unwrap();
    close(&till, &name, ChargebackOutcome::Won).await;
    let reply = till.reply(last.id).await;
    assert_eq!(reply["done"]["amount"]["amount_minor"], 5_000, "{reply}");
    assert_eq!((&reply["done"]["is_rest_open"], till.replies(first.id).await), (&Value::Null, Vec::new()));
    let charged = till.provider.charged(payment).await.unwrap();
    assert_eq!((charged.refunds, charged.refunded_minor, awaited(&till).await), (1, 5_000, 0));
    let told = ["authorised.v1", "captured.v1", "chargeback-opened.v1", "chargeback-closed.v1", "refunded.v1"];
    assert_eq!(till.told(payment).await, told);
    till.wait_for_status(payment, PaymentStatus::Refunded).await;
    till.check_books().await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_what_is_lost_nothing_is_given_back() {
    let till = Till::open().await;
    let running = till.run();
    let payment = till.captured(5_000).await;
    let name = dispute(&till, payment, 5_000).await;
    let asked = till.ask(&all(payment)).await;
    assert_eq!(till.replies(asked).await, Vec::<Value>::new());
    close(&till, &name, ChargebackOutcome::Lost).await;
    assert_eq!(till.reply(asked).await["refused"]["code"], "CHARGED_BACK");
    assert_eq!((till.provider.charged(payment).await.unwrap().refunds, awaited(&till).await), (0, 0));
    till.check_books().await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_bank_has_is_given_back_at_once_and_the_rest_when_it_is_won() {
    let till = Till::open().await;
    let running = till.run();
    let payment = till.captured(5_000).await;
    let name = dispute(&till, payment, 2_000).await;
    let given = |reply: &Value| {
        let done = &reply["done"];
        (done["amount"]["amount_minor"].as_i64().unwrap(), done["is_rest_open"].as_bool())
    };
    assert_eq!(given(&till.reply(till.ask(&all(payment)).await).await), (3_000, Some(true)));
    let rest = till.ask(&all(payment)).await;
    assert_eq!(till.replies(rest).await, Vec::<Value>::new());
    close(&till, &name, ChargebackOutcome::Won).await;
    assert_eq!(given(&till.reply(rest).await), (2_000, None));
    assert_eq!(till.provider.charged(payment).await.unwrap().refunded_minor, 5_000);
    till.check_books().await;
    running.stop().await;
}

/// The dispute is known to the provider before it is told of: what is refused for it isn't given up.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_for_a_dispute_is_given_back_when_it_is_won() {
    let till = Till::open().await;
    let running = till.run();
    let payment = till.captured(5_000).await;
    till.provider.fail(Fault::Refusal, 1).await.unwrap();
    let refused = all(payment);
    assert_eq!(till.reply(till.ask(&refused).await).await["refused"]["code"], "DECLINED");
    let name = dispute(&till, payment, 5_000).await;
    assert_eq!(till.reply(till.ask(&refused).await).await["refused"]["code"], "DECLINED");
    let next = till.ask(&RefundPayment { instead_of: Some(refused.refund_id), ..all(payment) }).await;
    assert_eq!(till.replies(next).await, Vec::<Value>::new());
    close(&till, &name, ChargebackOutcome::Won).await;
    assert!(till.reply(next).await["done"].is_object());
    assert_eq!(till.provider.charged(payment).await.unwrap().refunded_minor, 5_000);
    till.check_books().await;
    running.stop().await;
}
