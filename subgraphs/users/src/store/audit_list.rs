//! Pages of audit trails, newest first: of many accounts in one statement.

use std::collections::HashMap;

use diesel::{
    pg::Pg,
    sql_types::{Array, BigInt, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::{GlobalId as _, PageRequest, database::Freshness, paging::Direction};
use uuid::Uuid;

use super::{StoreError, UserStore};
use crate::domain::{AuditEntry, UserId};

const PAGE_OF_EACH: &str = "SELECT page.* FROM unnest($1) AS account (id) CROSS JOIN LATERAL (\
    SELECT audit_trail.id, user_id, at, actor, origin, action, about, fields FROM audit_trail \
    WHERE user_id = account.id";

impl UserStore {
    /// The same page of each account's trail, in the page's direction. One statement: PostgreSQL
    /// walks the index once an account and stops at the limit.
    pub(crate) async fn audit_list_by_users(
        &self,
        users: &[UserId],
        page: &PageRequest<i64>,
        freshness: Freshness,
    ) -> Result<HashMap<UserId, Vec<AuditEntry>>, StoreError> {
        let users: Vec<Uuid> = users.iter().map(UserId::uuid).collect();
        let found = self.database.read(freshness, async |connection| list(connection, &users, page).await).await?;
        let mut pages: HashMap<UserId, Vec<AuditEntry>> = HashMap::new();
        for entry in found {
            pages.entry(entry.user_id).or_default().push(entry);
        }
        Ok(pages)
    }
}

async fn list(
    connection: &mut AsyncPgConnection,
    users: &[Uuid],
    page: &PageRequest<i64>,
) -> Result<Vec<AuditEntry>, StoreError> {
    let mut query = diesel::sql_query(PAGE_OF_EACH).into_boxed::<Pg>().bind::<Array<SqlUuid>, _>(users);
    let mut bound = 1_u8;
    // Newest first: what stands behind a line is older. Only conditions that are there, so that the index is walked.
    for (operator, id) in [("<", page.after), (">", page.before)] {
        if let Some(id) = id {
            bound += 1;
            query = query.sql(format!(" AND audit_trail.id {operator} ${bound}")).bind::<BigInt, _>(id);
        }
    }
    let order = match page.direction {
        Direction::Forward => "DESC",
        Direction::Backward => "ASC",
    };
    bound += 1;
    let query = query
        .sql(format!(" ORDER BY audit_trail.id {order} LIMIT ${bound}) AS page"))
        .bind::<BigInt, _>(page.rows_max());
    Ok(query.load(connection).await?)
}
