//! Subgraph and supergraph models on interned ids, the join, link and core vocabulary, and the query graph.
//!
//! Composition and planner both stand on this crate and never see each other: "can this be resolved?" and
//! "how?" are asked of the same query graph. Pure: no I/O, no async, no clock.

mod contexts;
pub mod ids;
pub mod link;
mod load;
pub mod nodes;
pub mod query_graph;
pub mod subgraph;
pub mod supergraph;
mod type_set;
pub mod vocabulary;

pub use ids::{ContextId, FieldId, LabelId, LabelSet, SubgraphId, TypeId};
pub use load::{Limits, api_schema_of, may_hide};
pub use nodes::Nodes;
pub use supergraph::Supergraph;
pub use type_set::TypeSet;
