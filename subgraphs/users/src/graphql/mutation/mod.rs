//! `Mutation`: a user's own profile and addresses; administrators change
//! everyone's.

mod add_address;
mod block_user;
mod delete_account;
mod remove_address;
mod unblock_user;
mod update_address;
mod update_notification_preferences;
mod update_profile;

use async_graphql::{Context, MergedObject};
use kit::{Caller, Result, recent_writers::Reader, request_data};

use self::{
    add_address::AddAddress, block_user::BlockUser, delete_account::DeleteAccount, remove_address::RemoveAddress,
    unblock_user::UnblockUser, update_address::UpdateAddress,
    update_notification_preferences::UpdateNotificationPreferences, update_profile::UpdateProfile,
};
use crate::{
    caches::UserCaches,
    domain::{AddressId, UserId},
    loaders::{AddressLoader, Changes, DeletionLoader, PreferencesLoader, UserLoader},
    store::UserStore,
};

// The mutation root.
#[derive(MergedObject, Default)]
pub struct Mutation(
    UpdateProfile,
    AddAddress,
    UpdateAddress,
    RemoveAddress,
    UpdateNotificationPreferences,
    BlockUser,
    UnblockUser,
    DeleteAccount,
);

/// The user that a mutation changes: the named one, else the caller.
fn target(context: &Context<'_>, named: Option<UserId>) -> Result<UserId> {
    let caller = Caller::from_context(context)?;
    match named {
        Some(user) => caller.require_owner(user).map(|()| user),
        None => caller.require_user(),
    }
}

/// Whose address it is, when the caller may change it. A stranger's address is
/// no different from none, so that nobody can probe for ids.
async fn own_address(context: &Context<'_>, id: AddressId) -> Result<Option<UserId>> {
    let caller = Caller::from_context(context)?;
    caller.require_any_user()?;
    let owner = request_data::<UserStore>(context)?.address_owner(id).await?;
    Ok(owner.filter(|owner| caller.may_read(*owner)))
}

/// Forgets what this request has loaded of a changed user, and what is kept of them; and has the caller read after it.
async fn forget(context: &Context<'_>, user: UserId) -> Result<()> {
    request_data::<UserCaches>(context)?.forget(user).await;
    Reader::from_context(context)?.wrote().await;
    request_data::<UserLoader>(context)?.clear(user).await;
    request_data::<AddressLoader>(context)?.clear(user).await;
    request_data::<PreferencesLoader>(context)?.clear(user).await;
    request_data::<DeletionLoader>(context)?.clear(user).await;
    request_data::<Changes>(context)?.count();
    Ok(())
}
