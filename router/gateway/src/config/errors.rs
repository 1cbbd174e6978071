//! The section `errors`: what clients are told of faults.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What clients are told of subgraphs' faults: of errors that subgraphs report, and of calls that failed, alike over
/// every way in. `subgraphs.by_name.<name>.errors` sets the same for one subgraph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Errors {
    /// Whether messages of subgraphs' faults reach clients. Unset, they are masked, but pass in `supergraph dev`. The log has
    /// what came, under the trace id: of the errors of one answer the first 2,000 bytes.
    pub messages: Option<ErrorMessages>,
    /// What stands for a masked message; unset, a generic sentence does.
    pub masked_message: Option<String>,
    /// Whether clients learn subgraphs' names. Unset, they are hidden, but shown in `supergraph dev`.
    pub subgraph_names: Option<SubgraphNames>,
    /// Members of `extensions` of a subgraph's error that reach clients, in this order. Without `code`, every error of
    /// a subgraph has the default code.
    pub extensions: Vec<String>,
    /// The code of an error that has none, or whose code is not passed on.
    pub default_code: String,
    /// Errors told in one response; of further ones the number is told.
    #[schemars(range(min = 1, max = 100_000))]
    pub entries_max: usize,
}

impl Default for Errors {
    fn default() -> Self {
        Self {
            messages: None,
            masked_message: None,
            subgraph_names: None,
            extensions: vec!["code".into()],
            default_code: "DOWNSTREAM_SERVICE_ERROR".into(),
            entries_max: 500,
        }
    }
}

/// What clients are told of one subgraph's faults; what is unset is as for all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SubgraphErrors {
    /// Whether messages of its faults reach clients.
    pub messages: Option<ErrorMessages>,
    /// What stands for a masked message.
    pub masked_message: Option<String>,
    /// Whether clients learn its name.
    pub subgraph_names: Option<SubgraphNames>,
    /// Members of `extensions` of its errors that reach clients, in this order.
    pub extensions: Option<Vec<String>>,
    /// The code of an error that has none, or whose code is not passed on.
    pub default_code: Option<String>,
}

/// Whether messages of subgraphs' faults reach clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorMessages {
    /// As they are.
    Pass,
    /// Another stands for each.
    Mask,
}

/// Whether clients learn subgraphs' names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubgraphNames {
    /// In messages and in `extensions.service`.
    Show,
    /// Nowhere.
    Hide,
}

impl Errors {
    /// Tells everything that the configuration doesn't say otherwise of: for developers' own machines.
    pub fn tell_all(&mut self) {
        self.messages.get_or_insert(ErrorMessages::Pass);
        self.subgraph_names.get_or_insert(SubgraphNames::Show);
    }
}
