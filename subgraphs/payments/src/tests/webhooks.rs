//! What begins at the bank: disputes and authorisations that run out, told twice and in any order.

use wire::events::payments::ChargebackOutcome;

use super::*;
use crate::provider::test::Fault;

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_dispute_is_booked_once_and_blocks_the_payer() {
    let till = Till::open().await;
    let running = till.run();
    let payment = till.captured(5_000).await;
    let reference = till.provider.reference(payment).await.unwrap().unwrap();
    let dispute = till.provider.open_dispute(&reference, 5_000).await.unwrap();
    till.provider.close_dispute(&dispute, &ChargebackOutcome::Lost).await.unwrap();
    till.provider.fail(Fault::DuplicateWebhooks, 5).await.unwrap();
    till.provider.fail(Fault::OutOfOrderWebhooks, 5).await.unwrap();
    till.deliver().await;
    till.wait_for_status(payment, PaymentStatus::Disputed).await;
    let told = till.told(payment).await;
    assert_eq!(told, ["authorised.v1", "captured.v1", "chargeback-opened.v1", "chargeback-closed.v1"]);
    let asked = till.outbox("users/commands").await;
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0]["type"], "supergraph.users.block-user.v1");
    assert_eq!(asked[0]["data"]["payment_id"], payment.to_string());
    let refused = till.reply(till.ask(&refund(payment, 100)).await).await;
    assert_eq!(refused["refused"]["code"], "CHARGED_BACK");
    let mut connection = till.database().connection().await.unwrap();
    let balances = ledger::balances(&mut connection).await.unwrap();
    let of = |account: &str| {
        let found = balances.iter().find(|(name, ..)| name == account);
        found.map_or(0, |(_, _, minor)| minor.parse::<i64>().unwrap())
    };
    assert_eq!((of("disputed_funds"), of("dispute_losses"), of("merchant_revenue")), (0, 5_000, -5_000));
    // 1.5 % and 25 of the sale, 2000 of the dispute.
    assert_eq!((of("provider_fees"), of("provider_clearing")), (2_100, -2_100));
    till.check_books().await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_won_dispute_gives_the_money_again() {
    let till = Till::open().await;
    let running = till.run();
    let payment = till.captured(5_000).await;
    let reference = till.provider.reference(payment).await.unwrap().unwrap();
    let dispute = till.provider.open_dispute(&reference, 3_000).await.unwrap();
    till.deliver().await;
    till.wait_for_status(payment, PaymentStatus::Disputed).await;
    assert_eq!(till.payment(payment).await.refundable_minor(), 2_000);
    till.provider.close_dispute(&dispute, &ChargebackOutcome::Won).await.unwrap();
    till.deliver().await;
    till.wait_for_status(payment, PaymentStatus::Captured).await;
    assert_eq!(till.outbox("users/commands").await, Vec::<Value>::new());
    assert!(till.reply(till.ask(&refund(payment, 5_000)).await).await["done"].is_object());
    till.check_books().await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authorisation_that_runs_out_is_voided() {
    let till = Till::open().await;
    let running = till.run();
    let order = authorise(5_000, GOOD);
    till.reply(till.ask(&order).await).await;
    till.deliver().await;
    let reference = till.provider.reference(order.payment_id).await.unwrap().unwrap();
    till.provider.expire(&reference).await.unwrap();
    till.deliver().await;
    till.wait_for_status(order.payment_id, PaymentStatus::Voided).await;
    let told = till.outbox("payments/events").await;
    assert_eq!(told.last().unwrap()["data"]["reason"], "EXPIRED");
    assert_eq!(till.reply(till.ask(&capture(&order, 5_000)).await).await["refused"]["code"], "NOT_AUTHORISED");
    // And one whose end nobody told of is found out by who wants to take it.
    let silent = authorise(6_000, GOOD);
    till.reply(till.ask(&silent).await).await;
    let reference = till.provider.reference(silent.payment_id).await.unwrap().unwrap();
    till.provider.expire(&reference).await.unwrap();
    assert_eq!(till.reply(till.ask(&capture(&silent, 6_000)).await).await["refused"]["code"], "NOT_AUTHORISED");
    assert_eq!(till.payment(silent.payment_id).await.status(), Some(PaymentStatus::Voided));
    till.check_books().await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_that_comes_again_can_be_made_another_time() {
    let till = Till::open().await;
    let running = till.run();
    let payment = till.captured(5_000).await;
    let first = refund(payment, 5_000);
    assert!(till.reply(till.ask(&first).await).await["done"].is_object());
    till.deliver().await;
    till.wait_for_status(payment, PaymentStatus::Refunded).await;
    till.provider.fail_refund(first.refund_id).await.unwrap();
    till.provider.fail(Fault::DuplicateWebhooks, 5).await.unwrap();
    till.deliver().await;
    till.wait_for_status(payment, PaymentStatus::Captured).await;
    assert_eq!(
        till.told(payment).await,
        ["authorised.v1", "captured.v1", "refunded.v1", "refund-failed.v1"],
        "once, and so that others hear of it"
    );
    let told = till.outbox("payments/events").await;
    let failed = told.iter().find(|told| told["type"] == "supergraph.payments.refund-failed.v1").unwrap();
    assert_eq!(failed["data"]["refund_id"], first.refund_id.to_string());
    let minor = |amount: &str| failed["data"][amount]["amount_minor"].clone();
    assert_eq!((minor("amount"), minor("amount_refunded")), (Value::from(5_000), Value::from(0)));
    assert_eq!(till.reply(till.ask(&first).await).await["refused"]["code"], "DECLINED");
    assert!(till.reply(till.ask(&refund(payment, 5_000)).await).await["done"].is_object());
    till.check_books().await;
    running.stop().await;
}
