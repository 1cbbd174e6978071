//! The GraphQL face of the catalogue. Resolvers check the caller, translate and delegate; rules
//! live in [`crate::domain`], statements in [`crate::store`].

mod category;
mod content;
mod content_errors;
mod content_query;
mod entities;
mod errors;
mod filter;
mod loaders;
mod mutation;
mod page;
mod product;
mod query;
mod variant;

use std::sync::Arc;

use async_graphql::{EmptySubscription, MergedObject, Schema, SchemaBuilder};
use kit::{Access, Root, Subgraph, SubgraphBuilder};

use crate::NAME;
use crate::store::ProductStore;

// All queries. A doc comment here would describe `Query` in the contract.
#[derive(Default, MergedObject)]
#[graphql(name = "Query")]
struct Query(query::CatalogueQuery, content_query::ContentQuery, entities::CatalogueEntities);

/// The products subgraph over `store`, for callers that `access` lets in.
#[must_use]
pub fn subgraph(store: Arc<dyn ProductStore>, access: Access) -> Subgraph {
    let for_request = Arc::clone(&store);
    let for_readiness = Arc::clone(&store);
    let schema = schema().data(store);
    SubgraphBuilder::new(NAME, schema, access)
        .request_data(move |data| {
            data.insert(loaders::Loaders::new(&for_request));
        })
        .ready(move || {
            let store = Arc::clone(&for_readiness);
            async move { store.is_ready().await }
        })
        .build()
}

/// The subgraph's contract, without a database.
#[must_use]
pub fn sdl() -> String {
    SubgraphBuilder::new(NAME, schema(), Access::closed()).build().sdl().to_owned()
}

fn schema() -> SchemaBuilder<Root<Query>, mutation::Mutation, EmptySubscription> {
    Schema::build(Root(Query::default()), mutation::Mutation::default(), EmptySubscription)
}
