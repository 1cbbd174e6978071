//! `type Mutation`: placing and cancelling orders. One file a mutation.

mod cancel_order;
mod place_order;

use async_graphql::MergedObject;

// All mutations. A doc comment here would describe `Mutation` in the contract.
#[derive(Default, MergedObject)]
#[graphql(name = "Mutation")]
pub struct Mutation(place_order::PlaceOrder, cancel_order::CancelOrder);
