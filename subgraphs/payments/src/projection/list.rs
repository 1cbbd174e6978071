//! Reading lists of payments: ids, by keyset.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::PageRequest;
use kit::paging::{Direction, SortTime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::PaymentStatus;

diesel::table! {
    payment_list.entry (id) {
        id -> Uuid,
        order_id -> Uuid,
        customer_id -> Uuid,
        requested_at -> Timestamptz,
        status -> Text,
    }
}

/// Which payments a list holds: all that meet every condition given.
#[derive(Clone, Copy, Debug, Default)]
pub struct PaymentFilter {
    /// In this status only.
    pub status: Option<PaymentStatus>,
    /// Of this order only.
    pub order_id: Option<Uuid>,
    /// Of this customer only.
    pub customer_id: Option<Uuid>,
}

/// Where a payment stands in the list, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PaymentPosition {
    /// When it was asked for.
    pub requested_at: SortTime,
    /// Tells those of one moment apart.
    pub id: Uuid,
}

/// Compares rows with a position as one value, which PostgreSQL turns into one index range.
macro_rules! stands {
    ($operator:literal, $position:expr) => {
        sql::<Bool>(concat!("(entry.requested_at, entry.id) ", $operator, " ("))
            .bind::<Timestamptz, _>($position.requested_at.0)
            .sql(", ")
            .bind::<SqlUuid, _>($position.id)
            .sql(")")
    };
}

/// The positions of one page, in the direction of `page`. One statement.
///
/// # Errors
/// The database fails.
pub async fn list(
    connection: &mut AsyncPgConnection,
    filter: PaymentFilter,
    page: &PageRequest<PaymentPosition>,
) -> QueryResult<Vec<PaymentPosition>> {
    let mut query = entry::table.select((entry::requested_at, entry::id)).limit(page.rows_max()).into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(entry::status.eq(status.as_str()));
    }
    if let Some(order) = filter.order_id {
        query = query.filter(entry::order_id.eq(order));
    }
    if let Some(customer) = filter.customer_id {
        query = query.filter(entry::customer_id.eq(customer));
    }
    // Newest first: what stands behind a position is older.
    if let Some(position) = &page.after {
        query = query.filter(stands!("<", position));
    }
    if let Some(position) = &page.before {
        query = query.filter(stands!(">", position));
    }
    query = match page.direction {
        Direction::Forward => query.order((entry::requested_at.desc(), entry::id.desc())),
        Direction::Backward => query.order((entry::requested_at.asc(), entry::id.asc())),
    };
    let rows: Vec<(DateTime<Utc>, Uuid)> = query.load(connection).await?;
    let position = |(requested_at, id)| PaymentPosition { requested_at: SortTime(requested_at), id };
    Ok(rows.into_iter().map(position).collect())
}

const OF_EACH_ORDER: &str = "SELECT listed.* FROM unnest($1) AS wanted (id) CROSS JOIN LATERAL (\
    SELECT order_id, id, customer_id FROM payment_list.entry WHERE order_id = wanted.id \
    ORDER BY requested_at, id LIMIT $2) AS listed";

#[derive(QueryableByName)]
struct OfOrder {
    #[diesel(sql_type = SqlUuid)]
    order_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    customer_id: Uuid,
}

/// The payments of each of some orders, with their customers, the oldest first; at most `each_max` of an order. One statement, for
/// which PostgreSQL walks the index `entry_by_order` once an order and stops at the limit.
///
/// # Errors
/// The database fails.
pub async fn list_by_order(
    connection: &mut AsyncPgConnection,
    orders: &[Uuid],
    each_max: u32,
) -> QueryResult<HashMap<Uuid, Vec<(Uuid, Uuid)>>> {
    let query = sql_query(OF_EACH_ORDER).bind::<Array<SqlUuid>, _>(orders).bind::<BigInt, _>(i64::from(each_max));
    let rows: Vec<OfOrder> = query.load(connection).await?;
    let mut found: HashMap<Uuid, Vec<(Uuid, Uuid)>> = HashMap::new();
    for OfOrder { order_id, id, customer_id } in rows {
        found.entry(order_id).or_default().push((id, customer_id));
    }
    Ok(found)
}
