//! A step, as [`super::Saga::on`] decides it.

use chrono::{DateTime, Utc};
use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use uuid::Uuid;
use wire::{Domain, command::Command, schema::Type};

use super::{Awaited, Saga};
use crate::{
    command::{CommandError, Sender, send_as, send_to},
    key_hash::outbox_lane,
};

/// Commands of one step: more is a batch, and a job's work.
pub const COMMANDS_MAX: usize = 32;

/// A step: what the saga knows from now on, what it asks for, what it does, and when it wants to be woken.
pub struct Step<S: Saga> {
    pub(super) next: Next<S::State>,
    pub(super) commands: Vec<Box<dyn Outgoing>>,
    pub(super) effects: Vec<S::Effect>,
    pub(super) deadline: Deadline,
    pub(super) abandons: bool,
}

/// Where a step leads.
pub(super) enum Next<T> {
    Ignore,
    To(T),
    End(T),
}

/// What becomes of the deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deadline {
    Keep,
    At(DateTime<Utc>),
    None,
}

impl<S: Saga> Step<S> {
    /// Goes on in this state.
    #[must_use]
    pub fn to(state: S::State) -> Self {
        Self::with(Next::To(state))
    }

    /// Ends in this state: nothing is heard any more.
    #[must_use]
    pub fn end(state: S::State) -> Self {
        Self::with(Next::End(state))
    }

    /// What was heard means nothing now: everything stays as it is. Nothing can be added to this.
    #[must_use]
    pub fn ignore() -> Self {
        Self::with(Next::Ignore)
    }

    /// And asks for this. Its reply is awaited: of each target, where there are several.
    #[must_use]
    pub fn send<C: Command>(mut self, command: C) -> Self {
        self.commands.push(Box::new(command));
        self
    }

    /// And asks this of one of the command's targets alone, whose reply is awaited: where some have to be asked before others.
    #[must_use]
    pub fn send_to<C: Command>(mut self, to: Domain, command: C) -> Self {
        self.commands.push(Box::new(Directed { command, to }));
        self
    }

    /// And does this, in this order.
    #[must_use]
    pub fn effect(mut self, effect: S::Effect) -> Self {
        self.effects.push(effect);
        self
    }

    /// And wants to be woken then, if not told otherwise by a later step. Without this the deadline stays what it was; one that
    /// has passed is none.
    #[must_use]
    pub fn deadline(self, at: DateTime<Utc>) -> Self {
        Self { deadline: Deadline::At(at), ..self }
    }

    /// And waits for as long as it takes.
    #[must_use]
    pub fn without_deadline(self) -> Self {
        Self { deadline: Deadline::None, ..self }
    }

    /// And doesn't wait any more for replies to the commands of earlier steps: they are passed over when they come.
    #[must_use]
    pub fn abandon(self) -> Self {
        Self { abandons: true, ..self }
    }

    /// Whether it says nothing but where it leads.
    pub(super) fn is_bare(&self) -> bool {
        self.commands.is_empty() && self.effects.is_empty() && self.deadline == Deadline::Keep && !self.abandons
    }

    fn with(next: Next<S::State>) -> Self {
        Self { next, commands: Vec::new(), effects: Vec::new(), deadline: Deadline::Keep, abandons: false }
    }
}

/// A command of whichever type.
pub(super) trait Outgoing: Send + Sync {
    fn name(&self) -> String;
    fn targets(&self) -> &[Domain];
    /// Of its message.
    fn key(&self) -> String;
    /// Whether its reply is one of these.
    fn is_answered_by(&self, replies: &[Type]) -> bool;
    fn send<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        id: Uuid,
        sender: &'a Sender,
    ) -> BoxFuture<'a, Result<(), CommandError>>;
}

impl<C: Command> Outgoing for C {
    fn name(&self) -> String {
        format!("{}.{}", C::DOMAIN, C::NAME)
    }

    fn targets(&self) -> &[Domain] {
        C::TARGETS
    }

    fn key(&self) -> String {
        Command::key(self)
    }

    fn is_answered_by(&self, replies: &[Type]) -> bool {
        replies.iter().any(|reply| (reply.domain, reply.name) == (C::DOMAIN, C::REPLY_NAME))
    }

    fn send<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        id: Uuid,
        sender: &'a Sender,
    ) -> BoxFuture<'a, Result<(), CommandError>> {
        Box::pin(send_as(connection, id, sender, self))
    }
}

/// A command for one of its targets.
struct Directed<C> {
    command: C,
    to: Domain,
}

impl<C: Command> Outgoing for Directed<C> {
    fn name(&self) -> String {
        self.command.name()
    }

    fn targets(&self) -> &[Domain] {
        std::slice::from_ref(&self.to)
    }

    fn key(&self) -> String {
        Command::key(&self.command)
    }

    fn is_answered_by(&self, replies: &[Type]) -> bool {
        self.command.is_answered_by(replies)
    }

    fn send<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        id: Uuid,
        sender: &'a Sender,
    ) -> BoxFuture<'a, Result<(), CommandError>> {
        Box::pin(send_to(connection, id, sender, &self.command, self.to))
    }
}

impl dyn Outgoing {
    /// The replies that there will be.
    pub(super) fn awaited(&self, command: Uuid) -> impl Iterator<Item = Awaited> {
        let (name, lane) = (self.name(), outbox_lane(&self.key()));
        self.targets().iter().map(move |&from| Awaited { command, name: name.clone(), from, lane: Some(lane) })
    }
}
