//! Users and all that belongs to them in PostgreSQL.
//!
//! One function a statement or transaction. It checks no permissions: whoever
//! calls has. Every change leaves an event and a line of the audit trail in
//! its own transaction ([`record`]).

mod address_change;
mod address_list;
mod audit_list;
mod block;
mod contact;
mod deletion;
mod error;
mod preferences;
mod profile_update;
mod record;
mod user_erase;
mod user_list;
mod user_lock;

use kit::Database;

pub use address_change::{AddressInsert, AddressUpdate};
pub use block::user_block_in_txn;
pub use deletion::{Progress, deletion_insert, deletion_progress, deletion_standing};
pub use error::StoreError;
pub use preferences::PreferencesUpdate;
pub use profile_update::ProfileUpdate;
pub use record::{Line, note, tell};
pub use user_erase::user_erase_in_txn;
pub use user_lock::user_lock;

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
