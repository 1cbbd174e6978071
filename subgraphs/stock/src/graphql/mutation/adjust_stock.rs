//! `adjustStock`.

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject, Union};
use kit::Result;
use wire::events::stock::AdjustmentReason;

use super::super::errors::{InvalidProductError, ProductNotFoundError, StockReservedError, StockVersionConflictError};
use super::super::item::StockItem;
use super::super::written;
use super::store_to_write;
use crate::domain::{InvalidField, ItemKey, STOCK_MAX, check_change};
use crate::store::{Adjusted, Adjustment};
use crate::{ProductId, VariantId};

/// The mutation.
#[derive(Default)]
pub struct AdjustStock;

/// The mutation.
#[Object]
impl AdjustStock {
    /// Puts the books right where there are more or fewer pieces than they say. For administrators.
    async fn adjust_stock(&self, context: &Context<'_>, input: AdjustStockInput) -> Result<Option<AdjustStockPayload>> {
        adjust_stock(context, input).await.map(Some)
    }
}

async fn adjust_stock(context: &Context<'_>, input: AdjustStockInput) -> Result<AdjustStockPayload> {
    let (store, cause) = store_to_write(context)?;
    if let Some(invalid) = check_change(input.change) {
        return Ok(AdjustStockPayload::refused(InvalidProductError::from(invalid).into()));
    }
    let adjustment = Adjustment {
        item: ItemKey { product_id: input.id, variant_id: input.variant_id },
        expected_version: input.expected_version,
        change: input.change,
        reason: input.reason.into(),
    };
    Ok(match store.adjust(&cause, &adjustment).await? {
        Adjusted::Booked(item) => {
            written(context, &item).await?;
            AdjustStockPayload { item: Some(StockItem(item)), errors: Vec::new() }
        }
        Adjusted::Missing => AdjustStockPayload::refused(ProductNotFoundError::new().into()),
        Adjusted::VersionConflict(version) => {
            AdjustStockPayload::refused(StockVersionConflictError::new(version).into())
        }
        Adjusted::Reserved(reserved) => AdjustStockPayload::refused(StockReservedError::new(reserved).into()),
        Adjusted::TooMany => {
            let message = format!("would make the stock exceed {STOCK_MAX}");
            let invalid = InvalidField { field: "change", message };
            AdjustStockPayload::refused(InvalidProductError::from(invalid).into())
        }
    })
}

/// What the books are to say instead.
#[derive(InputObject)]
pub struct AdjustStockInput {
    /// Which product.
    id: ProductId,
    /// Which of its variants, if it has any.
    variant_id: Option<VariantId>,
    /// The item's version when its pieces were counted.
    expected_version: i32,
    /// How many pieces more there are than the books say; negative: fewer.
    change: i32,
    /// Why.
    reason: StockAdjustmentReason,
}

/// Why the books were wrong.
#[derive(Clone, Copy, Enum, Eq, PartialEq)]
pub enum StockAdjustmentReason {
    /// Pieces were counted.
    Counted,
    /// Pieces are broken.
    Damaged,
    /// Pieces are gone.
    Lost,
}

impl From<StockAdjustmentReason> for AdjustmentReason {
    fn from(reason: StockAdjustmentReason) -> Self {
        match reason {
            StockAdjustmentReason::Counted => Self::Counted,
            StockAdjustmentReason::Damaged => Self::Damaged,
            StockAdjustmentReason::Lost => Self::Lost,
        }
    }
}

/// What `adjustStock` did.
#[derive(SimpleObject)]
pub struct AdjustStockPayload {
    /// The item as it is now; null when the adjustment was refused.
    item: Option<StockItem>,
    /// Why it was refused.
    errors: Vec<AdjustStockError>,
}

impl AdjustStockPayload {
    fn refused(error: AdjustStockError) -> Self {
        Self { item: None, errors: vec![error] }
    }
}

/// Why the books stay as they were.
#[derive(Union)]
pub enum AdjustStockError {
    /// The change breaks a rule.
    Invalid(InvalidProductError),
    /// There is no such product.
    NotFound(ProductNotFoundError),
    /// Pieces came or went in between.
    VersionConflict(StockVersionConflictError),
    /// There would be fewer than are kept for orders.
    Reserved(StockReservedError),
}
