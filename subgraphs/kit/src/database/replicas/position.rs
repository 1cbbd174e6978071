//! Where the primary's log ends, and waiting until replicas have come as far.

use std::time::Duration;

use super::{Lsn, watch::look_age_max};
use crate::database::{Database, DatabaseError};

/// The size of a page of the log, which every build of PostgreSQL that anybody runs has.
const PAGE_BYTES: u64 = 8_192;
/// What stands at the beginning of a page.
const PAGE_HEADER_BYTES: u64 = 24;
/// What stands at the beginning of a file of the log.
const FILE_HEADER_BYTES: u64 = 40;

/// Where the primary inserts next, and the size of its files. Not what it has flushed: with `synchronous_commit = off` a
/// commit may be seen before it is flushed, and a replica that has all of what is flushed may lack it.
pub(super) const INSERT_POSITION: &str = "SELECT pg_current_wal_insert_lsn()::text AS position, \
     pg_size_bytes(current_setting('wal_segment_size')) AS file_bytes";

/// The end of the last record before the place where the next is inserted. They differ where a record ends with its page: the
/// next one goes behind the following page's header, and a replica that has replayed everything stands before it.
pub(super) fn end_of_log(insert: Lsn, file_bytes: u64) -> Lsn {
    let in_page = insert.0 % PAGE_BYTES;
    let begins_file = insert.0.checked_rem(file_bytes) == Some(in_page);
    let header = if begins_file { FILE_HEADER_BYTES } else { PAGE_HEADER_BYTES };
    if in_page == header { Lsn(insert.0 - header) } else { insert }
}

impl Database {
    /// Where the log ends now: after a commit, a position from which on the commit is seen. A statement on the primary.
    ///
    /// # Errors
    /// The primary can't be asked.
    pub async fn position(&self) -> Result<Lsn, DatabaseError> {
        let mut connection = self.connection().await?;
        let row = diesel::sql_query(INSERT_POSITION);
        let row: Position = diesel_async::RunQueryDsl::get_result(row, &mut connection).await?;
        let insert = row.position.parse().map_err(|error| DatabaseError::Connect(Box::new(error)))?;
        Ok(end_of_log(insert, row.file_bytes.unsigned_abs()))
    }

    /// Waits until every replica shows everything up to `position`, or isn't read from by anybody for not doing so.
    pub async fn replayed(&self, position: Lsn) {
        let Some(replicas) = &self.replicas else { return };
        let interval = Duration::from_millis(replicas.config.watch_interval_ms);
        // Another process may have looked earlier than this one, and saw no more lag than the limit.
        let bound = Duration::from_millis(replicas.config.lag_ms_max) + look_age_max(&replicas.config);
        let all = async {
            while !replicas.replicas.iter().all(|replica| replica.has(position)) {
                tokio::time::sleep(interval).await;
            }
        };
        // The bound is as good as the condition.
        let _: Result<(), tokio::time::error::Elapsed> = tokio::time::timeout(bound, all).await;
    }
}

#[derive(diesel::QueryableByName)]
struct Position {
    #[diesel(sql_type = diesel::sql_types::Text)]
    position: String,
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    file_bytes: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_only_has_its_header_has_nothing_to_replay() {
        const FILE: u64 = 16 * 1024 * 1024;
        for (insert, end) in [
            (3 * PAGE_BYTES + 24, 3 * PAGE_BYTES),
            (3 * PAGE_BYTES + 40, 3 * PAGE_BYTES + 40),
            (3 * PAGE_BYTES, 3 * PAGE_BYTES),
            (2 * FILE + 40, 2 * FILE),
            (2 * FILE + 64, 2 * FILE + 64),
            (2 * FILE + PAGE_BYTES + 24, 2 * FILE + PAGE_BYTES),
            (u64::MAX, u64::MAX),
        ] {
            assert_eq!(end_of_log(Lsn(insert), FILE), Lsn(end), "{insert}");
        }
        assert_eq!(end_of_log(Lsn(24), 0), Lsn(0));
    }
}
