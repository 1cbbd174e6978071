//! Pages of an item's ledger, from the newest movement.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use diesel_async::RunQueryDsl as _;
use kit::PageRequest;
use kit::database::{Freshness, ReadConnection, cached};
use kit::paging::Direction;
use uuid::Uuid;

use super::{StockStore, StoreError};
use crate::domain::{Change, Kind, Movement};

/// From the newest: what stands behind a number has a lower one.
const FORWARD: &str = "SELECT number, kind, on_hand_change, reserved_change, on_hand, reserved, cause, reservation_id, order_id, \
    reason, actor, booked_at FROM stock_movement \
    WHERE item_id = $1 AND number < $2 AND number > $3 ORDER BY number DESC LIMIT $4";
const BACKWARD: &str = "SELECT number, kind, on_hand_change, reserved_change, on_hand, reserved, cause, reservation_id, order_id, \
    reason, actor, booked_at FROM stock_movement \
    WHERE item_id = $1 AND number < $2 AND number > $3 ORDER BY number LIMIT $4";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Integer)]
    on_hand_change: i32,
    #[diesel(sql_type = Integer)]
    reserved_change: i32,
    #[diesel(sql_type = Integer)]
    on_hand: i32,
    #[diesel(sql_type = Integer)]
    reserved: i32,
    #[diesel(sql_type = Text)]
    cause: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    reservation_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    order_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    actor: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    booked_at: DateTime<Utc>,
}

impl TryFrom<Row> for Movement {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let kind = Kind::parse(&row.kind).ok_or(StoreError::Corrupt("kind of a movement"))?;
        let change = Change { on_hand: row.on_hand_change, reserved: row.reserved_change };
        let Row { number, on_hand, reserved, cause, reservation_id, order_id, reason, actor, booked_at, .. } = row;
        Ok(Self { number, kind, change, on_hand, reserved, cause, reservation_id, order_id, reason, actor, booked_at })
    }
}

impl StockStore {
    /// The rows of a page of an item's movements, the newest first, in the direction of `page`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn movement_list(
        &self,
        item: Uuid,
        page: &PageRequest<i64>,
        freshness: Freshness,
    ) -> Result<Vec<Movement>, StoreError> {
        let statement = match page.direction {
            Direction::Forward => FORWARD,
            Direction::Backward => BACKWARD,
        };
        let read = async |connection: &mut ReadConnection| {
            let list = sql_query(statement)
                .bind::<SqlUuid, _>(item)
                .bind::<BigInt, _>(page.after.unwrap_or(i64::MAX))
                .bind::<BigInt, _>(page.before.unwrap_or(0))
                .bind::<BigInt, _>(page.rows_max());
            let rows: Vec<Row> = cached(list).load(&mut **connection).await?;
            Ok::<_, StoreError>(rows)
        };
        let rows = self.database.read(freshness, read).await?;
        rows.into_iter().map(Movement::try_from).collect()
    }
}
