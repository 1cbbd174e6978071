//! Reading users: by id, and page by page.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kit::{
    PageRequest,
    database::DatabaseError,
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
    pub(crate) async fn user_list_by_ids(&self, ids: &[UserId]) -> Result<Vec<User>, DatabaseError> {
        let mut connection = self.database.connection().await?;
        let found = users::table.filter(users::id.eq_any(ids)).select(User::as_select()).load(&mut connection).await?;
        Ok(found)
    }

    /// One page of all users, in the page's direction, with one row more than
    /// the page has when there are more.
    pub(crate) async fn user_list_page(&self, page: &PageRequest<UserPageKey>) -> Result<Vec<User>, DatabaseError> {
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
        let mut connection = self.database.connection().await?;
        Ok(query.limit(page.rows_max()).load(&mut connection).await?)
    }
}
