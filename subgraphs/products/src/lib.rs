//! The products subgraph
