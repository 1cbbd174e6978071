//! Taking what is asked.

use chrono::Utc;
use diesel_async::AsyncPgConnection;
use kit::command::Request;
use kit::event_store::{Metadata, load};
use serde::{Deserialize, Serialize};
use wire::command::Command;
use wire::commands::payments::{AuthorisePayment, AuthorisePaymentRefusal, CapturePayment, RefundPayment, VoidPayment};
use wire::id::PaymentId;

use super::lock::lock;
use super::{Awaited, DeskError, write};
use crate::domain::Payment;
use crate::domain::decide::{Answer, Decision, Request as Payable, authorise, capture, refund, void};

/// What can be asked about a payment; as it is kept until it is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// Keep an amount.
    Authorise(AuthorisePayment),
    /// Take it.
    Capture(CapturePayment),
    /// Let go of it.
    Void(VoidPayment),
    /// Give it back.
    Refund(RefundPayment),
}

/// Something that can be asked about a payment.
pub trait Order: Command {
    /// Which payment.
    fn payment_id(&self) -> PaymentId;
    /// What becomes of it.
    fn decide(&self, payment: &Payment) -> Decision<Self>
    where
        Self: Sized;
    /// In the form in which it is kept.
    fn asked(&self) -> Asked;
    /// The means of payment, which no event may hold.
    fn method_token(&self) -> Option<&str> {
        None
    }
}

/// Takes `order`: what it makes happen is written in the caller's transaction, the provider is asked by a job after it, and
/// `awaited` is answered now or then. Gives the answer, if there is one now.
///
/// # Errors
/// [`DeskError`].
pub async fn take<O: Order>(
    connection: &mut AsyncPgConnection,
    order: &O,
    metadata: &Metadata,
    awaited: Option<&Request>,
) -> Result<Option<Answer<O>>, DeskError> {
    let payment_id = order.payment_id();
    lock(connection, payment_id).await?;
    let loaded = load::<Payment>(connection, payment_id.uuid()).await?;
    let Decision { events, answer } = order.decide(loaded.state());
    match (awaited, &answer) {
        (Some(request), Some(answer)) => reply(connection, request, answer.clone()).await?,
        (Some(request), None) => Awaited::add(connection, payment_id, request, &order.asked()).await?,
        (None, _) => {}
    }
    if events.is_empty() && answer.is_none() {
        write::want_again(connection, &order.asked()).await?;
    }
    let written = write::Written { events, metadata, method_token: order.method_token() };
    write::write(connection, loaded, written).await?;
    Ok(answer)
}

/// Why nobody could pay so, whatever for: nothing is looked up, and nothing written.
#[must_use]
pub fn refusal(order: &AuthorisePayment) -> Option<(AuthorisePaymentRefusal, &'static str)> {
    let payable = Payable { command: order, captures_at_once: true, now: Utc::now() };
    match authorise(&Payment::default(), payable).answer {
        Some(Answer::Refused(code, text)) => Some((code, text)),
        Some(Answer::Done(_)) | None => None,
    }
}

/// Takes a payment that is to be captured as soon as it is authorised. Gives the answer, if there is one now.
///
/// # Errors
/// [`DeskError`].
pub async fn purchase(
    connection: &mut AsyncPgConnection,
    order: &AuthorisePayment,
    metadata: &Metadata,
) -> Result<Option<Answer<AuthorisePayment>>, DeskError> {
    lock(connection, order.payment_id).await?;
    let loaded = load::<Payment>(connection, order.payment_id.uuid()).await?;
    let payable = Payable { command: order, captures_at_once: true, now: Utc::now() };
    let Decision { events, answer } = authorise(loaded.state(), payable);
    let method_token = Some(order.method_token.as_str());
    write::write(connection, loaded, write::Written { events, metadata, method_token }).await?;
    Ok(answer)
}

/// Answers whoever asked.
pub(super) async fn reply<C: Command>(
    connection: &mut AsyncPgConnection,
    request: &Request,
    answer: Answer<C>,
) -> Result<(), DeskError> {
    match answer {
        Answer::Done(done) => request.done::<C>(connection, done).await?,
        Answer::Refused(code, text) => request.refuse::<C>(connection, code, text).await?,
    }
    Ok(())
}

impl Order for AuthorisePayment {
    fn payment_id(&self) -> PaymentId {
        self.payment_id
    }

    fn decide(&self, payment: &Payment) -> Decision<Self> {
        authorise(payment, Payable { command: self, captures_at_once: false, now: Utc::now() })
    }

    fn asked(&self) -> Asked {
        Asked::Authorise(self.clone())
    }

    fn method_token(&self) -> Option<&str> {
        Some(&self.method_token)
    }
}

impl Order for CapturePayment {
    fn payment_id(&self) -> PaymentId {
        self.payment_id
    }

    fn decide(&self, payment: &Payment) -> Decision<Self> {
        capture(payment, self, Utc::now())
    }

    fn asked(&self) -> Asked {
        Asked::Capture(self.clone())
    }
}

impl Order for VoidPayment {
    fn payment_id(&self) -> PaymentId {
        self.payment_id
    }

    fn decide(&self, payment: &Payment) -> Decision<Self> {
        void(payment, Utc::now())
    }

    fn asked(&self) -> Asked {
        Asked::Void(self.clone())
    }
}

impl Order for RefundPayment {
    fn payment_id(&self) -> PaymentId {
        self.payment_id
    }

    fn decide(&self, payment: &Payment) -> Decision<Self> {
        refund(payment, self, Utc::now())
    }

    fn asked(&self) -> Asked {
        Asked::Refund(self.clone())
    }
}
