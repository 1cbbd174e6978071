//! `type Mutation`: writing the catalogue, for administrators. One file a mutation.

mod change_price;
mod create_product;
mod define_category;
mod page;
mod update_product;
mod variant;

use std::sync::Arc;

use async_graphql::{Context, MergedObject};
use kit::recent_writers::Reader;
use kit::{Caller, Result, request_data};

use crate::caches::{Heard, ProductCaches};
use crate::desk::Desk;
use crate::store::ProductStore;

// All mutations. A doc comment here would describe `Mutation` in the contract.
#[derive(Default, MergedObject)]
#[graphql(name = "Mutation")]
pub struct Mutation(
    create_product::CreateProduct,
    update_product::UpdateProduct,
    change_price::ChangePrice,
    variant::WriteVariants,
    define_category::DefineCategory,
    page::WritePage,
);

/// Where the catalogue is written, and who writes, for administrators only.
fn desk(context: &Context<'_>) -> Result<Desk> {
    let caller = Caller::from_context(context)?;
    caller.require_administrator()?;
    let store = request_data::<Arc<dyn ProductStore>>(context)?;
    let heard = Heard {
        caches: request_data::<ProductCaches>(context)?.clone(),
        reader: Reader::from_context(context)?.clone(),
    };
    Ok(Desk::new(Arc::clone(store), caller.identity().subject.clone()).heard_by(heard))
}
