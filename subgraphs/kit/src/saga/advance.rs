//! Taking a step of a saga whose row is locked.

use std::panic::{AssertUnwindSafe, catch_unwind};

use diesel_async::{AnsiTransactionManager as Transaction, AsyncPgConnection, TransactionManager as _};
use wire::schema::Types as _;

use super::{
    AWAITED_MAX, Awaited, COMMANDS_MAX, Context, Effects, Input, STATE_BYTES_MAX, Saga, SagaError, Status, Step,
    StepError,
    heard::Heard,
    row::{self, Current},
    step::{Deadline, Next, Outgoing},
};
use crate::{
    command::Sender,
    panic_text::panic_text,
    trace::{Parent, Span},
};

/// Takes the step to what was heard, all of it or nothing of it: whether there was anything to do.
///
/// `current` is what is known afterwards; after an error, what was before.
pub(super) async fn advance<S: Effects>(
    connection: &mut AsyncPgConnection,
    current: &mut Current,
    heard: &Heard,
) -> Result<bool, StepError> {
    let (id, step) = (current.id, current.version.saturating_add(1));
    let noted = current.traceparent.clone();
    let span = Span::internal(Parent::CurrentOr(noted.as_deref()), || {
        let (id, step) = (id.to_string(), i64::from(step));
        let attributes = vec![("saga.kind", S::KIND.into()), ("saga.id", id.into()), ("saga.step", step.into())];
        (format!("saga {}", S::KIND), attributes)
    });
    let taken = span.run(take::<S>(connection, current, heard)).await;
    if taken.is_err() {
        span.fail("step_failed");
    }
    taken
}

async fn take<S: Effects>(
    connection: &mut AsyncPgConnection,
    current: &mut Current,
    heard: &Heard,
) -> Result<bool, StepError> {
    let Some(input) = heard.input::<S>(&current.awaited)? else { return Ok(false) };
    let before = current.clone();
    heard.settle(current);
    let context = Context {
        id: current.id,
        version: current.version.saturating_add(1),
        now: current.now,
        metadata: heard.metadata(current),
    };
    let taken = match decide::<S>(current, input, &context) {
        Ok(step) => keep(connection, current, step, &context, &before).await,
        Err(error) => Err(error.into()),
    };
    if taken.is_err() {
        *current = before;
    }
    taken
}

fn decide<S: Saga>(current: &Current, input: Input<S>, context: &Context) -> Result<Step<S>, SagaError> {
    let state = match current.version {
        0 => None,
        _ => Some(serde_json::from_str(&current.state).map_err(SagaError::new)?),
    };
    let deciding = AssertUnwindSafe(|| S::on(state, input, context));
    catch_unwind(deciding).unwrap_or_else(|panic| Err(SagaError::new(format!("it panicked: {}", panic_text(&*panic)))))
}

/// Writes a step, in a transaction within the caller's.
async fn keep<S: Effects>(
    connection: &mut AsyncPgConnection,
    current: &mut Current,
    step: Step<S>,
    context: &Context,
    before: &Current,
) -> Result<bool, StepError> {
    let is_bare = step.is_bare();
    let Step { next, commands, effects, deadline, abandons } = step;
    let (state, status) = match next {
        Next::Ignore if is_bare && current == before => return Ok(false),
        Next::Ignore if is_bare => {
            row::write(connection, S::KIND, current).await?;
            return Ok(true);
        }
        Next::Ignore => return Err(SagaError::new("a step that ignores what was heard does something").into()),
        Next::To(state) => (state, current.status),
        Next::End(state) => (state, Status::Ended),
    };
    current.state = written(&state)?;
    current.version = context.version;
    current.status = status;
    match deadline {
        Deadline::Keep => {}
        Deadline::At(at) => current.deadline = Some(at),
        Deadline::None => current.deadline = None,
    }
    if abandons {
        current.awaited.clear();
    }
    current.awaited.extend(awaited::<S>(&commands, context)?);
    if status == Status::Ended {
        current.awaited.clear();
        current.deadline = None;
    }
    if current.awaited.len() > AWAITED_MAX {
        return Err(SagaError::new(format!("it awaits more than {AWAITED_MAX} replies")).into());
    }
    if commands.is_empty() && effects.is_empty() {
        row::write(connection, S::KIND, current).await?;
        return Ok(true);
    }
    Transaction::begin_transaction(connection).await?;
    match write::<S>(connection, current, &commands, effects, context).await {
        Ok(()) => {
            Transaction::commit_transaction(connection).await?;
            Ok(true)
        }
        Err(error) => {
            // If that fails, so does all that follows on this connection.
            drop(Transaction::rollback_transaction(connection).await);
            Err(error)
        }
    }
}

/// The saga's row, commands, and effects last: they may append to the event store.
async fn write<S: Effects>(
    connection: &mut AsyncPgConnection,
    current: &Current,
    commands: &[Box<dyn Outgoing>],
    effects: Vec<S::Effect>,
    context: &Context,
) -> Result<(), StepError> {
    row::write(connection, S::KIND, current).await?;
    let metadata = context.metadata.clone();
    let sender = Sender {
        domain: S::DOMAIN,
        correlation: metadata.correlation_id,
        cause: metadata.causation_id,
        actor: metadata.actor,
        traceparent: metadata.traceparent,
    };
    for (place, command) in commands.iter().enumerate() {
        command.send(connection, context.command_id(S::KIND, place), &sender).await?;
    }
    for effect in effects {
        S::apply(connection, effect, context).await.map_err(StepError::Effect)?;
    }
    Ok(())
}

fn written(state: &impl serde::Serialize) -> Result<String, SagaError> {
    let text = serde_json::to_string(state).map_err(SagaError::new)?;
    match text.len() {
        0..=STATE_BYTES_MAX => Ok(text),
        bytes => Err(SagaError::new(format!("a state of {bytes} bytes: at most {STATE_BYTES_MAX} may be"))),
    }
}

fn awaited<S: Saga>(commands: &[Box<dyn Outgoing>], context: &Context) -> Result<Vec<Awaited>, SagaError> {
    if commands.len() > COMMANDS_MAX {
        return Err(SagaError::new(format!("{} commands in one step: at most {COMMANDS_MAX} may be", commands.len())));
    }
    // Its answer would be passed over.
    if let Some(command) = commands.iter().find(|command| !command.is_answered_by(S::Replies::TYPES)) {
        return Err(SagaError::new(format!("it asks for {} and hears no answer to that", command.name())));
    }
    let replies = commands.iter().enumerate();
    Ok(replies.flat_map(|(place, command)| command.awaited(context.command_id(S::KIND, place))).collect())
}
