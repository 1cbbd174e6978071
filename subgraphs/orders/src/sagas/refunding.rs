//! Money for what came back: [`crate::domain::saga::refund`].

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::HandlerError;
use kit::saga::{Context, Effects, Input, Nothing, Saga, SagaError, Step};
use wire::Domain;

use super::placing::apply;
use super::replies::Replies;
use super::step::taken;
use crate::domain::saga::refund::RefundReturn;
use crate::domain::saga::{self, Effect};

/// The saga that begins when something has come back and ends when it is paid back.
pub struct Refunding;

impl Saga for Refunding {
    const KIND: &'static str = "refund-return";
    const DOMAIN: Domain = Domain::Orders;
    type State = RefundReturn;
    type Local = RefundReturn;
    type Events = Nothing;
    type Replies = Replies;
    type Effect = Effect;

    fn on(state: Option<RefundReturn>, input: Input<Self>, context: &Context) -> Result<Step<Self>, SagaError> {
        let was_silent = matches!(input, Input::Deadline);
        let input = match (input, &state) {
            (Input::Local(refund), None) => return Ok(taken(refund.begin(), false, context)),
            (Input::Local(_), Some(_)) => return Ok(Step::ignore()),
            (Input::Reply { reply, .. }, _) => reply.into(),
            (Input::Deadline, _) => saga::Input::Deadline,
            (Input::Event(nothing), _) => match nothing {},
        };
        let state = state.ok_or_else(|| SagaError::new("nothing was returned"))?;
        Ok(taken(state.on(input), was_silent, context))
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
