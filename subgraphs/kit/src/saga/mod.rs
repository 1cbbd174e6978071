//! Sagas: matters that take several commands of several domains, and are brought to a good end or taken back step by step.
//!
//! ```text
//! begin · tell · event · reply · deadline → lock the row → on(state, input) → state · commands · effects · inbox row, in one transaction
//! ```
//!
//! What a saga does is a pure function of its state and of what it hears ([`Saga::on`]). Each step is taken under the lock of the
//! saga's row, and kept together with the commands that it sends, the knowledge of what was heard, and what it does in its own
//! domain ([`Effects`]): whoever dies when, a step is taken once or not at all. Ids of commands are made of the saga's id, the
//! step's number and the command's place in it, so that no command is ever sent twice under two ids.
//!
//! Replies are found by the saga's id. One to a command that isn't awaited (it was answered before, or the saga has given it up) is
//! passed over. A deadline passes by the database's clock, whether or not anybody answered; but a saga whose commands are still in the
//! outbox, since the bus is away, has asked nobody yet and waits as long again.
//!
//! What is in the way of a step is waited out, for some attempts, as with every message; then a reply or an event becomes a dead
//! letter, to be replayed, and a saga that was to be woken is stuck.
//!
//! A saga that can't take a step is **stuck**, with its reason ([`list`], [`status`]). What it hears from then on is kept, in
//! order, and heard when somebody says so ([`retry`], [`skip`]), after a deployment mostly. Nothing is lost by it.
//!
//! Within one transaction: [`begin`] and [`tell`] first, what is appended to the event store last, as sagas' own steps do.

mod advance;
mod awaited;
mod begin;
mod context;
mod due;
mod error;
mod forget;
mod hear;
mod heard;
mod input;
mod kept;
mod list;
mod nothing;
mod operate;
mod row;
mod runner;
mod step;
mod tell;
#[cfg(test)]
mod tests;
mod unsent;

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;
use wire::{Domain, event::Dispatch};

pub use awaited::{AWAITED_MAX, Awaited};
pub use begin::begin;
pub use context::Context;
pub use error::{SagaError, StepError};
pub use forget::{AGE_MAX, forget};
pub use input::Input;
pub use list::{LIST_MAX, Listed, Listing, StatusCount, list, show, status};
pub use nothing::Nothing;
pub use operate::{retry, skip};
pub use row::{STATE_BYTES_MAX, Status};
pub use runner::{Runner, RunnerConfig};
pub use step::{COMMANDS_MAX, Step};
pub use tell::{Told, tell};

use crate::consumer::HandlerError;

/// How a kind of matter is brought to its end.
pub trait Saga: Sized + Send + Sync + 'static {
    /// What its matters are called: lower-case letters, digits and hyphens, beginning with a letter, at most 32. Never changes.
    const KIND: &'static str;
    /// Whose it is: it sends in this domain's name, and hears its replies.
    const DOMAIN: Domain;
    /// What it knows, as JSON of at most [`STATE_BYTES_MAX`]. Later builds must read what earlier ones wrote.
    type State: Serialize + DeserializeOwned + Send + Sync;
    /// What its own domain tells it, to begin with and later. Later builds must read what earlier ones wrote.
    type Local: Serialize + DeserializeOwned + Send + Sync;
    /// Events that it hears, an enum of [`wire::dispatch!`]'s: the topics are those of their domains. [`Nothing`] for none.
    type Events: Dispatch;
    /// Replies that it hears, an enum of [`wire::dispatch!`]'s over [`wire::command::Reply`]s: those of all commands that it sends. One that
    /// a later build adds, and that others heard before, is passed over by processes of the build before: whoever adds one asks again at a
    /// deadline.
    type Replies: Dispatch;
    /// What it does in its own domain. [`Nothing`] for nothing.
    type Effect: Send + Sync;

    /// The next step; `state` is `None` for the first one. Pure: it looks at nothing else, and does the same each time.
    ///
    /// An event, a reply or a deadline that means nothing in this state is ignored ([`Step::ignore`]).
    ///
    /// # Errors
    /// [`SagaError`] if there is no next step: told by its own domain, the teller gets it; otherwise the saga is stuck. A panic
    /// is an error as well.
    fn on(state: Option<Self::State>, input: Input<Self>, context: &Context) -> Result<Step<Self>, SagaError>;

    /// Which saga an event is for: one that there is, or that begins with it. None, if not said otherwise.
    #[must_use]
    fn saga_of(event: &Self::Events) -> Option<Uuid> {
        let _ = event;
        None
    }
}

/// What a saga does in its own domain.
pub trait Effects: Saga {
    /// Does it, by this connection alone: it is kept together with the step, or not at all.
    ///
    /// # Errors
    /// [`HandlerError::Transient`] and [`HandlerError::Lost`] take the whole step again, later; [`HandlerError::Poison`] takes it back,
    /// and the saga is stuck.
    fn apply<'a>(
        connection: &'a mut AsyncPgConnection,
        effect: Self::Effect,
        context: &'a Context,
    ) -> BoxFuture<'a, Result<(), HandlerError>>;
}
