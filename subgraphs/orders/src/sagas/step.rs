//! A step as the domain decides it, as kit takes it.

use kit::saga::{Context, Input, Nothing, Saga, SagaError, Step};

use crate::domain::saga::{self, Ask, Effect};

/// What its order tells a saga.
pub enum Told<S> {
    /// To begin, by this step.
    Begin(saga::Step<S>),
    /// Something else.
    News(saga::Input),
}

/// The next step of a saga that goes `on` so; `told` says what it means when its order tells it something.
///
/// # Errors
/// [`SagaError`] for news of what has never begun.
pub fn next<S>(
    state: Option<S::State>,
    input: Input<S>,
    context: &Context,
    told: impl FnOnce(S::Local) -> Told<S::State>,
    on: impl FnOnce(S::State, saga::Input) -> saga::Step<S::State>,
) -> Result<Step<S>, SagaError>
where
    S: Saga<Events = Nothing, Replies: Into<saga::Input>, Effect = Effect>,
{
    let was_silent = matches!(input, Input::Deadline);
    let input = match input {
        Input::Local(local) => match (told(local), &state) {
            (Told::Begin(first), None) => return Ok(taken(first, false, context)),
            (Told::Begin(_), Some(_)) => return Ok(Step::ignore()),
            (Told::News(input), _) => input,
        },
        Input::Reply { reply, .. } => reply.into(),
        Input::Deadline => saga::Input::Deadline,
        Input::Event(nothing) => match nothing {},
    };
    let state = state.ok_or_else(|| SagaError::new("it has not begun"))?;
    Ok(taken(on(state, input), was_silent, context))
}

/// The same step. After a silence all that is still wanted is asked again, so that earlier questions need no answer any more: without
/// that a saga that asks for days would wait for all of them.
fn taken<S>(step: saga::Step<S::State>, was_silent: bool, context: &Context) -> Step<S>
where
    S: Saga<Effect = Effect>,
{
    let mut taken = if step.is_over { Step::end(step.state) } else { Step::to(step.state) };
    if was_silent {
        taken = taken.abandon();
    }
    for ask in step.asks {
        taken = match ask {
            Ask::Reserve(command) => taken.send(command),
            Ask::Release(command) => taken.send(command),
            Ask::Commit(command) => taken.send(command),
            Ask::Authorise(command) => taken.send(command),
            Ask::Capture(command) => taken.send(command),
            Ask::Void(command) => taken.send(command),
            Ask::Refund(command) => taken.send(command),
        };
    }
    let taken = step.effects.into_iter().fold(taken, Step::effect);
    match step.deadline {
        Some(wait) => taken.deadline(context.after(wait)),
        None => taken.without_deadline(),
    }
}
