//! What composition takes and gives.

use federation::link::Version;
use graphql::Diagnostic;

/// One subgraph as its owner publishes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubgraphInput {
    /// Its name: unique, and not `_`.
    pub name: String,
    /// Where it is served; may be empty.
    pub url: String,
    /// Its schema, in federation 1 or 2 SDL.
    pub sdl: String,
}

/// How to compose: bounds on what a subgraph may hand in, and what it is composed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Tokens in one subgraph's SDL. The largest public schema (GitHub's) has about 400,000.
    pub tokens_max: usize,
    /// Nesting in one subgraph's SDL: of values and types.
    pub depth_max: usize,
    /// Ways through subgraphs that satisfiability looks at before it gives up with
    /// `MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED`. A supergraph of 200 subgraphs and 10,000 types takes some 100,000.
    pub subgraph_paths_max: usize,
    /// The newest federation version that subgraphs may use, and that the supergraph is written for: one that an older
    /// router reads. `None` for the newest known.
    pub federation_version: Option<Version>,
    /// What becomes of the models of subgraphs and supergraph at the end.
    pub models: Models,
}

/// What becomes of the models that composition made on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Models {
    /// They are taken down: their memory can be used anew.
    #[default]
    TakenDown,
    /// They are left where they are, for a program that ends anyway: taking them down piece by piece takes a fifteenth of
    /// composition's time.
    Left,
}

impl Models {
    /// Ends a model that is not needed any more.
    pub(crate) fn end<M>(self, model: M) {
        match self {
            Self::TakenDown => drop(model),
            Self::Left => std::mem::forget(model),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tokens_max: 4_000_000,
            depth_max: 200,
            subgraph_paths_max: 1_000_000,
            federation_version: None,
            models: Models::default(),
        }
    }
}

/// A supergraph.
#[derive(Clone, Debug)]
pub struct Composed {
    /// The supergraph's SDL, deterministic to the byte.
    pub supergraph_sdl: String,
    /// Findings that don't stop composition.
    pub hints: Vec<Diagnostic>,
}
