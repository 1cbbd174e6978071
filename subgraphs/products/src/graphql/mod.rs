//! The GraphQL face of the catalogue. Resolvers check the caller, translate and delegate; rules
//! live in [`crate::domain`], statements in [`crate::store`].

mod entities;
mod errors;
mod filter;
mod loaders;
mod mutation;
mod product;
mod query;

use std::sync::Arc;

use async_graphql::{EmptySubscription, MergedObject, Schema};
use kit::{Access, Subgraph, SubgraphBuilder};

use crate::store::ProductStore;

/// All queries.
#[derive(Default, MergedObject)]
#[graphql(name = "Query")]
struct Query(query::CatalogueQuery, entities::CatalogueEntities);

/// The products subgraph over `store`, for callers that `access` lets in.
#[must_use]
pub fn subgraph(store: Arc<dyn ProductStore>, access: Access) -> Subgraph {
    let for_request = Arc::clone(&store);
    let for_readiness = Arc::clone(&store);
    let schema = Schema::build(Query::default(), mutation::Mutation::default(), EmptySubscription).data(store);
    SubgraphBuilder::new("products", schema, access)
        .request_data(move |data| {
            data.insert(loaders::Loaders::new(&for_request));
        })
        .ready(move || {
            let store = Arc::clone(&for_readiness);
            async move { store.is_ready().await }
        })
        .build()
}
