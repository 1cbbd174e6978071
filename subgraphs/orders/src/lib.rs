//! The orders subgraph
