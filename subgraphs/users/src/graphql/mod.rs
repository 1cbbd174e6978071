//! The GraphQL side: one file a type or a mutation.

mod address;
mod audit;
mod author;
mod block;
mod deletion;
mod errors;
mod mutation;
mod preferences;
mod query;
mod user;

use async_graphql::{EmptySubscription, Schema, SchemaBuilder};
use kit::{Access, Reads, Root, Subgraph, SubgraphBuilder};

use self::{mutation::Mutation, query::Query};
use crate::{NAME, caches::UserCaches, loaders, store::UserStore};

pub(crate) fn subgraph(reads: &Reads, access: Access) -> Subgraph {
    let database = reads.database().clone();
    let (store, caches) = (UserStore::new(database.clone()), UserCaches::new(reads));
    SubgraphBuilder::new(NAME, schema().data(store.clone()).data(caches.clone()), access)
        .reads(reads)
        .caches(caches.invalidation(reads))
        .request_data(move |data| loaders::fill(data, &store, &caches))
        .ready(move || {
            let database = database.clone();
            async move { database.is_ready().await }
        })
        .build()
}

pub(crate) fn sdl() -> String {
    let subgraph = SubgraphBuilder::new(NAME, schema(), Access::closed()).build();
    subgraph.sdl().to_owned()
}

fn schema() -> SchemaBuilder<Root<Query>, Mutation, EmptySubscription> {
    Schema::build(Root(Query), Mutation::default(), EmptySubscription)
}
