//! The embedded server's password: random, made once, readable only by the account that runs PostgreSQL.

use std::fmt;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, chown};
use std::path::Path;

use super::PostgresError;
use crate::guarded::Account;

/// A password that no log shows.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// The text, for a connection only.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(…)")
    }
}

/// Reads the folder's password.
pub fn read(path: &Path) -> Result<Password, PostgresError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Password(text.trim().to_owned())),
        Err(error) => Err(PostgresError::folder("read", path, error)),
    }
}

/// Reads the folder's password, making one if there is none.
pub fn read_or_make(path: &Path, account: Option<Account>) -> Result<Password, PostgresError> {
    match read(path) {
        Ok(password) if !password.0.is_empty() => return Ok(password),
        Ok(_) => {}
        Err(PostgresError::Folder { error, .. }) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let mut bytes = [0_u8; 24];
    aws_lc_rs::rand::fill(&mut bytes)
        .map_err(|_| PostgresError::folder("fill", path, std::io::Error::other("no randomness")))?;
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    write_private(path, &text, account).map_err(|error| PostgresError::folder("write", path, error))?;
    Ok(Password(text))
}

fn write_private(path: &Path, text: &str, account: Option<Account>) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    if let Some(account) = account {
        chown(path, Some(account.user.as_raw()), Some(account.group.as_raw()))?;
    }
    Ok(())
}
