//! The adapter against a server that behaves as Stripe's documentation says.

mod server;

use std::sync::atomic::Ordering;

use uuid::Uuid;
use wire::events::payments::{ChargebackOutcome, DeclineReason};
use wire::money::Currency;

use self::server::{Fault, Stripe};
use super::*;

fn question(token: &str) -> Authorise {
    Authorise {
        payment_id: Uuid::now_v7().into(),
        order_id: Uuid::now_v7().into(),
        amount: euro(5_000),
        method_token: token.to_owned(),
    }
}

fn euro(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

async fn authorised(provider: &StripeProvider, asked: &Authorise) -> String {
    match provider.authorise(&format!("authorise:{}", asked.payment_id), asked).await.unwrap() {
        Authorisation::Authorised { reference, expires_at } => {
            assert_eq!(expires_at.unwrap().timestamp(), 1_900_000_000);
            reference
        }
        declined => panic!("{declined:?}"),
    }
}

crate::provider::behaviour::provider_behaviour_tests!(Stripe::start);

#[tokio::test(flavor = "multi_thread")]
async fn declines_say_why() {
    let (_stripe, provider) = Stripe::start().await;
    let declines = [
        ("pm_insufficient_funds", DeclineReason::InsufficientFunds),
        ("pm_expired_card", DeclineReason::InvalidMethod),
        ("pm_fraudulent", DeclineReason::SuspectedFraud),
        ("pm_do_not_honor", DeclineReason::Unspecified),
        ("pm_missing", DeclineReason::InvalidMethod),
        ("pm_amount_too_small", DeclineReason::Unspecified),
    ];
    for (token, reason) in declines {
        let answer = provider.authorise(token, &question(token)).await.unwrap();
        assert_eq!(answer, Authorisation::Declined(reason), "{token}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn disputes_are_told_with_their_payment() {
    let (stripe, provider) = Stripe::start().await;
    let asked = question("pm_card_visa");
    let reference = authorised(&provider, &asked).await;
    let dispute = |name: &str, status: &str| stripe.dispute(name, &reference, status);
    for (name, status, outcome) in [
        ("dp_1", "needs_response", None),
        ("dp_2", "lost", Some(ChargebackOutcome::Lost)),
        ("dp_3", "won", Some(ChargebackOutcome::Won)),
    ] {
        dispute(name, status);
        let (payment_id, disputed) = provider.dispute(name).await.unwrap().unwrap();
        assert_eq!((payment_id, disputed.outcome), (asked.payment_id, outcome));
        assert_eq!((disputed.amount, disputed.fee), (euro(5_000), Some(euro(2_000))));
    }
    dispute("dp_4", "warning_needs_response");
    assert_eq!(provider.dispute("dp_4").await.unwrap(), None, "an inquiry takes no money");
    assert_eq!(provider.dispute("dp_unknown").await.unwrap(), None);
    assert_eq!(provider.dispute("../accounts").await.unwrap(), None);
}

/// Money isn't kept from anybody for what passes, or can be mended.
#[tokio::test(flavor = "multi_thread")]
async fn a_refund_is_refused_by_what_is_final_alone() {
    let (stripe, provider) = Stripe::start().await;
    let reference = authorised(&provider, &question("pm_card_visa")).await;
    provider.capture("capture", &reference, euro(5_000)).await.unwrap();
    let refund = Refund { refund_id: Uuid::now_v7().into(), amount: euro(5_000) };
    for fault in [
        Fault::Invalid("balance_insufficient"),
        Fault::Invalid("parameter_unknown"),
        Fault::Invalid("payment_intent_unexpected_state"),
        Fault::Parameter("metadata"),
    ] {
        stripe.fail(fault);
        let answer = provider.refund("refund", &reference, &refund).await;
        assert!(matches!(&answer, Err(error) if error.is_passing()), "{fault:?} {answer:?}");
    }
    stripe.fail(Fault::Invalid("resource_missing"));
    let answer = provider.refund("refund", &reference, &refund).await;
    assert!(matches!(&answer, Err(error) if !error.is_passing()), "{answer:?}");
    for fault in [Fault::Invalid("charge_disputed"), Fault::Parameter("amount")] {
        stripe.fail(fault);
        assert_eq!(provider.refund("refund", &reference, &refund).await.unwrap(), Refunding::Refused, "{fault:?}");
    }
    assert_eq!(provider.refund("refund", &reference, &refund).await.unwrap(), Refunding::Refunded);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_passes_is_told_from_what_doesnt() {
    let (stripe, provider) = Stripe::start().await;
    let asked = question("pm_card_visa");
    for fault in [Fault::Status(500), Fault::Status(503), Fault::Status(409), Fault::Status(429), Fault::Drop] {
        stripe.fail(fault);
        let answer = provider.authorise("key", &asked).await;
        assert!(matches!(&answer, Err(error) if error.is_passing()), "{fault:?} {answer:?}");
    }
    for fault in [Fault::Status(401), Fault::Status(403), Fault::Garbage, Fault::Endless] {
        stripe.fail(fault);
        let answer = provider.authorise("key", &asked).await;
        assert!(matches!(&answer, Err(error) if !error.is_passing()), "{fault:?} {answer:?}");
    }
    let seen = stripe.requests.load(Ordering::Relaxed);
    assert!(seen >= 9, "{seen}");
    assert_eq!(stripe.intents(), 0);
}
