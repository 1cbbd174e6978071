//! The deletion as a saga: it hears the answers of those who were asked, and is woken when one doesn't come.

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::{
    HandlerError,
    saga::{AWAITED_MAX, Context, Effects, Input, Nothing, Saga, SagaError, Step},
};
use serde::{Deserialize, Serialize};
use wire::{
    Domain,
    command::Reply,
    commands::users::{EraseUser, EraseUserRefusal},
};

use super::tell::tell_progress;
use crate::domain::{
    Author, UserId,
    erasure::{Erasure, Happened, Next, Party, Told},
};

/// The most questions to one party whose answers are waited for: what is answered later counts as never answered. Half of what
/// a saga may await, so that none is ever stuck for having asked too often.
const UNANSWERED_MAX: u32 = AWAITED_MAX as u32 / 2;

wire::dispatch! {
    /// What is answered to a deletion's questions.
    pub enum ErasureReply {
        Erase(Reply<EraseUser>),
    }
}

/// Whose account it is.
#[derive(Debug, Serialize, Deserialize)]
pub struct Wish {
    pub user_id: UserId,
}

/// What others are to see of it now.
pub struct Shown {
    user_id: UserId,
    told: Told,
}

/// Forgets a user everywhere, or nowhere.
pub struct ErasureSaga;

impl Saga for ErasureSaga {
    const KIND: &'static str = "account-erasure";
    const DOMAIN: Domain = Domain::Users;
    type State = Erasure;
    type Local = Wish;
    type Events = Nothing;
    type Replies = ErasureReply;
    type Effect = Shown;

    fn on(state: Option<Erasure>, input: Input<Self>, context: &Context) -> Result<Step<Self>, SagaError> {
        let (state, next) = match (state, input) {
            (None, Input::Local(Wish { user_id })) => return Ok(step(Erasure::begin(user_id), None, user_id, context)),
            (Some(state), Input::Deadline) => (state.clone(), state.on(Happened::Deadline)),
            (Some(state), Input::Reply { reply: ErasureReply::Erase(reply), from, .. }) => {
                let party = Party::of(from).ok_or_else(|| SagaError::new(format!("{from} was never asked")))?;
                let happened = match reply {
                    Reply::Done(_) => Happened::Forgotten(party),
                    Reply::Refused { code, .. } => Happened::Refused(party, code_text(&code)),
                };
                (state.clone(), state.on(happened))
            }
            (Some(_), Input::Local(_)) => return Ok(Step::ignore()),
            (Some(_), Input::Event(nothing)) => match nothing {},
            (None, _) => return Err(SagaError::new("a deletion begins with a wish")),
        };
        let user_id = state.user_id;
        Ok(step(next, Some(state), user_id, context))
    }
}

impl Effects for ErasureSaga {
    fn apply<'a>(
        connection: &'a mut AsyncPgConnection,
        effect: Shown,
        context: &'a Context,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            let author = Author::deleting(&context.metadata);
            tell_progress(connection, &author, (context.id, effect.user_id), &effect.told).await?;
            Ok(())
        })
    }
}

/// In the saga's terms. What is over keeps the last that was known.
fn step(next: Next, last: Option<Erasure>, user_id: UserId, context: &Context) -> Step<ErasureSaga> {
    let mut step = match (next.state, last) {
        (Some(state), _) if state.unanswered > UNANSWERED_MAX && next.ask.is_some() => Step::to(state).abandon(),
        (Some(state), _) => Step::to(state),
        (None, Some(last)) => Step::end(last),
        (None, None) => Step::ignore(),
    };
    if let Some(party) = next.ask {
        step = step.send_to(party.domain(), EraseUser { user_id: user_id.into() });
    }
    if let Some(told) = next.told {
        step = step.effect(Shown { user_id, told });
    }
    match next.deadline {
        Some(wait) => step.deadline(context.after(wait)),
        None => step,
    }
}

fn code_text(code: &EraseUserRefusal) -> String {
    code.as_str().to_owned()
}
