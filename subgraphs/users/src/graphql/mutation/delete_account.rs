//! `deleteAccount`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Caller, Result, request_data};

use super::{forget, target};
use crate::{
    domain::{self, InvalidField, UserId},
    erasing::begin,
    graphql::{
        author::author,
        deletion::DeletionObject,
        errors::{InvalidAccountDeletionError, UserNotFoundError},
    },
    store::UserStore,
};

#[derive(Default)]
pub struct DeleteAccount;

/// Which account to delete.
#[derive(InputObject)]
pub struct DeleteAccountInput {
    /// Whose; the caller's when not given. Others than the caller's are for administrators.
    user_id: Option<UserId>,
    /// Why, 1 to 500 characters; needed for others' accounts. It is kept until the account is gone.
    reason: Option<String>,
}

/// The outcome of `deleteAccount`.
#[derive(SimpleObject)]
pub struct DeleteAccountPayload {
    /// The deletion, begun now or before; null when there are errors.
    deletion: Option<DeletionObject>,
    /// Why nothing was begun.
    errors: Vec<DeleteAccountError>,
}

/// Why a deletion wasn't begun.
#[derive(Union)]
pub enum DeleteAccountError {
    Invalid(InvalidAccountDeletionError),
    UserNotFound(UserNotFoundError),
}

#[Object]
impl DeleteAccount {
    /// Has every service forget a user. It takes a while, and a service may refuse: `User.deletion` tells. An account whose
    /// deletion is under way, or over, has only that one.
    async fn delete_account(
        &self,
        context: &Context<'_>,
        input: DeleteAccountInput,
    ) -> Result<Option<DeleteAccountPayload>> {
        delete_account(context, input).await.map(Some)
    }
}

async fn delete_account(context: &Context<'_>, input: DeleteAccountInput) -> Result<DeleteAccountPayload> {
    let user = target(context, input.user_id)?;
    let is_own = Caller::from_context(context)?.user() == Some(user);
    let reason = match (input.reason.as_deref(), is_own) {
        (Some(reason), _) => domain::reason(reason).map(Some),
        (None, true) => Ok(None),
        (None, false) => Err(InvalidField::new("reason", "reason must be given for others' accounts")),
    };
    let reason = match reason {
        Ok(reason) => reason,
        Err(invalid) => return Ok(refused(DeleteAccountError::Invalid(invalid.into()))),
    };
    let store = request_data::<UserStore>(context)?;
    let begun = begin(store.database(), &author(context)?, user, reason.as_deref()).await?;
    forget(context, user).await?;
    Ok(match begun {
        Some(deletion) => DeleteAccountPayload { deletion: Some(DeletionObject(deletion)), errors: Vec::new() },
        None => refused(DeleteAccountError::UserNotFound(UserNotFoundError::new())),
    })
}

fn refused(error: DeleteAccountError) -> DeleteAccountPayload {
    DeleteAccountPayload { deletion: None, errors: vec![error] }
}
