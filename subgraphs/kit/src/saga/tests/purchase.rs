//! A purchase: reserve, authorise, capture, commit; and whatever fails is taken back. Everything has the order's UUID.

use chrono::DateTime;
use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::{
    Domain,
    command::Reply,
    commands::{
        payments::{AuthorisePayment, CapturePayment, RefundPayment, VoidPayment, VoidPaymentRefusal},
        stock::{CommitStock, ReleaseStock, ReserveStock},
    },
    id::{OrderId, PaymentId, RefundId, ReservationId, UserId},
    money::{Currency, Money},
};

use super::super::{Context, Effects, Input, Nothing, Saga, SagaError, Step};
use crate::{command::tests::shop::effect, consumer::HandlerError};

/// How far a purchase has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Purchase {
    Reserving,
    Authorising,
    Capturing,
    Committing,
    /// So many replies are to come until everything is given back.
    Undoing {
        open: u32,
        why: String,
    },
    Done,
    Cancelled {
        why: String,
    },
}

/// What a customer does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Wish {
    Place { patience_ms: u64 },
    Cancel,
}

wire::dispatch! {
    /// What comes back.
    pub(super) enum Answers {
        Reserved(Reply<ReserveStock>),
        Authorised(Reply<AuthorisePayment>),
        Captured(Reply<CapturePayment>),
        Committed(Reply<CommitStock>),
        Released(Reply<ReleaseStock>),
        Voided(Reply<VoidPayment>),
        Refunded(Reply<RefundPayment>),
    }
}

/// What happens to the order.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Change {
    Reserved,
    Paid,
    Cancelled(String),
}

impl Saga for Purchase {
    const KIND: &'static str = "purchase";
    const DOMAIN: Domain = Domain::Orders;
    type State = Self;
    type Local = Wish;
    type Events = Nothing;
    type Replies = Answers;
    type Effect = Change;

    fn on(state: Option<Self>, input: Input<Self>, context: &Context) -> Result<Step<Self>, SagaError> {
        let id = context.id;
        let reply = match input {
            Input::Local(Wish::Place { patience_ms }) if state.is_none() => {
                let deadline = context.after(std::time::Duration::from_millis(patience_ms));
                return Ok(Step::to(Self::Reserving).send(reserve(id)).deadline(deadline));
            }
            Input::Local(Wish::Cancel) => {
                let is_early = matches!(state, Some(Self::Reserving | Self::Authorising | Self::Capturing));
                return if is_early { Ok(undo(id, "CANCELLED")) } else { Err(SagaError::new("too late")) };
            }
            Input::Deadline => return Ok(undo(id, "TIMED_OUT")),
            Input::Reply { reply, .. } => reply,
            _ => return Ok(Step::ignore()),
        };
        Ok(match (state, reply) {
            (Some(Self::Reserving), Answers::Reserved(Reply::Done(_))) => {
                Step::to(Self::Authorising).send(authorise(id)).effect(Change::Reserved)
            }
            (Some(Self::Reserving), Answers::Reserved(Reply::Refused { code, .. })) => cancelled(code.as_str()),
            (Some(Self::Authorising), Answers::Authorised(Reply::Done(_))) => {
                let capture = CapturePayment { payment_id: PaymentId::from(id), amount: amount() };
                Step::to(Self::Capturing).send(capture)
            }
            (Some(Self::Authorising), Answers::Authorised(Reply::Refused { code, .. })) => {
                let undoing = Self::Undoing { open: 1, why: code.as_str().to_owned() };
                Step::to(undoing).send(release(id)).without_deadline()
            }
            (Some(Self::Capturing), Answers::Captured(Reply::Done(_))) => {
                let commit = CommitStock { reservation_id: ReservationId::from(id), order_id: OrderId::from(id) };
                Step::to(Self::Committing).send(commit).without_deadline()
            }
            (Some(Self::Capturing), Answers::Captured(Reply::Refused { code, .. })) => undo(id, code.as_str()),
            (Some(Self::Committing), Answers::Committed(Reply::Done(_))) => Step::end(Self::Done).effect(Change::Paid),
            (Some(Self::Committing), Answers::Committed(Reply::Refused { code, .. })) => {
                Step::to(Self::Undoing { open: 1, why: code.as_str().to_owned() }).send(refund(id))
            }
            (Some(state @ Self::Undoing { .. }), Answers::Voided(Reply::Refused { code, .. })) => {
                assert_eq!(code, VoidPaymentRefusal::AlreadyCaptured);
                Step::to(state).send(refund(id))
            }
            (Some(Self::Undoing { open: 1, why }), _) => cancelled(&why),
            (Some(Self::Undoing { open, why }), _) => Step::to(Self::Undoing { open: open - 1, why }),
            _ => Step::ignore(),
        })
    }
}

impl Effects for Purchase {
    fn apply<'a>(
        connection: &'a mut AsyncPgConnection,
        change: Change,
        context: &'a Context,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            assert_eq!(context.metadata.correlation_id, Some(context.id.to_string()));
            Ok(effect(connection, &format!("{} {change:?}", context.id.as_u128())).await?)
        })
    }
}

fn cancelled(why: &str) -> Step<Purchase> {
    Step::end(Purchase::Cancelled { why: why.to_owned() }).effect(Change::Cancelled(why.to_owned()))
}

/// Both close what never was, so that nobody need know how far it had come.
fn undo(id: Uuid, why: &str) -> Step<Purchase> {
    let void = VoidPayment { payment_id: PaymentId::from(id) };
    let undoing = Purchase::Undoing { open: 2, why: why.to_owned() };
    Step::to(undoing).abandon().send(void).send(release(id)).without_deadline()
}

pub(super) fn reserve(id: Uuid) -> ReserveStock {
    let (reservation_id, order_id) = (ReservationId::from(id), OrderId::from(id));
    ReserveStock { reservation_id, order_id, lines: Vec::new(), expires_at: DateTime::UNIX_EPOCH }
}

fn release(id: Uuid) -> ReleaseStock {
    ReleaseStock { reservation_id: ReservationId::from(id), order_id: OrderId::from(id) }
}

fn authorise(id: Uuid) -> AuthorisePayment {
    AuthorisePayment {
        payment_id: PaymentId::from(id),
        order_id: OrderId::from(id),
        customer_id: UserId::from(id),
        amount: amount(),
        method_token: "token".to_owned(),
    }
}

fn refund(id: Uuid) -> RefundPayment {
    RefundPayment {
        payment_id: PaymentId::from(id),
        refund_id: RefundId::from(id),
        amount: amount(),
        or_what_is_left: None,
        instead_of: None,
        reason: None,
    }
}

pub(super) fn amount() -> Money {
    Money::new(1_999, Currency::EUR)
}
