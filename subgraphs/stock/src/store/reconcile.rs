//! Proving the books: that what is kept is what the ledger says, and what is reserved is what reservations say.

use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use kit::database::cached;

use super::StoreError;

/// One reading of all three tables as they are at one moment.
const RECONCILE: &str = "WITH summed AS ( \
        SELECT item_id, sum(on_hand_change) AS on_hand, sum(reserved_change) AS reserved, count(*) AS movements, \
            max(number) AS last_number \
        FROM stock_movement GROUP BY item_id \
    ), kept AS ( \
        SELECT item_id, sum(quantity) AS quantity \
        FROM reservation_line JOIN reservation ON reservation.id = reservation_id \
        WHERE status = 'open' GROUP BY item_id \
    ), booked AS ( \
        SELECT reservation_id, item_id, sum(reserved_change) AS reserved, sum(on_hand_change) AS on_hand \
        FROM stock_movement WHERE reservation_id IS NOT NULL GROUP BY reservation_id, item_id \
    ), chained AS ( \
        SELECT on_hand, reserved, \
            sum(on_hand_change) OVER (PARTITION BY item_id ORDER BY number) AS on_hand_sum, \
            sum(reserved_change) OVER (PARTITION BY item_id ORDER BY number) AS reserved_sum FROM stock_movement \
    ) SELECT \
        (SELECT count(*) FROM stock_item) AS items, \
        (SELECT count(*) FROM stock_movement) AS movements, \
        (SELECT coalesce(sum(on_hand), 0)::bigint FROM stock_item) AS on_hand, \
        (SELECT coalesce(sum(reserved), 0)::bigint FROM stock_item) AS reserved, \
        (SELECT count(*) FROM reservation WHERE status = 'open') AS reservations_open, \
        (SELECT count(*) FROM stock_item LEFT JOIN summed ON item_id = id \
            WHERE (stock_item.on_hand, stock_item.reserved, stock_item.movements, stock_item.movements) \
            IS DISTINCT FROM (coalesce(summed.on_hand, 0), coalesce(summed.reserved, 0), coalesce(summed.movements, 0), \
                coalesce(last_number, 0))) AS items_off_the_ledger, \
        (SELECT count(*) FROM chained WHERE (on_hand, reserved) IS DISTINCT FROM (on_hand_sum, reserved_sum)) \
            AS movements_off_the_chain, \
        (SELECT count(*) FROM stock_item FULL JOIN kept ON item_id = id \
            WHERE coalesce(reserved, 0) <> coalesce(quantity, 0)) AS items_off_the_reservations, \
        (SELECT count(*) FROM reservation JOIN reservation_line ON reservation_id = id \
            LEFT JOIN booked USING (reservation_id, item_id) \
            WHERE (coalesce(reserved, 0), coalesce(on_hand, 0)) IS DISTINCT FROM ( \
                CASE status WHEN 'open' THEN quantity ELSE 0 END, CASE status WHEN 'committed' THEN -quantity ELSE 0 END)) \
            AS reservations_off_the_ledger, \
        coalesce((SELECT string_agg(id::text, ' ') FROM (SELECT id FROM stock_item LEFT JOIN summed ON item_id = id \
            WHERE (stock_item.on_hand, stock_item.reserved) \
            IS DISTINCT FROM (coalesce(summed.on_hand, 0), coalesce(summed.reserved, 0)) ORDER BY id LIMIT 10) AS off), '') \
            AS examples";

/// What the books say, and where they contradict themselves.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Reconciliation {
    /// Items there are.
    #[diesel(sql_type = BigInt)]
    pub items: i64,
    /// Entries of the ledger.
    #[diesel(sql_type = BigInt)]
    pub movements: i64,
    /// Pieces on hand altogether.
    #[diesel(sql_type = BigInt)]
    pub on_hand: i64,
    /// Reserved ones of them.
    #[diesel(sql_type = BigInt)]
    pub reserved: i64,
    /// Reservations whose pieces are kept.
    #[diesel(sql_type = BigInt)]
    pub reservations_open: i64,
    /// Items that aren't the sum of their movements, or whose movements have a gap.
    #[diesel(sql_type = BigInt)]
    pub items_off_the_ledger: i64,
    /// Movements that don't follow from the one before them.
    #[diesel(sql_type = BigInt)]
    pub movements_off_the_chain: i64,
    /// Items with other pieces reserved than open reservations say.
    #[diesel(sql_type = BigInt)]
    pub items_off_the_reservations: i64,
    /// Lines of reservations whose movements aren't what their status says.
    #[diesel(sql_type = BigInt)]
    pub reservations_off_the_ledger: i64,
    /// The ids of some items that aren't the sum of their movements.
    #[diesel(sql_type = Text)]
    pub examples: String,
}

impl Reconciliation {
    /// Whether the books contradict themselves nowhere.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.items_off_the_ledger == 0
            && self.movements_off_the_chain == 0
            && self.items_off_the_reservations == 0
            && self.reservations_off_the_ledger == 0
    }
}

/// Reads all of the books once, as they are at one moment, beside whoever writes them: it takes as long as the ledger is.
///
/// # Errors
/// [`StoreError`].
pub async fn reconcile(connection: &mut AsyncPgConnection) -> Result<Reconciliation, StoreError> {
    Ok(cached(sql_query(RECONCILE)).get_result(connection).await?)
}
