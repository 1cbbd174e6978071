//! What every subgraph shares: pool, loaders, paging, identity, serving
