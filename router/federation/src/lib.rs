//! Subgraph and supergraph models on interned ids, and the query graph
