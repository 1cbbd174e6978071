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

use async_graphql::{Context, EmptySubscription, MergedObject, Schema, SchemaBuilder};
use kit::recent_writers::Reader;
use kit::{Access, Reads, Result, Root, Subgraph, SubgraphBuilder, request_data};

use crate::domain::Item;
use crate::{NAME, StockStore};

// All queries. A doc comment here would describe `Query` in the contract.
#[derive(Default, MergedObject)]
#[graphql(name = "Query")]
struct Query(query::StockQuery, entities::StockEntities);

/// The stock subgraph on the database of `reads`, which is migrated, for callers that `access` lets in. It keeps nothing: stock changes
/// with each order.
#[must_use]
pub fn subgraph(reads: &Reads, access: Access) -> Subgraph {
    let store = StockStore::new(reads.database().clone());
    let (for_request, for_readiness) = (store.clone(), store.clone());
    SubgraphBuilder::new(NAME, schema().data(store), access)
        .reads(reads)
        .request_data(move |data| {
            let reader = Reader::in_data(data);
            data.insert(loaders::Loaders::new(&for_request, &reader));
        })
        .ready(move || {
            let database = for_readiness.database().clone();
            async move { database.is_ready().await }
        })
        .build()
}

/// An item was written: what this request has read of it is outdated, and the caller reads after it.
async fn written(context: &Context<'_>, item: &Item) -> Result<()> {
    Reader::from_context(context)?.wrote().await;
    request_data::<loaders::Loaders>(context)?.forget(item).await;
    Ok(())
}

/// The subgraph's contract, without a database.
#[must_use]
pub fn sdl() -> String {
    SubgraphBuilder::new(NAME, schema(), Access::closed()).build().sdl().to_owned()
}

fn schema() -> SchemaBuilder<Root<Query>, mutation::Mutation, EmptySubscription> {
    Schema::build(Root(Query::default()), mutation::Mutation::default(), EmptySubscription)
}
