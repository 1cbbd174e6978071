//! `type Mutation`: writing the books, for administrators. One file a mutation.

mod adjust_stock;
mod restock;

use async_graphql::{Context, MergedObject};
use kit::{Caller, Result, request_data};

use crate::StockStore;
use crate::store::Cause;

// All mutations. A doc comment here would describe `Mutation` in the contract.
#[derive(Default, MergedObject)]
#[graphql(name = "Mutation")]
pub struct Mutation(restock::Restock, adjust_stock::AdjustStock);

/// The store, and who writes, for administrators only.
fn store_to_write<'a>(context: &Context<'a>) -> Result<(&'a StockStore, Cause)> {
    let caller = Caller::from_context(context)?;
    caller.require_administrator()?;
    let actor = caller.identity().subject.clone().unwrap_or_default();
    let cause = if actor.is_empty() { Cause::default() } else { Cause::user(actor) };
    Ok((request_data::<StockStore>(context)?, cause))
}
