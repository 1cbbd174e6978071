//! The users subgraph
