//! Query planning: supergraph and operation in, query plan out
