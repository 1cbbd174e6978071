//! What an execution may take, and what clients are told of errors. Filled from configuration by the gateway.

/// Bounds and error rules.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Representations sent in one request; more are sent in several at once.
    pub representations_max: usize,
    /// Objects, list items and leaves of all answers together: bounds memory.
    pub nodes_max: usize,
    /// Bytes of the response.
    pub response_bytes_max: usize,
    /// Errors told in one response; of further ones the number is told.
    pub errors_max: usize,
    /// What clients are told.
    pub errors: ErrorPolicy,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            // Subgraphs commonly accept some megabytes; a representation takes about a hundred bytes.
            representations_max: 10_000,
            // 40 bytes each: 400 MB at the very worst.
            nodes_max: 10_000_000,
            response_bytes_max: 100_000_000,
            errors_max: 500,
            errors: ErrorPolicy::default(),
        }
    }
}

/// What clients are told of the errors that subgraphs report.
#[derive(Clone, Debug)]
pub struct ErrorPolicy {
    /// Whether a subgraph's own messages reach clients.
    pub messages: Messages,
    /// Whether clients learn the names of subgraphs.
    pub service: ServiceName,
    /// The members of a subgraph error's `extensions` that reach clients, in this order.
    pub extensions: Vec<String>,
}

impl Default for ErrorPolicy {
    fn default() -> Self {
        Self { messages: Messages::Pass, service: ServiceName::Show, extensions: vec!["code".to_owned()] }
    }
}

/// Whether a subgraph's own messages reach clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Messages {
    /// As they are.
    Pass,
    /// A generic sentence stands for each.
    Mask,
}

/// Whether clients learn the names of subgraphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceName {
    /// In messages and in `extensions.service`.
    Show,
    /// Nowhere.
    Hide,
}
