//! What clients are told of one subgraph's faults, by its policy.
//!
//! Every error that is about a subgraph is made here, so that none can tell more than the policy allows. Logs have the
//! original.

use federation::{SubgraphId, Supergraph};
use graphql::json::Value;

use super::{ClientPath, Entry, Subject};
use crate::fetch::FetchError;
use crate::policy::{ErrorPolicy, Messages, Policy, ServiceName};

/// A subgraph, as clients may see it.
#[derive(Clone, Copy)]
pub struct Shown<'p> {
    policy: &'p ErrorPolicy,
    /// None if it may not be told.
    name: Option<&'p str>,
}

/// What a subgraph did.
#[derive(Clone, Copy)]
pub enum Fault<'e> {
    /// It gave no usable answer.
    Failed(&'e FetchError),
    /// It was not asked, since what it has to be given could not be had.
    NotAsked,
    /// It gave no data at all, and its errors are about other positions.
    NoData,
}

impl<'p> Shown<'p> {
    /// By the policy for it.
    pub fn new(supergraph: &'p Supergraph, subgraph: SubgraphId, policy: &'p Policy) -> Self {
        let policy = policy.errors.of(subgraph);
        let info = supergraph.subgraphs.get(usize::from(subgraph.0));
        let name = info.filter(|_| policy.service == ServiceName::Show).map(|info| info.name.as_str());
        Self { policy, name }
    }

    /// An error about what it did; `more` is the number of further positions that it stands for.
    pub fn entry<'e>(&self, fault: Fault<'_>, path: ClientPath<'e>, more: usize) -> Entry<'e> {
        let mut message = match &self.policy.messages {
            Messages::Pass => self.sentence(fault),
            Messages::Mask => format!("{} could not answer.", self.who()),
            Messages::Replace(text) => text.clone(),
        };
        if more > 0 {
            message.push_str(&format!(" At {more} more positions."));
        }
        let code = match fault {
            Fault::Failed(error) => error.code(),
            Fault::NotAsked => "SUBREQUEST_NOT_SENT",
            Fault::NoData => "SUBREQUEST_NO_DATA",
        };
        let mut extensions = vec![("code".to_owned(), Value::String(self.code(code).to_owned()))];
        self.add_service(&mut extensions);
        Entry { message, path: Some(path), extensions, subject: Subject::Lost, fetch: None, call: usize::MAX }
    }

    /// The message of an error that it reports.
    pub fn reported(&self, message: Option<String>) -> String {
        match (&self.policy.messages, message) {
            (Messages::Pass, Some(message)) => message,
            (Messages::Replace(text), _) => text.clone(),
            _ => format!("{} reported an error.", self.who()),
        }
    }

    /// What may be passed on of an error's extensions, with ours where it has none.
    pub fn extensions(&self, mut given: graphql::json::Object) -> Vec<(String, Value)> {
        // Clients rely on a code's being a string.
        given.retain(|name, value| name != "code" || matches!(value, Value::String(_)));
        let allowed = self.policy.extensions.iter();
        let mut extensions: Vec<(String, Value)> =
            allowed.filter_map(|name| given.shift_remove(name).map(|value| (name.clone(), value))).collect();
        if !extensions.iter().any(|(name, _)| name == "code") {
            extensions.push(("code".to_owned(), Value::String(self.policy.default_code.clone())));
        }
        if !extensions.iter().any(|(name, _)| name == "service") {
            self.add_service(&mut extensions);
        }
        extensions
    }

    fn add_service(&self, extensions: &mut Vec<(String, Value)>) {
        extensions.extend(self.name.map(|name| ("service".to_owned(), Value::String(name.to_owned()))));
    }

    /// One of our own codes, if codes may be told.
    fn code<'c>(&'c self, code: &'c str) -> &'c str {
        if self.policy.extensions.iter().any(|name| name == "code") { code } else { &self.policy.default_code }
    }

    /// `Subgraph "products"`, or `A subgraph`.
    fn who(&self) -> String {
        self.name.map_or_else(|| "A subgraph".to_owned(), |name| format!("Subgraph \"{name}\""))
    }

    fn sentence(&self, fault: Fault<'_>) -> String {
        let who = self.who();
        match fault {
            Fault::NotAsked => format!("{who} was not asked, since what it needs to know could not be had."),
            Fault::NoData => format!("{who} gave no data, since something else that it was asked for failed."),
            Fault::Failed(error) => match error {
                FetchError::NoRoute(_) => format!("{who} can not be called."),
                FetchError::CircuitOpen => format!("{who} failed too often and is not called for a while."),
                FetchError::Unreachable(_) => format!("{who} could not be reached."),
                FetchError::Timeout => format!("{who} did not answer in time."),
                FetchError::Cancelled => "The request was cancelled.".to_owned(),
                FetchError::Status { status } => format!("{who} answered with HTTP status {status}."),
                FetchError::Malformed(_) => format!("{who} gave a malformed answer."),
                FetchError::TooLarge { .. } => format!("{who} gave too large an answer."),
            },
        }
    }
}
