//! Users and addresses in PostgreSQL.
//!
//! One function a statement or transaction. It checks no permissions: whoever
//! calls has.

mod address_change;
mod address_list;
mod profile_update;
mod user_list;

use kit::Database;

pub use address_change::AddressInsert;
pub use profile_update::ProfileUpdate;

/// The users' database; cheap to clone.
#[derive(Debug, Clone)]
pub struct UserStore {
    database: Database,
}

impl UserStore {
    /// A store on a migrated database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Its database.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }
}
