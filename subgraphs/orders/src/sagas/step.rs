//! A step as the domain decides it, as kit takes it.

use kit::saga::{Context, Saga, Step};

use crate::domain::saga::{self, Ask, Effect};

/// The same step. After a silence all that is still wanted is asked again, so that earlier questions need no answer any more: without
/// that a saga that asks for days would wait for all of them.
pub fn taken<S>(step: saga::Step<S::State>, was_silent: bool, context: &Context) -> Step<S>
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
