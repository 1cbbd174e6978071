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

use async_graphql::{Context, EmptySubscription, MergedObject, Schema, SchemaBuilder};
use kit::recent_writers::Reader;
use kit::{Access, Reads, Result, Root, Subgraph, SubgraphBuilder, request_data};

use crate::NAME;
use crate::caches::ProductCaches;
use crate::store::ProductStore;

// All queries. A doc comment here would describe `Query` in the contract.
#[derive(Default, MergedObject)]
#[graphql(name = "Query")]
struct Query(query::CatalogueQuery, content_query::ContentQuery, entities::CatalogueEntities);

/// The products subgraph over `store`, which `reads` keeps caches of, for callers that `access` lets in.
#[must_use]
pub fn subgraph(store: Arc<dyn ProductStore>, reads: &Reads, access: Access) -> Subgraph {
    let for_request = Arc::clone(&store);
    let for_readiness = Arc::clone(&store);
    let caches = ProductCaches::new(reads);
    let schema = schema().data(store).data(caches.clone());
    SubgraphBuilder::new(NAME, schema, access)
        .reads(reads)
        .caches(caches.invalidation(reads))
        .request_data(move |data| {
            let reader = Reader::in_data(data);
            data.insert(loaders::Loaders::new(&for_request, &caches, &reader));
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

/// The store, as fresh as the caller's reads have to be.
async fn store(context: &Context<'_>) -> Result<Arc<dyn ProductStore>> {
    let freshness = Reader::from_context(context)?.freshness().await;
    Ok(request_data::<Arc<dyn ProductStore>>(context)?.reading(freshness))
}
