//! Whom PostgreSQL runs as: it refuses root, so that root hands it to an unprivileged user.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nix::unistd::{Uid, User, geteuid};

use super::PostgresError;
use crate::guarded::Account;

/// The account for a folder: `None` if we aren't root and run everything as ourselves. A folder that an unprivileged user
/// owns already stays that user's.
pub fn account_for(folder: &Path) -> Result<Option<Account>, PostgresError> {
    if !geteuid().is_root() {
        return Ok(None);
    }
    if let Ok(metadata) = folder.metadata()
        && metadata.uid() != 0
        && let Ok(Some(user)) = User::from_uid(Uid::from_raw(metadata.uid()))
    {
        return Ok(Some(Account { user: user.uid, group: user.gid }));
    }
    // `postgres` is there where a package was installed; `nobody` is there everywhere.
    let user = ["postgres", "nobody"].into_iter().find_map(|name| User::from_name(name).ok().flatten());
    match user {
        Some(user) if !user.uid.is_root() => Ok(Some(Account { user: user.uid, group: user.gid })),
        _ => Err(PostgresError::NoAccount),
    }
}
