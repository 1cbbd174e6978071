//! `blockUser`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Caller, Result, request_data};
use wire::events::users::BlockReason;

use super::forget;
use crate::{
    domain::UserId,
    graphql::{author::author, errors::UserNotFoundError, user::UserObject},
    store::UserStore,
};

#[derive(Default)]
pub struct BlockUser;

/// Who to block.
#[derive(InputObject)]
pub struct BlockUserInput {
    /// The user.
    user_id: UserId,
}

/// The outcome of `blockUser`.
#[derive(SimpleObject)]
pub struct BlockUserPayload {
    /// The user as it is now; null when there are errors.
    user: Option<UserObject>,
    /// Why nothing was changed.
    errors: Vec<BlockUserError>,
}

/// Why a user wasn't blocked.
#[derive(Union)]
pub enum BlockUserError {
    UserNotFound(UserNotFoundError),
}

#[Object]
impl BlockUser {
    /// Lets a user order no more; for administrators.
    async fn block_user(&self, context: &Context<'_>, input: BlockUserInput) -> Result<Option<BlockUserPayload>> {
        Caller::from_context(context)?.require_administrator()?;
        let store = request_data::<UserStore>(context)?;
        let user = store.user_block(&author(context)?, input.user_id, &BlockReason::Administrator).await?;
        forget(context, input.user_id).await?;
        Ok(Some(match user {
            Some(user) => BlockUserPayload { user: Some(user.into()), errors: Vec::new() },
            None => {
                let error = UserNotFoundError::new();
                BlockUserPayload { user: None, errors: vec![BlockUserError::UserNotFound(error)] }
            }
        }))
    }
}
