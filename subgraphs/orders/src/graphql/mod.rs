//! The GraphQL face of orders. Resolvers check the caller, translate and delegate; rules live in
//! [`crate::domain`], statements in [`crate::store`], placing in [`crate::placing`].

mod cart;
mod entities;
mod errors;
mod history;
mod loaders;
mod mutation;
mod order;
mod payment;
mod product;
mod query;
mod user;

use std::sync::Arc;

use async_graphql::{EmptySubscription, MergedObject, Schema, SchemaBuilder};
use kit::{Access, PageBound, PageRequest, Result, Root, Subgraph, SubgraphBuilder};

use crate::NAME;
use crate::catalogue::Catalogue;
use crate::domain::OrderPosition;
use crate::payments::Payments;
use crate::placing::OrderDesk;
use crate::store::OrderStore;

/// Pages of orders, of everyone or of one customer: newest first.
const NEWEST_FIRST: PageBound = PageBound::new("orders:newest");

// All queries. A doc comment here would describe `Query` in the contract.
#[derive(Default, MergedObject)]
#[graphql(name = "Query")]
struct Query(query::OrderQuery, entities::OrderEntities);

/// The orders subgraph over `store`, priced by `catalogue`, which asks `payments` how orders are paid, for callers that `access` lets in.
#[must_use]
pub fn subgraph(
    store: OrderStore,
    catalogue: Arc<dyn Catalogue>,
    payments: Arc<dyn Payments>,
    access: Access,
) -> Subgraph {
    let desk = OrderDesk::new(store.clone(), catalogue);
    let for_request = store.clone();
    let for_readiness = store.clone();
    let schema = schema().data(store).data(desk).data(Arc::clone(&payments));
    SubgraphBuilder::new(NAME, schema, access)
        .request_data(move |data| {
            data.insert(loaders::Loaders::new(&for_request, &payments));
        })
        .ready(move || {
            let store = for_readiness.clone();
            async move { store.is_ready().await }
        })
        .build()
}

/// The arguments of a list of orders, checked.
fn page_of_orders(
    first: Option<i32>,
    after: Option<String>,
    last: Option<i32>,
    before: Option<String>,
) -> Result<PageRequest<OrderPosition>> {
    PageRequest::parse(first, after, last, before, NEWEST_FIRST)
}

/// The subgraph's contract, without a database.
#[must_use]
pub fn sdl() -> String {
    SubgraphBuilder::new(NAME, schema(), Access::closed()).build().sdl().to_owned()
}

fn schema() -> SchemaBuilder<Root<Query>, mutation::Mutation, EmptySubscription> {
    Schema::build(Root(Query::default()), mutation::Mutation::default(), EmptySubscription)
}
