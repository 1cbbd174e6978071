//! The GraphQL face of payments. Resolvers check the caller, translate and delegate.
//!
//! A payment is its customer's and administrators', on every way to it; the ledger is administrators' alone.

mod entities;
mod errors;
mod history;
mod ledger;
mod loaders;
mod mutation;
mod order;
mod payment;
mod query;
mod shown;

use std::sync::Arc;

use async_graphql::{Context, EmptySubscription, MergedObject, Schema, SchemaBuilder};
use kit::recent_writers::Reader;
use kit::{Access, PageBound, Reads, Result, Root, Subgraph, SubgraphBuilder, request_data};

use crate::NAME;
use crate::caches::PaymentCaches;
use crate::counter::Counter;
use crate::orders::Orders;
use crate::story::Story;

/// Pages of payments: newest first.
const NEWEST_FIRST: PageBound = PageBound::new("payments:newest");

// All queries. A doc comment here would describe `Query` in the contract.
#[derive(Default, MergedObject)]
#[graphql(name = "Query")]
struct Query(query::PaymentQuery, entities::PaymentEntities);

/// The payments subgraph on the database of `reads`, which is migrated, which asks `orders` whose an order is, for callers that `access`
/// lets in. What it takes is done by [`crate::workers`].
#[must_use]
pub fn subgraph(reads: &Reads, orders: Arc<dyn Orders>, access: Access) -> Subgraph {
    let (database, caches) = (reads.database(), PaymentCaches::new(reads));
    let (for_request, for_readiness) = (database.clone(), database.clone());
    let schema = schema().data(Counter::new(database.clone(), orders)).data(database.clone()).data(caches.clone());
    SubgraphBuilder::new(NAME, schema, access)
        .reads(reads)
        .caches(caches.invalidation(reads))
        .request_data(move |data| {
            let reader = Reader::in_data(data);
            data.insert(loaders::Loaders::new(&for_request, &caches, &reader));
        })
        .ready(move || {
            let database = for_readiness.clone();
            async move { database.is_ready().await }
        })
        .build()
}

/// A payment was written: what is kept of it is outdated, and the caller reads after it.
async fn written(context: &Context<'_>, story: &Story) -> Result<()> {
    request_data::<PaymentCaches>(context)?.forget(story).await;
    Reader::from_context(context)?.wrote().await;
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
