//! What happened to an account's orders, newest first.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::database::{Freshness, ReadConnection};
use kit::paging::Direction;
use kit::{GlobalId, PageRequest};

use super::rows::HistoryRow;
use super::schema::{entry, history};
use super::{OrderStore, StoreError};
use crate::UserId;
use crate::domain::HistoryEntry;

impl OrderStore {
    /// One page of a customer's history, in the direction of `page`; positions are the store's. One statement.
    ///
    /// # Errors
    /// The database fails.
    pub async fn history_list(
        &self,
        customer: UserId,
        page: &PageRequest<i64>,
        freshness: Freshness,
    ) -> Result<Vec<HistoryEntry>, StoreError> {
        let read = async |connection: &mut ReadConnection| list(connection, customer, page).await;
        self.database.read(freshness, read).await
    }
}

async fn list(
    connection: &mut AsyncPgConnection,
    customer: UserId,
    page: &PageRequest<i64>,
) -> Result<Vec<HistoryEntry>, StoreError> {
    let mut query = history::table
        .inner_join(entry::table.on(entry::id.eq(history::order_id)))
        .filter(history::customer_id.eq(customer.uuid()))
        .select((history::position, history::order_id, entry::number, history::status, history::happened_at))
        .limit(page.rows_max())
        .into_boxed();
    if let Some(position) = page.after {
        query = query.filter(history::position.lt(position));
    }
    if let Some(position) = page.before {
        query = query.filter(history::position.gt(position));
    }
    query = match page.direction {
        Direction::Forward => query.order(history::position.desc()),
        Direction::Backward => query.order(history::position.asc()),
    };
    let rows: Vec<HistoryRow> = query.load(connection).await?;
    rows.into_iter().map(HistoryEntry::try_from).collect()
}
