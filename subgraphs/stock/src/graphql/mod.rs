//! The GraphQL face of stock: what there is of each product, for everybody; the books, for administrators. Resolvers check the
//! caller, translate and delegate.

mod entities;
mod errors;
mod item;
mod loaders;
mod movement;
mod mutation;
mod product;
mod query;

use async_graphql::{EmptySubscription, MergedObject, Schema, SchemaBuilder};
use kit::{Access, Root, Subgraph, SubgraphBuilder};

use crate::{NAME, StockStore};

// All queries. A doc comment here would describe `Query` in the contract.
#[derive(Default, MergedObject)]
#[graphql(name = "Query")]
struct Query(query::StockQuery, entities::StockEntities);

/// The stock subgraph over `store`, for callers that `access` lets in.
#[must_use]
pub fn subgraph(store: StockStore, access: Access) -> Subgraph {
    let (for_request, for_readiness) = (store.clone(), store.clone());
    SubgraphBuilder::new(NAME, schema().data(store), access)
        .request_data(move |data| {
            data.insert(loaders::Loaders::new(&for_request));
        })
        .ready(move || {
            let database = for_readiness.database().clone();
            async move { database.is_ready().await }
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
