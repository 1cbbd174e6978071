//! `Query`, and users as entities.

use async_graphql::{Context, ID, Object};
use kit::{
    Caller, Connection, Entity, GlobalId as _, PageBound, PageRequest, Result, paging::SortTime,
    recent_writers::Reader, request_data,
};

use super::user::UserObject;
use crate::{domain::UserId, loaders::UserLoader, store::UserStore};

/// The list of all users and its order.
const USERS: PageBound = PageBound::new("users:created");

/// The query root.
pub struct Query;

#[Object]
impl Query {
    /// The caller's own user; null for an anonymous caller.
    async fn me(&self, context: &Context<'_>) -> Result<Option<UserObject>> {
        match Caller::from_context(context)?.user::<UserId>() {
            Some(id) => user_by_id(context, id).await,
            None => Ok(None),
        }
    }

    /// A user by id.
    async fn user(&self, context: &Context<'_>, id: UserId) -> Result<Option<UserObject>> {
        user_by_id(context, id).await
    }

    /// All users, the oldest first; for administrators.
    async fn users(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many, at most 100; 20 when nothing is given.")] first: Option<i32>,
        #[graphql(desc = "Only users behind this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only users before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<UserObject>>> {
        Caller::from_context(context)?.require_administrator()?;
        let page = PageRequest::parse(first, after, last, before, USERS)?;
        let store = request_data::<UserStore>(context)?;
        let users = store.user_list_page(&page, Reader::from_context(context)?.freshness().await).await?;
        let users = users.into_iter().map(UserObject::from).collect();
        page.connection(users, |user| (SortTime(user.0.created_at), user.0.id)).map(Some)
    }

    #[graphql(entity)]
    async fn find_user_by_id(&self, context: &Context<'_>, id: ID) -> Entity<UserObject> {
        Entity::find(async { user_by_id(context, UserId::parse_global(&id)?).await }).await
    }
}

async fn user_by_id(context: &Context<'_>, id: UserId) -> Result<Option<UserObject>> {
    let user = request_data::<UserLoader>(context)?.load(id).await?;
    Ok(user.map(UserObject))
}
