//! How fresh a read has to be, and where a database's log stands.

pub use wire::read_after::Lsn;

/// The size of a page of the log, which every build of PostgreSQL that anybody runs has.
const PAGE_BYTES: u64 = 8_192;
/// What stands at the beginning of a page.
const PAGE_HEADER_BYTES: u64 = 24;
/// What stands at the beginning of a file of the log.
const FILE_HEADER_BYTES: u64 = 40;

/// How fresh a read has to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Freshness {
    /// As fresh as any replica within the limit on lag.
    #[default]
    Recent,
    /// With everything up to a position in the primary's log: what the caller has written.
    AtLeast(Lsn),
    /// The primary's own state.
    Latest,
}

/// Where the primary inserts next, and the size of its files. Not what it has flushed: with `synchronous_commit = off` a
/// commit may be seen before it is flushed, and a replica that has all of what is flushed may lack it.
pub(super) const INSERT_POSITION: &str = "SELECT pg_current_wal_insert_lsn()::text AS position, \
     pg_size_bytes(current_setting('wal_segment_size')) AS file_bytes";

/// The end of the last record before the place where the next is inserted. They differ where a record ends with its page: the
/// next one goes behind the following page's header, and a replica that has replayed everything stands before it.
pub(super) fn end_of_log(insert: Lsn, file_bytes: u64) -> Lsn {
    if crate::mutant("17") { return insert; }
    let in_page = insert.0 % PAGE_BYTES;
    let begins_file = insert.0.checked_rem(file_bytes) == Some(in_page);
    let header = if begins_file { FILE_HEADER_BYTES } else { PAGE_HEADER_BYTES };
    if in_page == header { Lsn(insert.0 - header) } else { insert }
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
