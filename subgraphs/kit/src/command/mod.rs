//! The command bus: asking another domain for something, and answering.
//!
//! ```text
//! send: outbox row → <target>/commands → [ inbox row · handler · reply's outbox row ] in one transaction → <sender>/replies
//! ```
//!
//! A command works once, whoever dies when: [`send`] writes it in the caller's transaction, and [`CommandConsumer`] handles it
//! in one with its inbox row. A repeated delivery is passed over **without a second reply**: the reply's outbox row was
//! committed together with the inbox row, and what is in an outbox is published. A reply's id is made of the command's and of who
//! answers, so that one command has one answer of each, however often it is said.
//!
//! A command that this build can't read is refused by code ([`wire::command::UNKNOWN_COMMAND`],
//! [`wire::command::NEWER_VERSION`]) rather than dropped, as long as its envelope says whom to tell. What has no readable
//! envelope, or isn't what its type says, becomes a dead letter.

mod consume;
mod error;
mod request;
mod send;
#[cfg(test)]
pub(crate) mod tests;

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use wire::event::Dispatch;

pub use consume::CommandConsumer;
pub use error::CommandError;
pub use request::Request;
pub use send::{Sender, send, send_all, send_as, send_to};

use crate::consumer::HandlerError;

/// What a domain does when it is asked.
pub trait CommandHandler: Send + Sync + 'static {
    /// All that the domain can be asked: an enum of [`wire::dispatch!`]'s, as `wire::commands::orders::OrderCommand`.
    type Commands: Dispatch;

    /// Handles one command and answers it, by [`Request::done`] or [`Request::refuse`] on the same connection: effect, answer
    /// and the knowledge that it was handled are kept together or not at all.
    ///
    /// Who must first ask somebody outside stores the request with a job, returns, and answers in the transaction that ends the
    /// job. A handler that refuses must have written nothing, or taken it back: what was written on the connection is kept.
    ///
    /// # Errors
    /// [`HandlerError`]: whether to try again. Neither is an answer: a command that is given up waits among the dead letters.
    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        request: &'a Request,
        command: Self::Commands,
    ) -> BoxFuture<'a, Result<(), HandlerError>>;
}
