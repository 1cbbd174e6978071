//! That what is put on a shelf is there.

use std::collections::BTreeSet;

use super::Desk;
use crate::ProductId;
use crate::domain::{Block, InvalidField};
use crate::store::StoreError;

impl Desk {
    /// Products on the blocks' shelves that there never were. What is sold no more may stand there: it is left out when the shelf is
    /// shown, so nobody who changes a text has to look for it.
    pub(super) async fn check_shelves(&self, blocks: &[Block]) -> Result<Option<InvalidField>, StoreError> {
        let on_shelves = blocks.iter().filter_map(|block| match block {
            Block::Shelf { products } => Some(products),
            _ => None,
        });
        let asked: BTreeSet<ProductId> = on_shelves.flatten().copied().collect();
        if asked.is_empty() {
            return Ok(None);
        }
        let ids: Vec<ProductId> = asked.iter().copied().collect();
        let found = self.store.product_list_by_id(&ids).await?;
        let found: BTreeSet<ProductId> = found.into_iter().map(|product| product.id).collect();
        let unknown = asked.difference(&found).next();
        Ok(unknown.map(|id| InvalidField { field: "blocks", message: format!("must have products; {id} is none") }))
    }
}
