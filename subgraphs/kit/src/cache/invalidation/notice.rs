//! What processes are told: a line of JSON for each cache, over a channel of the service's database.
//!
//! PostgreSQL sends notices to who listens at that moment, and to nobody else; what it sends has at most 8,000 bytes.

use std::sync::Arc;

use diesel::{
    sql_query,
    sql_types::{Array, Text},
};
use diesel_async::RunQueryDsl as _;
use serde::{Deserialize, Serialize};

use super::{Kept, Outdated};
use crate::{
    cache::{NamedChange, Version},
    database::{Database, DatabaseError, cached},
};

/// The channel: a database is one service's.
pub(super) const CHANNEL: &str = "caches";

/// The longest notice, in bytes: PostgreSQL takes a little more.
const NOTICE_BYTES_MAX: usize = 7_900;
/// The longest name that is named: of longer ones everything is outdated. Written as JSON it has six times as many, at most.
const NAME_BYTES_MAX: usize = 512;

/// All names of one kind that one notice has room for.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Notice {
    pub kind: String,
    /// Names and versions; none: everything.
    pub changes: Option<Vec<(String, Option<u64>)>>,
}

/// Sends what is outdated to all who listen.
pub(super) async fn send(database: &Database, outdated: &[(Arc<dyn Kept>, Outdated)]) -> Result<(), DatabaseError> {
    let notices: Vec<String> = outdated.iter().flat_map(|(cache, outdated)| write(cache.kind(), outdated)).collect();
    let send = sql_query("SELECT pg_notify($1, notice) FROM unnest($2) AS notice")
        .bind::<Text, _>(CHANNEL)
        .bind::<Array<Text>, _>(notices);
    cached(send).execute(&mut database.connection().await?).await?;
    Ok(())
}

/// What a notice says; `None` for one of somebody else.
pub(super) fn read(text: &str) -> Option<(String, Outdated)> {
    let Notice { kind, changes } = serde_json::from_str(text).ok()?;
    let named = |(name, version): (String, Option<u64>)| NamedChange { name, version: version.map(Version) };
    let outdated = changes.map(|changes| Outdated::These(changes.into_iter().map(named).collect()));
    Some((kind, outdated.unwrap_or(Outdated::Everything)))
}

/// As many notices as it takes.
fn write(kind: &str, outdated: &Outdated) -> Vec<String> {
    let names = match outdated {
        Outdated::These(changes) if changes.iter().all(|change| change.name.len() <= NAME_BYTES_MAX) => changes,
        _ => return vec![line(kind, None)],
    };
    let (mut notices, mut room, mut open) = (Vec::new(), 0, Vec::new());
    for NamedChange { name, version } in names {
        let change = (name.clone(), version.map(|version| version.0));
        // A comma more than it takes.
        let bytes = serde_json::to_string(&change).map_or(NOTICE_BYTES_MAX, |text| text.len() + 1);
        if bytes > room && !open.is_empty() {
            notices.push(line(kind, Some(std::mem::take(&mut open))));
        }
        if open.is_empty() {
            room = NOTICE_BYTES_MAX.saturating_sub(line(kind, Some(Vec::new())).len());
        }
        room = room.saturating_sub(bytes);
        open.push(change);
    }
    if !open.is_empty() {
        notices.push(line(kind, Some(open)));
    }
    notices
}

fn line(kind: &str, changes: Option<Vec<(String, Option<u64>)>>) -> String {
    let notice = Notice { kind: kind.to_owned(), changes };
    // Texts and numbers can always be written.
    serde_json::to_string(&notice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(name: &str, version: Option<u64>) -> NamedChange {
        NamedChange { name: name.to_owned(), version: version.map(Version) }
    }

    #[test]
    fn what_is_written_is_read() {
        for outdated in
            [Outdated::Everything, Outdated::These(vec![change("a", None), change("\"\u{1}ä", Some(u64::MAX))])]
        {
            let notices = write("thing", &outdated);
            assert_eq!(notices.len(), 1);
            assert_eq!(read(&notices[0]), Some(("thing".to_owned(), outdated)));
        }
        assert_eq!(write("thing", &Outdated::nothing()), Vec::<String>::new());
    }

    #[test]
    fn many_names_take_several_notices_of_a_bounded_length() {
        let changes: Vec<_> = (0..500)
            .map(|index| change(&"\u{1}\"x".repeat(index % 170), (index % 3 == 0).then_some(u64::MAX)))
            .collect();
        let notices = write("thing", &Outdated::These(changes.clone()));
        assert!(
            notices.len() > 1 && notices.iter().all(|notice| notice.len() <= NOTICE_BYTES_MAX),
            "{}",
            notices.len()
        );
        let all = notices.iter().map(|notice| read(notice).unwrap().1).fold(Outdated::nothing(), Outdated::and);
        assert_eq!(all, Outdated::These(changes));
    }

    #[test]
    fn names_too_long_to_be_told_are_everything() {
        let long = Outdated::These(vec![change(&"x".repeat(NAME_BYTES_MAX + 1), None)]);
        assert_eq!(read(&write("thing", &long)[0]), Some(("thing".to_owned(), Outdated::Everything)));
    }

    #[test]
    fn what_others_say_is_nothing() {
        for text in ["", "7", "{}", "{\"kind\":7,\"changes\":null}", "{\"kind\":\"a\",\"changes\":[[1,2]]}"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
