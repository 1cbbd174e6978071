//! Reading users: by id, and page by page.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::{
    PageRequest,
    database::{DatabaseError, Freshness, ReadConnection},
    paging::{Direction, SortTime},
};

use super::UserStore;
use crate::{
    domain::{User, UserId},
    schema::users,
};

/// A user's position in the list: by time of creation, then id.
pub type UserPageKey = (SortTime, UserId);

impl UserStore {
    /// The users with these ids, in no order; those that don't exist are
    /// missing.
    pub(crate) async fn user_list_by_ids(
        &self,
        ids: &[UserId],
        freshness: Freshness,
    ) -> Result<Vec<User>, DatabaseError> {
        let read = async |connection: &mut ReadConnection| {
            let found = users::table.filter(users::id.eq_any(ids)).select(User::as_select());
            Ok(found.load(&mut **connection).await?)
        };
        self.database.read(freshness, read).await
    }

    /// One page of all users, in the page's direction, with one row more than
    /// the page has when there are more.
    pub(crate) async fn user_list_page(
        &self,
        page: &PageRequest<UserPageKey>,
        freshness: Freshness,
    ) -> Result<Vec<User>, DatabaseError> {
        self.database.read(freshness, async |connection| list_page(connection, page).await).await
    }
}

async fn list_page(
    connection: &mut AsyncPgConnection,
    page: &PageRequest<UserPageKey>,
) -> Result<Vec<User>, DatabaseError> {
    let mut query = users::table.select(User::as_select()).into_boxed();
    // The first condition of each is what the index is entered with.
    if let Some((SortTime(created_at), id)) = page.after {
        query = query
            .filter(users::created_at.ge(created_at))
            .filter(users::created_at.gt(created_at).or(users::id.gt(id)));
    }
    if let Some((SortTime(created_at), id)) = page.before {
        query = query
            .filter(users::created_at.le(created_at))
            .filter(users::created_at.lt(created_at).or(users::id.lt(id)));
    }
    query = match page.direction {
        Direction::Forward => query.order((users::created_at.asc(), users::id.asc())),
        Direction::Backward => query.order((users::created_at.desc(), users::id.desc())),
    };
    Ok(query.limit(page.rows_max()).load(connection).await?)
}
