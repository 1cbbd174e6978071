//! Levels of stock in PostgreSQL.

use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use kit::GlobalId;
use kit::database::cached;

use super::super::{ItemLevel, StoreError};

/// One statement: of two at once the second looks again at what the first has written.
const SET: &str = "UPDATE products SET \
        in_stock_items = CASE WHEN $3 THEN array_append(array_remove(in_stock_items, $2), $2) \
            ELSE array_remove(in_stock_items, $2) END, \
        stock_sequences = CASE WHEN $5 IS NULL THEN stock_sequences \
            ELSE stock_sequences || jsonb_build_object($4::text, $5::bigint) END \
    WHERE id = $1 AND ($5 IS NULL OR coalesce((stock_sequences ->> $4)::bigint < $5, true))";

/// Notes a level, unless a later one is known.
pub(super) async fn set(connection: &mut AsyncPgConnection, level: ItemLevel) -> Result<(), StoreError> {
    let statement = sql_query(SET)
        .bind::<SqlUuid, _>(level.product.uuid())
        .bind::<SqlUuid, _>(level.item)
        .bind::<Bool, _>(level.is_available)
        .bind::<Text, _>(level.item.to_string())
        .bind::<Nullable<BigInt>, _>(level.sequence);
    cached(statement).execute(connection).await?;
    Ok(())
}
