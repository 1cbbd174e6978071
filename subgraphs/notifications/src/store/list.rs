//! Pages of inboxes by keyset, newest first: many users in one statement.

use std::collections::HashMap;

use diesel::{
    pg::Pg,
    sql_query,
    sql_types::{Array, BigInt, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::{
    GlobalId as _, PageRequest,
    database::{Freshness, ReadConnection},
    paging::{Direction, SortTime},
};
use uuid::Uuid;

use super::{NotificationRow, NotificationStore, Position, StoreError, rows::NOTIFICATION};

/// Which notifications a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Filter {
    /// The whole inbox.
    All,
    /// What isn't read.
    Unread,
}

impl NotificationStore {
    /// The same page of each user's inbox. One statement: PostgreSQL walks the index once a user and stops at the limit.
    ///
    /// # Errors
    /// The database fails.
    pub async fn notification_list_by_user(
        &self,
        users: &[Uuid],
        filter: Filter,
        page: &PageRequest<Position>,
        freshness: Freshness,
    ) -> Result<HashMap<Uuid, Vec<NotificationRow>>, StoreError> {
        let read = async |connection: &mut ReadConnection| list(connection, users, filter, page).await;
        let mut pages: HashMap<Uuid, Vec<NotificationRow>> = HashMap::new();
        for row in self.database.read(freshness, read).await? {
            pages.entry(row.user_id).or_default().push(row);
        }
        Ok(pages)
    }
}

async fn list(
    connection: &mut AsyncPgConnection,
    users: &[Uuid],
    filter: Filter,
    page: &PageRequest<Position>,
) -> Result<Vec<NotificationRow>, StoreError> {
    let unread = if filter == Filter::Unread { " AND notification.read_at IS NULL" } else { "" };
    let start = format!(
        "SELECT page.* FROM unnest($1) AS reader (id) CROSS JOIN LATERAL (SELECT {NOTIFICATION} FROM notification \
         WHERE notification.user_id = reader.id AND notification.shown_at IS NOT NULL{unread}"
    );
    // Only conditions that are there: a plan for "null or before it" would walk to the position.
    let mut query = sql_query(start).into_boxed::<Pg>().bind::<Array<SqlUuid>, _>(users);
    let mut bound = 1_u8;
    for (operator, position) in [("<", &page.after), (">", &page.before)] {
        if let Some(Position { occurred_at: SortTime(occurred_at), id }) = position {
            let condition =
                format!(" AND (notification.occurred_at, notification.id) {operator} (${}, ${})", bound + 1, bound + 2);
            query = query.sql(condition).bind::<Timestamptz, _>(*occurred_at).bind::<SqlUuid, _>(id.uuid());
            bound += 2;
        }
    }
    let order = match page.direction {
        Direction::Forward => "DESC",
        Direction::Backward => "ASC",
    };
    let end =
        format!(" ORDER BY notification.occurred_at {order}, notification.id {order} LIMIT ${}) AS page", bound + 1);
    let query = query.sql(end).bind::<BigInt, _>(page.rows_max());
    Ok(query.load(connection).await?)
}
