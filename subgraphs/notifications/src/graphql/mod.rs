//! The GraphQL face of notifications. Resolvers check the caller, translate and delegate; rules live in [`crate::domain`],
//! statements in [`crate::store`].

mod entities;
mod errors;
mod loaders;
mod mutation;
mod notification;
mod order;
mod query;
mod user;
mod webhook;

use async_graphql::{EmptySubscription, MergedObject, Schema, SchemaBuilder};
use kit::{Access, PageBound, Reads, Root, Subgraph, SubgraphBuilder, recent_writers::Reader};

use crate::{NAME, domain::webhook_url::Reach, store::NotificationStore};

/// Pages of an inbox: newest first.
const NEWEST_FIRST: PageBound = PageBound::new("notifications:newest");

// All queries. A doc comment here would describe `Query` in the contract.
#[derive(Default, MergedObject)]
#[graphql(name = "Query")]
struct Query(query::NotificationQuery, entities::NotificationEntities);

/// The notifications subgraph on the database of `reads`, which is migrated, for callers that `access` lets in. Webhooks may be registered
/// within `reach`. It keeps nothing: an inbox is read by one user, and now and then.
#[must_use]
pub fn subgraph(reads: &Reads, reach: Reach, access: Access) -> Subgraph {
    let store = NotificationStore::new(reads.database().clone());
    let (for_request, for_readiness) = (store.clone(), store.clone());
    let schema = schema().data(store).data(reach);
    SubgraphBuilder::new(NAME, schema, access)
        .reads(reads)
        .request_data(move |data| {
            let reader = Reader::in_data(data);
            data.insert(loaders::Loaders::new(&for_request, &reader));
        })
        .ready(move || {
            let store = for_readiness.clone();
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
