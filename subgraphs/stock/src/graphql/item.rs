//! `type StockItem`: the books of one item.

use async_graphql::{Context, Object};
use kit::recent_writers::Reader;
use kit::{Caller, Connection, PageBound, PageRequest, Result, request_data};

use super::movement::StockMovement;
use super::product::{Product, ProductVariant};
use crate::StockStore;
use crate::domain::Item;

const MOVEMENTS: PageBound = PageBound::new("stock-movements:newest");

/// What the books say of a product, or of one of its variants.
pub struct StockItem(pub Item);

/// What the books say of a product, or of one of its variants.
#[Object]
impl StockItem {
    /// The product.
    async fn product(&self) -> Product {
        Product(self.0.key.product_id)
    }

    /// The variant; null where the product is sold as it is.
    async fn variant(&self) -> Option<ProductVariant> {
        self.0.key.variant_id.map(ProductVariant)
    }

    /// Pieces there are, reserved ones included.
    async fn on_hand(&self) -> i32 {
        self.0.on_hand
    }

    /// Pieces kept for orders.
    async fn reserved(&self) -> i32 {
        self.0.reserved
    }

    /// Pieces that can be sold now.
    async fn available(&self) -> i32 {
        self.0.available()
    }

    /// Whether it is sold no more.
    async fn withdrawn(&self) -> bool {
        self.0.is_withdrawn
    }

    /// Counts how often pieces came or went; give it back with an adjustment, so that none is missed.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Its ledger, the newest movement first.
    async fn movements(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "At most this many from the start; 20 when neither this nor `last` is given, at most 100.")]
        first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many from the end.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<StockMovement>>> {
        // However the item was come by.
        Caller::from_context(context)?.require_administrator()?;
        let page = PageRequest::<i64>::parse(first, after, last, before, MOVEMENTS)?;
        let freshness = Reader::from_context(context)?.freshness().await;
        let store = request_data::<StockStore>(context)?;
        let movements = store.movement_list(self.0.key.id(), &page, freshness).await?;
        let movements = movements.into_iter().map(StockMovement).collect();
        page.connection(movements, |movement| movement.0.number).map(Some)
    }
}
