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

use async_graphql::{EmptySubscription, MergedObject, Schema, SchemaBuilder};
use kit::{Access, Database, PageBound, Root, Subgraph, SubgraphBuilder};

use crate::NAME;
use crate::counter::Counter;

/// Pages of payments: newest first.
const NEWEST_FIRST: PageBound = PageBound::new("payments:newest");

// All queries. A doc comment here would describe `Query` in the contract.
#[derive(Default, MergedObject)]
#[graphql(name = "Query")]
struct Query(query::PaymentQuery, entities::PaymentEntities);

/// The payments subgraph over a migrated `database`, for callers that `access` lets in. What it takes is done by
/// [`crate::workers`].
#[must_use]
pub fn subgraph(database: &Database, access: Access) -> Subgraph {
    let (for_request, for_readiness) = (database.clone(), database.clone());
    let schema = schema().data(Counter::new(database.clone())).data(database.clone());
    SubgraphBuilder::new(NAME, schema, access)
        .request_data(move |data| {
            data.insert(loaders::Loaders::new(&for_request));
        })
        .ready(move || {
            let database = for_readiness.clone();
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
