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
use kit::{Access, Root, Subgraph, SubgraphBuilder};

use self::{mutation::Mutation, query::Query};
use crate::{NAME, loaders, store::UserStore};

pub(crate) fn subgraph(store: UserStore, access: Access) -> Subgraph {
    let database = store.database().clone();
    SubgraphBuilder::new(NAME, schema().data(store.clone()), access)
        .request_data(move |data| loaders::fill(data, &store))
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
