//! `unblockUser`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Caller, Result, request_data};

use super::forget;
use crate::{
    domain::UserId,
    graphql::{author::author, errors::UserNotFoundError, user::UserObject},
    store::UserStore,
};

#[derive(Default)]
pub struct UnblockUser;

/// Who to unblock.
#[derive(InputObject)]
pub struct UnblockUserInput {
    /// The user.
    user_id: UserId,
}

/// The outcome of `unblockUser`.
#[derive(SimpleObject)]
pub struct UnblockUserPayload {
    /// The user as it is now; null when there are errors.
    user: Option<UserObject>,
    /// Why nothing was changed.
    errors: Vec<UnblockUserError>,
}

/// Why a user wasn't unblocked.
#[derive(Union)]
pub enum UnblockUserError {
    UserNotFound(UserNotFoundError),
}

#[Object]
impl UnblockUser {
    /// Lets a user order again; for administrators.
    async fn unblock_user(&self, context: &Context<'_>, input: UnblockUserInput) -> Result<Option<UnblockUserPayload>> {
        Caller::from_context(context)?.require_administrator()?;
        let store = request_data::<UserStore>(context)?;
        let user = store.user_unblock(&author(context)?, input.user_id).await?;
        forget(context, input.user_id).await?;
        Ok(Some(match user {
            Some(user) => UnblockUserPayload { user: Some(user.into()), errors: Vec::new() },
            None => {
                let error = UserNotFoundError::new();
                UnblockUserPayload { user: None, errors: vec![UnblockUserError::UserNotFound(error)] }
            }
        }))
    }
}
