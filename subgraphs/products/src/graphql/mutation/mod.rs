//! `type Mutation`: writing the catalogue, for administrators. One file a mutation.

mod change_price;
mod create_product;
mod update_product;

use std::sync::Arc;

use async_graphql::{Context, MergedObject};
use kit::{Caller, Result, request_data};

use crate::desk::Desk;
use crate::store::ProductStore;

// All mutations. A doc comment here would describe `Mutation` in the contract.
#[derive(Default, MergedObject)]
#[graphql(name = "Mutation")]
pub struct Mutation(create_product::CreateProduct, update_product::UpdateProduct, change_price::ChangePrice);

/// Where the catalogue is written, and who writes, for administrators only.
fn desk<'a>(context: &Context<'a>) -> Result<(Desk, Option<&'a str>)> {
    let caller = Caller::from_context(context)?;
    caller.require_administrator()?;
    let store = request_data::<Arc<dyn ProductStore>>(context)?;
    Ok((Desk::new(Arc::clone(store)), caller.identity().subject.as_deref()))
}
