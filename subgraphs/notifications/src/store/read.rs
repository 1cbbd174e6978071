//! Marking as read.

use diesel::{
    QueryableByName, sql_query,
    sql_types::{Array, BigInt, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;
use wire::events::notifications::NotificationRead;

use super::{StoreError, events::tell_in_txn};

/// Which of a user's notifications.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    /// These, as far as they are the user's and in the inbox.
    These(&'a [Uuid]),
    /// All there are now.
    All,
}

const MARK: &str = "UPDATE notification SET read_at = now() \
    WHERE user_id = $1 AND shown_at IS NOT NULL AND read_at IS NULL";
const UNREAD: &str = "SELECT count(*) AS count FROM notification \
    WHERE user_id = $1 AND shown_at IS NOT NULL AND read_at IS NULL";

#[derive(QueryableByName)]
struct Marked {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Marks notifications as read and gives how many are unread then. What was read stays as it was, and nothing is told where nothing
/// changes. The recipient must be locked: so each event says a number that was right when it was decided.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_read_in_txn(
    connection: &mut AsyncPgConnection,
    user_id: Uuid,
    which: Which<'_>,
) -> Result<u32, StoreError> {
    let mark = match which {
        Which::These(_) => format!("{MARK} AND id = ANY($2) RETURNING id"),
        Which::All => format!("{MARK} RETURNING id"),
    };
    let query = sql_query(mark).into_boxed::<diesel::pg::Pg>().bind::<SqlUuid, _>(user_id);
    let query = match which {
        Which::These(ids) => query.bind::<Array<SqlUuid>, _>(ids),
        Which::All => query,
    };
    let marked: Vec<Marked> = query.load(connection).await?;
    let Count { count } = sql_query(UNREAD).bind::<SqlUuid, _>(user_id).get_result(connection).await?;
    let unread = u32::try_from(count).unwrap_or(u32::MAX);
    if !marked.is_empty() {
        let ids = marked.into_iter().map(|Marked { id }| id.into()).collect();
        let notification_ids = matches!(which, Which::These(_)).then_some(ids);
        tell_in_txn(connection, &NotificationRead { user_id: user_id.into(), notification_ids, unread }, None).await?;
    }
    Ok(unread)
}
