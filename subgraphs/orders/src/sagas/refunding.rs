//! Money for what came back: [`crate::domain::saga::refund`].

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::HandlerError;
use kit::saga::{Context, Effects, Input, Nothing, Saga, SagaError, Step};
use wire::Domain;

use super::placing::apply;
use super::replies::RefundReply;
use super::step::{Told, next};
use crate::domain::saga::Effect;
use crate::domain::saga::refund::RefundReturn;

/// The saga that begins when something has come back and ends when it is paid back.
pub struct Refunding;

impl Saga for Refunding {
    const KIND: &'static str = "refund-return";
    const DOMAIN: Domain = Domain::Orders;
    type State = RefundReturn;
    type Local = RefundReturn;
    type Events = Nothing;
    type Replies = RefundReply;
    type Effect = Effect;

    fn on(state: Option<RefundReturn>, input: Input<Self>, context: &Context) -> Result<Step<Self>, SagaError> {
        next(state, input, context, |refund: RefundReturn| Told::Begin(refund.begin()), RefundReturn::on)
    }
}

impl Effects for Refunding {
    fn apply<'a>(
        connection: &'a mut AsyncPgConnection,
        effect: Effect,
        context: &'a Context,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        apply(connection, effect, context)
    }
}
