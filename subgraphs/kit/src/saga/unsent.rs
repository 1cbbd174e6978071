//! What a saga has asked for and the bus doesn't have yet: while it is in the outbox, nobody can have answered, and no time runs out.

use diesel::{
    sql_query,
    sql_types::{Array, SmallInt, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use wire::topic::{Purpose, Topic};

use super::{StepError, row::Current};
use crate::database::cached;

/// Messages of a lane leave a topic's in order, so that what is there of before the saga's last step says that what it asked by it
/// hasn't left either. As long again as it would have waited, and at least a second: whoever is asked then has all of that time.
const POSTPONE: &str = "UPDATE saga SET updated_at = clock_timestamp(), \
        deadline = clock_timestamp() + greatest(deadline - updated_at, interval '1 second') \
    WHERE kind = $1 AND id = $2 AND EXISTS (SELECT FROM unnest($3::smallint[], $4::text[]) AS asked (lane, topic) \
        JOIN outbox USING (lane, topic) WHERE outbox.created_at <= saga.updated_at)";

/// Puts off the deadline of a saga that still waits to be heard; `false`, and nothing is changed, if it has been.
pub(super) async fn postpone(
    connection: &mut AsyncPgConnection,
    kind: &str,
    current: &Current,
) -> Result<bool, StepError> {
    let asked = current.awaited.iter().filter_map(|awaited| {
        let topic = Topic::of(awaited.from, Purpose::Commands);
        Some((awaited.lane?, topic.to_string()))
    });
    let (lanes, topics): (Vec<i16>, Vec<String>) = asked.unzip();
    if lanes.is_empty() {
        return Ok(false);
    }
    let postpone = sql_query(POSTPONE)
        .bind::<Text, _>(kind)
        .bind::<SqlUuid, _>(current.id)
        .bind::<Array<SmallInt>, _>(lanes)
        .bind::<Array<Text>, _>(topics);
    Ok(cached(postpone).execute(connection).await? > 0)
}
