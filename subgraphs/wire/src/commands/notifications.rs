//! What notifications can be asked.

use super::users::EraseUser;

crate::dispatch! {
    /// What the notifications domain is asked.
    pub enum NotificationCommand {
        EraseUser(EraseUser),
    }
}
