//! Composition: subgraphs in, supergraph schema and diagnostics out
