//! Beginning a deletion.

use diesel_async::AsyncPgConnection;
use kit::{Database, saga};
use uuid::Uuid;
use wire::events::users::UserErasureRequested;

use super::{ErasureSaga, saga::Wish};
use crate::{
    domain::{Action, Author, Deletion, UserId},
    store::{Line, StoreError, deletion_insert, deletion_standing, tell, user_lock},
};

/// Begins the deletion of an account, unless one is under way or over: that or the new one; `None` if there is no such user.
pub async fn begin(
    database: &Database,
    author: &Author,
    user: UserId,
    reason: Option<&str>,
) -> Result<Option<Deletion>, StoreError> {
    database.unit(async |connection| begin_in_txn(connection, author, user, reason).await).await
}

async fn begin_in_txn(
    connection: &mut AsyncPgConnection,
    author: &Author,
    user: UserId,
    reason: Option<&str>,
) -> Result<Option<Deletion>, StoreError> {
    if user_lock(connection, user).await?.is_none() {
        return Ok(None);
    }
    if let Some(standing) = deletion_standing(connection, user).await? {
        return Ok(Some(standing));
    }
    let id = Uuid::now_v7();
    deletion_insert(connection, id, user, author, reason).await?;
    let author = Author { correlation: Some(id.to_string()), ..author.clone() };
    let event = UserErasureRequested { user_id: user.into() };
    tell(connection, &author, Line::new(user, Action::DeletionRequested), &event).await?;
    saga::begin::<ErasureSaga>(connection, id, &Wish { user_id: user }, &author.metadata()).await?;
    Ok(deletion_standing(connection, user).await?)
}
