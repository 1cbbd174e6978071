//! What the integration tests stand on: subgraphs made of data, the program as a process, and a GraphQL client.

pub mod arguments;
pub mod callers;
pub mod client;
mod collect;
pub mod data_subgraph;
pub mod dataset;
mod entities;
mod evaluate;
pub mod gather;
pub mod group;
mod parts;
pub mod process;
pub mod router;
pub mod service;
pub mod shop;
pub mod subgraph_schema;
pub mod value;
