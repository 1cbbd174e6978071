//! `type Query`: whether the books are right.

use async_graphql::{Context, Object, SimpleObject};
use kit::{BigInt, Caller, Result, request_data};

use crate::StockStore;
use crate::store::reconcile;

/// Reading the books.
#[derive(Default)]
pub struct StockQuery;

/// Reading the books.
#[Object]
impl StockQuery {
    /// Adds up the whole ledger and says where the books contradict themselves; null while that can't be found out. For
    /// administrators.
    async fn stock_reconciliation(&self, context: &Context<'_>) -> Result<Option<StockReconciliation>> {
        Caller::from_context(context)?.require_administrator()?;
        let mut connection = request_data::<StockStore>(context)?.database().connection().await?;
        let found = reconcile(&mut connection).await?;
        Ok(Some(StockReconciliation {
            clean: found.is_clean(),
            items: BigInt(found.items),
            movements: BigInt(found.movements),
            on_hand: BigInt(found.on_hand),
            reserved: BigInt(found.reserved),
            reservations_open: BigInt(found.reservations_open),
            items_off_the_ledger: BigInt(found.items_off_the_ledger),
            movements_off_the_chain: BigInt(found.movements_off_the_chain),
            items_off_the_reservations: BigInt(found.items_off_the_reservations),
            reservations_off_the_ledger: BigInt(found.reservations_off_the_ledger),
        }))
    }
}

/// What the books say altogether.
#[derive(SimpleObject)]
pub struct StockReconciliation {
    /// Whether they contradict themselves nowhere.
    clean: bool,
    /// Items there are.
    items: BigInt,
    /// Entries of the ledger.
    movements: BigInt,
    /// Pieces on hand.
    on_hand: BigInt,
    /// Reserved ones of them.
    reserved: BigInt,
    /// Reservations whose pieces are kept.
    reservations_open: BigInt,
    /// Items that aren't the sum of their movements.
    items_off_the_ledger: BigInt,
    /// Movements that don't follow from the one before them.
    movements_off_the_chain: BigInt,
    /// Items with other pieces reserved than open reservations say.
    items_off_the_reservations: BigInt,
    /// Lines of reservations whose movements aren't what their status says.
    reservations_off_the_ledger: BigInt,
}
