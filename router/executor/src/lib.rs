//! Plan execution: `(QueryPlan, variables, &impl Fetch) → Response`.
//!
//! Knows neither HTTP nor configuration: subgraphs are reached through [`Fetch`] alone.

pub mod fetch;

pub use fetch::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};
