//! What an execution may take, and what clients are told of errors. Filled from configuration by the gateway.

use federation::SubgraphId;

/// Bounds and error rules.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Representations sent in one request; more are sent in several at once.
    pub representations_max: usize,
    /// Objects, list items and leaves of all answers together: bounds memory.
    pub nodes_max: usize,
    /// Bytes of all answers together, as far as they are kept: bounds memory, too.
    pub answers_bytes_max: usize,
    /// Bytes of the response.
    pub response_bytes_max: usize,
    /// Errors told in one response; of further ones the number is told.
    pub errors_max: usize,
    /// What clients are told of subgraphs' faults.
    pub errors: ErrorPolicies,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            // Subgraphs commonly accept some megabytes; a representation takes about a hundred bytes.
            representations_max: 10_000,
            // Some 32 bytes each, twice that while they become more: 700 MB at the very worst.
            nodes_max: 10_000_000,
            // Leaves stay where they came. Four of the largest responses.
            answers_bytes_max: 400_000_000,
            response_bytes_max: 100_000_000,
            errors_max: 500,
            errors: ErrorPolicies::default(),
        }
    }
}

/// What clients are told of subgraphs' faults: of errors that they report, and of calls that failed.
#[derive(Clone, Debug, Default)]
pub struct ErrorPolicies {
    /// For all subgraphs but those below.
    pub common: ErrorPolicy,
    /// For single subgraphs.
    pub own: Vec<(SubgraphId, ErrorPolicy)>,
}

impl ErrorPolicies {
    /// The policy for a subgraph.
    pub fn of(&self, subgraph: SubgraphId) -> &ErrorPolicy {
        self.own.iter().find(|(id, _)| *id == subgraph).map_or(&self.common, |(_, own)| own)
    }
}

/// What clients are told of one subgraph's faults. The default hides nothing.
#[derive(Clone, Debug)]
pub struct ErrorPolicy {
    /// Whether messages reach clients.
    pub messages: Messages,
    /// Whether clients learn the subgraph's name.
    pub service: ServiceName,
    /// The members of an error's `extensions` that reach clients, in this order; `code` stands for our own codes too.
    pub extensions: Vec<String>,
    /// The code of an error that has none, or whose code may not be told.
    pub default_code: String,
}

impl Default for ErrorPolicy {
    fn default() -> Self {
        Self {
            messages: Messages::Pass,
            service: ServiceName::Show,
            extensions: vec!["code".to_owned()],
            default_code: "DOWNSTREAM_SERVICE_ERROR".to_owned(),
        }
    }
}

/// Whether messages of a subgraph's faults reach clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Messages {
    /// As they are.
    Pass,
    /// A generic sentence stands for each.
    Mask,
    /// This stands for each.
    Replace(String),
}

/// Whether clients learn the names of subgraphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceName {
    /// In messages and in `extensions.service`.
    Show,
    /// Nowhere.
    Hide,
}
