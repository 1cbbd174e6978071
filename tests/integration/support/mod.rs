//! What the integration tests stand on: subgraphs made of data, the program as a process, and a GraphQL client.

pub mod client;
pub mod data_subgraph;
pub mod dataset;
pub mod evaluate;
pub mod process;
pub mod shop;
