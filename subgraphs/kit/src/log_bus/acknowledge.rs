//! Keeping what a group has acknowledged.

use diesel::{
    sql_query,
    sql_types::{Array, BigInt, SmallInt},
};
use diesel_async::RunQueryDsl as _;

use crate::database::{Database, DatabaseError, cached};

/// Never back: one that has lost the partition may still say how far it was, which is true whoever has it now.
const ACKNOWLEDGE: &str = "UPDATE log_subscription SET acknowledged = told.acknowledged \
    FROM unnest($2::smallint[], $3::bigint[]) AS told (partition, acknowledged) \
    WHERE group_id = $1 AND log_subscription.partition = told.partition \
        AND log_subscription.acknowledged < told.acknowledged";

/// Keeps up to where each of some partitions is acknowledged.
pub(super) async fn keep(database: &Database, group: i16, acknowledged: &[(u16, u64)]) -> Result<(), DatabaseError> {
    let partitions: Vec<i16> = acknowledged.iter().map(|(partition, _)| partition.cast_signed()).collect();
    let positions: Vec<i64> = acknowledged.iter().map(|(_, position)| position.cast_signed()).collect();
    let statement = sql_query(ACKNOWLEDGE)
        .bind::<SmallInt, _>(group)
        .bind::<Array<SmallInt>, _>(partitions)
        .bind::<Array<BigInt>, _>(positions);
    cached(statement).execute(&mut database.connection().await?).await?;
    Ok(())
}
