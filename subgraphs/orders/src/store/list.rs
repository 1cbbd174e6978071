//! Pages of orders by keyset from the read model, newest first: of everyone, or of many customers in one statement.

use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::database::{Freshness, ReadConnection};
use kit::paging::{Direction, SortTime};
use kit::{GlobalId, PageRequest};
use uuid::Uuid;

use super::rows::EntryRow;
use super::schema::entry;
use super::{OrderStore, StoreError};
use crate::UserId;
use crate::domain::{OrderFilter, OrderPosition, OrderView};

/// Compares rows with a position as one value, which PostgreSQL turns into one index range.
macro_rules! stands {
    ($operator:literal, $position:expr) => {
        sql::<Bool>(concat!("(entry.placed_at, entry.id) ", $operator, " ("))
            .bind::<Timestamptz, _>($position.placed_at.0)
            .sql(", ")
            .bind::<SqlUuid, _>($position.id.uuid())
            .sql(")")
    };
}

impl OrderStore {
    /// The rows of one page, in the direction of `page`. One statement.
    ///
    /// # Errors
    /// The database fails.
    pub async fn order_list(
        &self,
        filter: OrderFilter,
        page: &PageRequest<OrderPosition>,
        freshness: Freshness,
    ) -> Result<Vec<OrderView>, StoreError> {
        let read = async |connection: &mut ReadConnection| list(connection, filter, page).await;
        self.database.read(freshness, read).await
    }

    /// The same page of each customer's orders. One statement for all of them: PostgreSQL walks
    /// the index `entry_by_customer` once a customer and stops at the limit.
    ///
    /// # Errors
    /// The database fails.
    pub async fn order_list_by_customer(
        &self,
        customers: &[UserId],
        page: &PageRequest<OrderPosition>,
        freshness: Freshness,
    ) -> Result<HashMap<UserId, Vec<OrderView>>, StoreError> {
        let read = async |connection: &mut ReadConnection| list_by_customer(connection, customers, page).await;
        self.database.read(freshness, read).await
    }
}

async fn list(
    connection: &mut AsyncPgConnection,
    filter: OrderFilter,
    page: &PageRequest<OrderPosition>,
) -> Result<Vec<OrderView>, StoreError> {
    let mut query = entry::table.select(EntryRow::as_select()).limit(page.rows_max()).into_boxed();
    if let Some(customer) = filter.customer_id {
        query = query.filter(entry::customer_id.eq(customer.uuid()));
    }
    if let Some(status) = filter.status {
        query = query.filter(entry::status.eq(status.as_str()));
    }
    // Newest first: what stands behind a position is older.
    if let Some(position) = &page.after {
        query = query.filter(stands!("<", position));
    }
    if let Some(position) = &page.before {
        query = query.filter(stands!(">", position));
    }
    query = match page.direction {
        Direction::Forward => query.order((entry::placed_at.desc(), entry::id.desc())),
        Direction::Backward => query.order((entry::placed_at.asc(), entry::id.asc())),
    };
    let rows: Vec<EntryRow> = query.load(connection).await?;
    rows.into_iter().map(OrderView::try_from).collect()
}

async fn list_by_customer(
    connection: &mut AsyncPgConnection,
    customers: &[UserId],
    page: &PageRequest<OrderPosition>,
) -> Result<HashMap<UserId, Vec<OrderView>>, StoreError> {
    let customers: Vec<Uuid> = customers.iter().map(UserId::uuid).collect();
    // Only conditions that are there: a plan for "null or before it" would walk to the position.
    let mut query = diesel::sql_query(PAGE_OF_EACH).into_boxed::<Pg>().bind::<Array<SqlUuid>, _>(customers);
    let mut bound = 1_u8;
    for (operator, position) in [("<", &page.after), (">", &page.before)] {
        if let Some(OrderPosition { placed_at: SortTime(placed_at), id }) = position {
            query = query
                .sql(format!(" AND (placed_at, entry.id) {operator} (${}, ${})", bound + 1, bound + 2))
                .bind::<Timestamptz, _>(*placed_at)
                .bind::<SqlUuid, _>(id.uuid());
            bound += 2;
        }
    }
    let order = match page.direction {
        Direction::Forward => "DESC",
        Direction::Backward => "ASC",
    };
    let query = query
        .sql(format!(" ORDER BY placed_at {order}, id {order} LIMIT ${}) AS page", bound + 1))
        .bind::<BigInt, _>(page.rows_max());
    let rows: Vec<EntryRow> = query.load(connection).await?;
    let mut pages: HashMap<UserId, Vec<OrderView>> = HashMap::new();
    for row in rows {
        let order = OrderView::try_from(row)?;
        pages.entry(order.customer_id).or_default().push(order);
    }
    Ok(pages)
}

const PAGE_OF_EACH: &str = "\
SELECT page.* FROM unnest($1) AS customer (id) CROSS JOIN LATERAL (\
 SELECT id, number, customer_id, status, currency, total_minor, refunded_minor, placed_at, version, carrier, tracking_number, \
 cancellation FROM order_list.entry \
 WHERE customer_id = customer.id";
