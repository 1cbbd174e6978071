//! The GraphQL face of orders. Resolvers check the caller, translate and delegate; rules live in
//! [`crate::domain`], statements in [`crate::store`], placing in [`crate::placing`].

mod cart;
mod entities;
mod errors;
mod export;
mod history;
mod invoice;
mod loaders;
mod mutation;
mod order;
mod payment;
mod product;
mod query;
mod user;
mod variant;

use std::sync::Arc;

use async_graphql::{Context, EmptySubscription, MergedObject, Schema, SchemaBuilder};
use kit::objects::ObjectStorage;
use kit::recent_writers::Reader;
use kit::{Access, PageBound, PageRequest, Reads, Result, Root, Subgraph, SubgraphBuilder, request_data};

use crate::NAME;
use crate::caches::OrderCaches;
use crate::catalogue::Catalogue;
use crate::domain::{OrderPosition, OrderView};
use crate::payments::Payments;
use crate::placing::OrderDesk;
use crate::store::OrderStore;

/// Pages of orders, of everyone or of one customer: newest first.
const NEWEST_FIRST: PageBound = PageBound::new("orders:newest");

// All queries. A doc comment here would describe `Query` in the contract.
#[derive(Default, MergedObject)]
#[graphql(name = "Query")]
struct Query(query::OrderQuery, export::ExportQuery, entities::OrderEntities);

/// The orders subgraph on the database of `reads`, priced by `catalogue`, which asks `payments` how orders are paid, for callers that
/// `access` lets in. `objects` is where documents are; without one there are none.
#[must_use]
pub fn subgraph(
    reads: &Reads,
    catalogue: Arc<dyn Catalogue>,
    payments: Arc<dyn Payments>,
    objects: Option<Arc<dyn ObjectStorage>>,
    access: Access,
) -> Subgraph {
    let (store, caches) = (OrderStore::new(reads.database().clone()), OrderCaches::new(reads));
    let desk = OrderDesk::new(store.clone(), catalogue);
    let for_request = store.clone();
    let for_readiness = store.clone();
    let schema = schema().data(store).data(desk).data(caches.clone()).data(Arc::clone(&payments));
    let schema = schema.data(invoice::Objects(objects));
    SubgraphBuilder::new(NAME, schema, access)
        .reads(reads)
        .caches(caches.invalidation(reads))
        .request_data(move |data| {
            let reader = Reader::in_data(data);
            data.insert(loaders::Loaders::new(&for_request, &caches, &payments, &reader));
        })
        .ready(move || {
            let store = for_readiness.clone();
            async move { store.is_ready().await }
        })
        .build()
}

/// Something has been written, to `order` if it is a placed one: what is kept of it is outdated, and the caller reads after it.
async fn written(context: &Context<'_>, order: Option<&OrderView>) -> Result<()> {
    if let Some(order) = order {
        request_data::<OrderCaches>(context)?.forget(order).await;
        request_data::<loaders::Loaders>(context)?.orders.clear(order.id).await;
    }
    Reader::from_context(context)?.wrote().await;
    Ok(())
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
