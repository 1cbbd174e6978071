//! Booking: the only statement that moves stock.
//!
//! It changes the items and writes their movements at once, so that an item is the sum of its movements whatever dies when.

use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use kit::database::cached;
use uuid::Uuid;

use super::{Cause, StoreError};
use crate::domain::Kind;

const BOOK: &str = "WITH changed AS ( \
        UPDATE stock_item SET \
            on_hand = stock_item.on_hand + change.on_hand, reserved = stock_item.reserved + change.reserved, \
            movements = movements + 1, version = version + (change.on_hand <> 0)::integer, updated_at = now() \
        FROM unnest($1::uuid[], $2::integer[], $3::integer[]) AS change (id, on_hand, reserved) \
        WHERE stock_item.id = change.id \
        RETURNING stock_item.id, product_id, variant_id, stock_item.on_hand, stock_item.reserved, movements, turns, version, \
            withdrawn_at IS NOT NULL AS is_withdrawn, change.on_hand AS on_hand_change, \
            change.reserved AS reserved_change \
    ), booked AS ( \
        INSERT INTO stock_movement (item_id, number, kind, on_hand_change, reserved_change, on_hand, reserved, cause, \
            reservation_id, order_id, reason, actor) \
        SELECT id, movements, $4, on_hand_change, reserved_change, on_hand, reserved, $5, $6, $7, $8, $9 FROM changed \
    ) SELECT product_id, variant_id, on_hand, reserved, movements, turns, version, is_withdrawn FROM changed ORDER BY id";

/// What is booked: one kind of movement, of one cause, at several items.
#[derive(Clone, Debug)]
pub(super) struct Booking<'a> {
    pub kind: Kind,
    /// What brings it about: no cause moves an item twice.
    pub cause: String,
    pub reservation_id: Option<Uuid>,
    pub order_id: Option<Uuid>,
    pub reason: Option<&'a str>,
    /// Items by id, each once, with the pieces that it is about.
    pub pieces: Vec<(Uuid, i32)>,
}

/// What there is of an item after a booking, or when it was withdrawn or sold again.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub(super) struct Level {
    #[diesel(sql_type = SqlUuid)]
    pub product_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub variant_id: Option<Uuid>,
    #[diesel(sql_type = Integer)]
    pub on_hand: i32,
    #[diesel(sql_type = Integer)]
    pub reserved: i32,
    #[diesel(sql_type = BigInt)]
    pub movements: i64,
    /// How often it was withdrawn or sold again.
    #[diesel(sql_type = BigInt)]
    pub turns: i64,
    #[diesel(sql_type = Integer)]
    pub version: i32,
    #[diesel(sql_type = Bool)]
    pub is_withdrawn: bool,
}

impl Level {
    /// Counts what an item has been told of: of two levels the later one has more.
    pub(super) const fn sequence(&self) -> u64 {
        self.movements.saturating_add(self.turns).unsigned_abs()
    }
}

/// Books it and tells what each item has now, in the order of their ids. The caller has locked the items, in that order.
pub(super) async fn book(
    connection: &mut AsyncPgConnection,
    cause: &Cause,
    booking: Booking<'_>,
) -> Result<Vec<Level>, StoreError> {
    let changes = booking.pieces.iter().map(|(_, pieces)| booking.kind.change(*pieces));
    let (on_hand, reserved): (Vec<i32>, Vec<i32>) = changes.map(|change| (change.on_hand, change.reserved)).unzip();
    let items: Vec<Uuid> = booking.pieces.iter().map(|(item, _)| *item).collect();
    let expected = items.len();
    let statement = sql_query(BOOK)
        .bind::<Array<SqlUuid>, _>(items)
        .bind::<Array<Integer>, _>(on_hand)
        .bind::<Array<Integer>, _>(reserved)
        .bind::<Text, _>(booking.kind.as_str())
        .bind::<Text, _>(booking.cause)
        .bind::<Nullable<SqlUuid>, _>(booking.reservation_id)
        .bind::<Nullable<SqlUuid>, _>(booking.order_id)
        .bind::<Nullable<Text>, _>(booking.reason)
        .bind::<Nullable<Text>, _>(cause.actor.as_deref());
    let levels: Vec<Level> = cached(statement).load(connection).await?;
    if levels.len() == expected { Ok(levels) } else { Err(StoreError::Corrupt("items of a booking")) }
}
