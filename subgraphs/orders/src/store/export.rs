//! What exports read: stretches of the read model, from the oldest on; and their jobs.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::GlobalId as _;
use kit::job;
use kit::paging::SortTime;

use super::rows::EntryRow;
use super::schema::entry;
use super::{OrderStore, StoreError};
use crate::OrderExportId;
use crate::domain::{OrderPosition, OrderStatus, OrderView};
use crate::exporting::{self, ExportTerms, KIND, Wanted};

const COUNT: &str = "SELECT count(*) AS orders FROM (SELECT FROM order_list.entry \
    WHERE placed_at >= $1 AND placed_at < $2 AND ($3 IS NULL OR status = $3) LIMIT $4) AS found";

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    orders: i64,
}

impl OrderStore {
    /// How many orders there are of an export, at most `rows_max`: no more are looked at.
    ///
    /// # Errors
    /// The database fails.
    pub async fn export_count(&self, terms: &ExportTerms, rows_max: u64) -> Result<u64, StoreError> {
        let count = sql_query(COUNT)
            .bind::<Timestamptz, _>(terms.from)
            .bind::<Timestamptz, _>(terms.to)
            .bind::<Nullable<Text>, _>(terms.status.map(OrderStatus::as_str))
            .bind::<BigInt, _>(i64::try_from(rows_max).unwrap_or(i64::MAX));
        let mut connection = self.database.connection().await?;
        let Count { orders } = count.get_result(&mut connection).await?;
        Ok(orders.unsigned_abs())
    }

    /// The next orders of an export, the oldest first. One statement.
    ///
    /// # Errors
    /// The database fails.
    pub async fn export_page(
        &self,
        terms: &ExportTerms,
        after: Option<&OrderPosition>,
        rows_max: u32,
    ) -> Result<Vec<OrderView>, StoreError> {
        let mut query = of(terms);
        if let Some(OrderPosition { placed_at: SortTime(placed_at), id }) = after {
            // As one value, which PostgreSQL turns into one index range.
            let stands = sql::<Bool>("(entry.placed_at, entry.id) > (").bind::<Timestamptz, _>(*placed_at);
            query = query.filter(stands.sql(", ").bind::<SqlUuid, _>(id.uuid()).sql(")"));
        }
        let query = query.order((entry::placed_at.asc(), entry::id.asc())).limit(i64::from(rows_max));
        let mut connection = self.database.connection().await?;
        let rows: Vec<EntryRow> = query.select(EntryRow::as_select()).load(&mut connection).await?;
        rows.into_iter().map(OrderView::try_from).collect()
    }

    /// Has an export made unless there is one of this key; the one that there is then.
    ///
    /// # Errors
    /// The database fails.
    pub async fn export_want(&self, key: &str, terms: &ExportTerms) -> Result<Wanted, StoreError> {
        self.database
            .unit(async |connection| {
                exporting::enqueue(connection, key, terms).await?;
                by_key(connection, key).await?.ok_or(StoreError::Corrupt("export"))
            })
            .await
    }

    /// The export of this key.
    ///
    /// # Errors
    /// The database fails.
    pub async fn export_find_by_key(&self, key: &str) -> Result<Option<Wanted>, StoreError> {
        let mut connection = self.database.connection().await?;
        by_key(&mut connection, key).await
    }

    /// The export of this id.
    ///
    /// # Errors
    /// The database fails.
    pub async fn export_find(&self, id: OrderExportId) -> Result<Option<Wanted>, StoreError> {
        let mut connection = self.database.connection().await?;
        shown(&mut connection, id).await
    }
}

async fn by_key(connection: &mut AsyncPgConnection, key: &str) -> Result<Option<Wanted>, StoreError> {
    match job::find(connection, KIND, key).await? {
        Some(job) => shown(connection, OrderExportId::from_uuid(job.id)).await,
        None => Ok(None),
    }
}

async fn shown(connection: &mut AsyncPgConnection, id: OrderExportId) -> Result<Option<Wanted>, StoreError> {
    // Jobs of other kinds are nobody's business.
    let Some(shown) = job::show(connection, id.uuid()).await?.filter(|shown| shown.job.kind == KIND) else {
        return Ok(None);
    };
    let terms = serde_json::from_str(&shown.payload).map_err(|_| StoreError::Corrupt("export"))?;
    Ok(Some(Wanted { job: shown.job, terms }))
}

/// The orders of an export, in no order.
fn of(terms: &ExportTerms) -> entry::BoxedQuery<'_, diesel::pg::Pg> {
    let mut query =
        entry::table.into_boxed().filter(entry::placed_at.ge(terms.from).and(entry::placed_at.lt(terms.to)));
    if let Some(status) = terms.status {
        query = query.filter(entry::status.eq(status.as_str()));
    }
    query
}
