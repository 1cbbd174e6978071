//! `type Mutation`: writing the catalogue, for administrators. One file a mutation.

mod change_price;
mod create_product;
mod restock;
mod update_product;

use std::sync::Arc;

use async_graphql::{Context, MergedObject};
use kit::{Caller, Result, request_data};

use crate::store::ProductStore;

// All mutations. A doc comment here would describe `Mutation` in the contract.
#[derive(Default, MergedObject)]
#[graphql(name = "Mutation")]
pub struct Mutation(
    create_product::CreateProduct,
    update_product::UpdateProduct,
    change_price::ChangePrice,
    restock::Restock,
);

/// The store, for administrators only.
fn store_to_write<'a>(context: &Context<'a>) -> Result<&'a Arc<dyn ProductStore>> {
    Caller::from_context(context)?.require_administrator()?;
    request_data::<Arc<dyn ProductStore>>(context)
}
