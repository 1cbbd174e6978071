//! Refunds that are refused, that stand still, and captures that nobody takes: nothing of it stops anything else.

use std::sync::atomic::{AtomicU32, Ordering};

use futures::future::ready;

use super::*;
use crate::domain::outcome::Disputed;
use crate::provider::test::{Charged, Fault};
use crate::provider::{
    Asked, Authorisation, Authorise, Capture, ProviderError, Refund, Refunding, Standing, StandingState, Void,
};

/// The test provider, but for one refund that it doesn't understand, and for what it says of voids.
struct Stubborn {
    inner: TestProvider,
    refund_id: RefundId,
    /// What it says has been captured, when it is to let go of it.
    captured: Option<Money>,
    voids: AtomicU32,
}

impl Stubborn {
    fn of(till: &Till) -> Self {
        let refund_id = RefundId::from(Uuid::now_v7());
        Self { inner: till.provider.clone(), refund_id, captured: None, voids: AtomicU32::new(0) }
    }
}

impl PaymentProvider for Stubborn {
    fn authorise<'a>(&'a self, key: &'a str, request: &'a Authorise) -> Asked<'a, Authorisation> {
        self.inner.authorise(key, request)
    }

    fn capture<'a>(&'a self, key: &'a str, reference: &'a str, amount: Money) -> Asked<'a, Capture> {
        self.inner.capture(key, reference, amount)
    }

    fn void<'a>(&'a self, key: &'a str, reference: &'a str) -> Asked<'a, Void> {
        self.voids.fetch_add(1, Ordering::Relaxed);
        match self.captured {
            Some(amount) => Box::pin(ready(Ok(Void::Captured { amount, fee: None }))),
            None => self.inner.void(key, reference),
        }
    }

    fn refund<'a>(&'a self, key: &'a str, reference: &'a str, request: &'a Refund) -> Asked<'a, Refunding> {
        if request.refund_id == self.refund_id {
            let (code, message) = ("not_understood".to_owned(), "told to".to_owned());
            return Box::pin(ready(Err(ProviderError::Rejected { code, message })));
        }
        self.inner.refund(key, reference, request)
    }

    fn find_payment(&self, payment_id: PaymentId) -> Asked<'_, Option<Authorisation>> {
        self.inner.find_payment(payment_id)
    }

    fn find_refund<'a>(&'a self, reference: &'a str, refund_id: RefundId) -> Asked<'a, Option<Refunding>> {
        self.inner.find_refund(reference, refund_id)
    }

    fn payment<'a>(&'a self, reference: &'a str) -> Asked<'a, Option<Standing>> {
        self.inner.payment(reference)
    }

    fn dispute<'a>(&'a self, reference: &'a str) -> Asked<'a, Option<(PaymentId, Disputed)>> {
        self.inner.dispute(reference)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_once_is_made_good_by_another_refund() {
    let till = Till::open().await;
    let running = till.run();
    let payment = till.captured(5_000).await;
    till.provider.fail(Fault::Refusal, 1).await.unwrap();
    let all = |refund_id| RefundPayment { refund_id, or_what_is_left: Some(true), ..refund(payment, 5_000) };
    let (first, second) = (RefundId::from(Uuid::now_v7()), RefundId::from(Uuid::now_v7()));
    let code = async |refund_id| till.reply(till.ask(&all(refund_id)).await).await["refused"]["code"].take();
    assert_eq!(code(first).await, "DECLINED");
    assert_eq!(code(first).await, "DECLINED", "the same one is never asked for again");
    assert!(till.reply(till.ask(&all(second)).await).await["done"].is_object());
    assert_eq!(code(first).await, "NOTHING_LEFT");
    assert_eq!(till.provider.charged(payment).await.unwrap().refunded_minor, 5_000);
    till.check_books().await;
    running.stop().await;
}

/// Nobody is kept from his money by another refund, nor a bank from taking it.
#[tokio::test(flavor = "multi_thread")]
async fn a_refund_that_stands_still_stops_no_other() {
    let till = Till::open().await;
    let running = till.run();
    let payment = till.captured(5_000).await;
    till.deliver().await;
    running.stop().await;
    let stubborn = Stubborn::of(&till);
    let stuck = RefundPayment { refund_id: stubborn.refund_id, ..refund(payment, 1_000) };
    let running = till.run_by(Arc::new(stubborn));
    let asked = till.ask(&stuck).await;
    // The smaller id is the first one to be asked for.
    let other = RefundPayment { refund_id: RefundId::from(Uuid::max()), ..refund(payment, 2_000) };
    assert!(till.reply(till.ask(&other).await).await["done"].is_object());
    let reference = till.provider.reference(payment).await.unwrap().unwrap();
    till.provider.open_dispute(&reference, 1_500).await.unwrap();
    till.deliver().await;
    till.wait_for_status(payment, PaymentStatus::Disputed).await;
    assert_eq!(till.replies(asked).await, Vec::<Value>::new());
    running.stop().await;

    // Somebody has mended it: who asks again has it tried again.
    assert!(till.jobs("failed").await > 0);
    let running = till.run();
    let again = till.ask(&stuck).await;
    for command in [asked, again] {
        assert!(till.reply(command).await["done"].is_object());
    }
    let charged = till.provider.charged(payment).await.unwrap();
    assert_eq!((charged.refunds, charged.refunded_minor), (2, 3_000));
    till.check_books().await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cant_be_captured_is_kept_from_nobody() {
    let till = Till::open().await;
    let running = till.run();
    let order = authorise(5_000, GOOD);
    till.reply(till.ask(&order).await).await;
    till.provider.fail(Fault::Refusal, 1).await.unwrap();
    assert_eq!(till.reply(till.ask(&capture(&order, 5_000)).await).await["refused"]["code"], "DECLINED");
    till.wait_for_status(order.payment_id, PaymentStatus::Voided).await;
    let reference = till.provider.reference(order.payment_id).await.unwrap().unwrap();
    let standing = till.provider.payment(&reference).await.unwrap().unwrap();
    assert_eq!(standing.state, StandingState::Gone);
    assert!(till.reply(till.ask(&void(order.payment_id)).await).await["done"].is_object());
    let charged = Charged { authorisations: 1, ..Charged::default() };
    assert_eq!(till.provider.charged(order.payment_id).await.unwrap(), charged);
    till.check_books().await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_changes_nothing_is_asked_for_once_an_attempt() {
    let till = Till::open().await;
    let running = till.run();
    let order = authorise(5_000, GOOD);
    till.reply(till.ask(&order).await).await;
    running.stop().await;
    // More than was ever kept: nobody can book that.
    let stubborn = Arc::new(Stubborn { captured: Some(euro(6_000)), ..Stubborn::of(&till) });
    let running = till.run_by(Arc::clone(&stubborn) as Arc<dyn PaymentProvider>);
    till.ask(&void(order.payment_id)).await;
    let client = till.database().bulk_connection().await.unwrap();
    let attempts = "SELECT coalesce(max(attempts), 0)::bigint FROM job WHERE key LIKE 'void:%'";
    let attempts = async || client.query_one(attempts, &[]).await.unwrap().get::<_, i64>(0);
    wait_for("another attempt", async || (attempts().await > 1).then_some(())).await;
    let asked = stubborn.voids.load(Ordering::Relaxed);
    assert!((1..=attempts().await).contains(&i64::from(asked)), "{asked}");
    running.stop().await;
}

/// Ids of sagas' commands say nothing of time.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_came_about_by_who_asked_first() {
    let till = Till::open().await;
    let order = authorise(5_000, GOOD);
    let ids = [Uuid::from_u128(u128::MAX - 1), Uuid::from_u128(1)];
    for id in ids {
        till.take(&order, &Request { id, ..request::<AuthorisePayment>() }).await.unwrap();
    }
    let running = till.run();
    for id in ids {
        assert!(till.reply(id).await["done"].is_object());
    }
    let told = till.outbox("payments/events").await;
    let authorised = told.iter().find(|told| told["type"] == "supergraph.payments.authorised.v1").unwrap();
    assert_eq!(authorised["causationid"], ids[0].to_string());
    running.stop().await;
}
