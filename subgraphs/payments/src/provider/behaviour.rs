//! What every provider does, told as stories: each is run on each of them by [`provider_behaviour_tests`].

use futures::future::join_all;
use uuid::Uuid;
use wire::events::payments::DeclineReason;
use wire::money::{Currency, Money};

use super::test::{EXPIRED, FRAUDULENT, GOOD, INSUFFICIENT_FUNDS};
use super::{
    Authorisation, Authorise, Capture, PaymentProvider, ProviderError, Refund, Refunding, StandingState, Void,
};

/// Runs the stories as tests of the module that it stands in. `$open` is an async function that gives a provider, and what has to live
/// as long as it.
macro_rules! provider_behaviour_tests {
    ($open:path) => {
        $crate::provider::behaviour::provider_behaviour_tests!(
            $open: keeps_takes_and_gives_back_once_a_key, a_key_has_one_question, lets_go_of_what_is_kept, declines_with_reason,
            knows_nothing_of_what_never_arrived, many_at_once_are_one
        );
    };
    ($open:path: $($story:ident),+) => {
        $(#[tokio::test(flavor = "multi_thread")]
        async fn $story() {
            let (_kept, provider) = $open().await;
            $crate::provider::behaviour::$story(&provider).await;
        })+
    };
}
pub(crate) use provider_behaviour_tests;

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

fn key() -> String {
    Uuid::now_v7().to_string()
}

fn refund_of(minor: i64) -> Refund {
    Refund { refund_id: Uuid::now_v7().into(), amount: euro(minor) }
}

async fn authorised(provider: &dyn PaymentProvider, key: &str, asked: &Authorise) -> String {
    match provider.authorise(key, asked).await.unwrap() {
        Authorisation::Authorised { reference, expires_at } => {
            assert!(expires_at.is_some_and(|at| at > chrono::Utc::now()));
            reference
        }
        declined @ Authorisation::Declined(_) => panic!("{declined:?}"),
    }
}

pub async fn keeps_takes_and_gives_back_once_a_key(provider: &dyn PaymentProvider) {
    let (asked, authorise, capture) = (question(GOOD), key(), key());
    let reference = authorised(provider, &authorise, &asked).await;
    assert_eq!(authorised(provider, &authorise, &asked).await, reference);
    let standing = provider.payment(&reference).await.unwrap().unwrap();
    assert_eq!((standing.payment_id, standing.state), (asked.payment_id, StandingState::Kept));
    // The second time by its key; the third by another, when the first is forgotten.
    for key in [&capture, &capture, &key()] {
        let captured = provider.capture(key, &reference, euro(4_000)).await.unwrap();
        assert_eq!(captured, Capture::Captured { amount: euro(4_000), fee: Some(euro(85)) });
    }
    let captured = Void::Captured { amount: euro(4_000), fee: Some(euro(85)) };
    assert_eq!(provider.void(&key(), &reference).await.unwrap(), captured);
    let (refund, refund_key) = (refund_of(1_500), key());
    for _time in 0..2 {
        assert_eq!(provider.refund(&refund_key, &reference, &refund).await.unwrap(), Refunding::Refunded);
    }
    assert_eq!(provider.find_refund(&reference, refund.refund_id).await.unwrap(), Some(Refunding::Refunded));
    assert_eq!(provider.refund(&key(), &reference, &refund_of(2_501)).await.unwrap(), Refunding::Refused);
    assert_eq!(provider.refund(&key(), &reference, &refund_of(2_500)).await.unwrap(), Refunding::Refunded);
    let found = provider.find_payment(asked.payment_id).await.unwrap();
    assert!(matches!(found, Some(Authorisation::Authorised { reference: found, .. }) if found == reference));
}

pub async fn a_key_has_one_question(provider: &dyn PaymentProvider) {
    let (asked, authorise) = (question(GOOD), key());
    let reference = authorised(provider, &authorise, &asked).await;
    let other = Authorise { amount: euro(6_000), ..asked };
    let conflict = provider.authorise(&authorise, &other).await;
    assert!(matches!(conflict, Err(ProviderError::Rejected { .. })), "{conflict:?}");
    let standing = provider.payment(&reference).await.unwrap().unwrap();
    assert_eq!(standing.state, StandingState::Kept, "nothing has changed");
}

pub async fn lets_go_of_what_is_kept(provider: &dyn PaymentProvider) {
    let reference = authorised(provider, &key(), &question(GOOD)).await;
    let void = key();
    for key in [&void, &void, &key()] {
        assert_eq!(provider.void(key, &reference).await.unwrap(), Void::Voided);
    }
    assert_eq!(provider.capture(&key(), &reference, euro(1)).await.unwrap(), Capture::Gone);
    assert_eq!(provider.payment(&reference).await.unwrap().unwrap().state, StandingState::Gone);
    assert_eq!(provider.refund(&key(), &reference, &refund_of(1)).await.unwrap(), Refunding::Refused);
}

pub async fn declines_with_reason(provider: &dyn PaymentProvider) {
    for (token, reason) in [
        (INSUFFICIENT_FUNDS, DeclineReason::InsufficientFunds),
        (EXPIRED, DeclineReason::InvalidMethod),
        (FRAUDULENT, DeclineReason::SuspectedFraud),
    ] {
        let (asked, key) = (question(token), key());
        for _time in 0..2 {
            let answer = provider.authorise(&key, &asked).await.unwrap();
            assert_eq!(answer, Authorisation::Declined(reason.clone()), "{token}");
        }
    }
}

pub async fn knows_nothing_of_what_never_arrived(provider: &dyn PaymentProvider) {
    let reference = authorised(provider, &key(), &question(GOOD)).await;
    assert_eq!(provider.find_payment(Uuid::now_v7().into()).await.unwrap(), None);
    assert_eq!(provider.find_refund(&reference, Uuid::now_v7().into()).await.unwrap(), None);
    assert_eq!(provider.payment("pi_unknown").await.unwrap(), None);
    assert_eq!(provider.dispute("dp_unknown").await.unwrap(), None);
    assert_eq!(provider.dispute("../accounts").await.unwrap(), None);
}

pub async fn many_at_once_are_one(provider: &dyn PaymentProvider) {
    let (asked, key) = (question(GOOD), key());
    let answers = join_all((0..16).map(|_| provider.authorise(&key, &asked))).await;
    let reference = authorised(provider, &key, &asked).await;
    for answer in answers {
        match answer {
            Ok(Authorisation::Authorised { reference: one, .. }) => assert_eq!(one, reference),
            Ok(declined) => panic!("{declined:?}"),
            // The first is still under way.
            Err(error) => assert!(error.is_passing(), "{error}"),
        }
    }
}
