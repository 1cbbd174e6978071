//! Waking those who wait for a commit, and being woken.
//!
//! PostgreSQL lets only one transaction at a time commit a notification, and holds the next one up until the first is on the
//! disk: with notifications in them, transactions of a whole server are committed one after the other, at half the rate or
//! less. So a unit of work notifies after its commit, in a transaction that writes nothing. A process that dies in between has
//! told nobody: who is woken must also look by himself now and then.

use std::{cell::RefCell, collections::BTreeSet, sync::Arc};

use diesel::{
    sql_query,
    sql_types::{Array, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use tokio::sync::Notify;

use super::{Database, cached};
use crate::outage::Outage;

/// On which commits of messages and events are told.
const MESSAGES: &str = "outbox";
/// On which those of jobs are, each with the kind. Another one, since most commits have no jobs and most kinds no part in those that have.
const JOBS: &str = "job";

/// Notices of one transaction that say the same are sent once.
const TELL: &str =
    "SELECT pg_notify(told.channel, told.what) FROM unnest($1::text[], $2::text[]) AS told (channel, what)";

/// What is told: on which channel, and what about.
type Told = (&'static str, String);

tokio::task_local! {
    /// What is to be told of the unit of work that this task is in.
    static TOLD: RefCell<BTreeSet<Told>>;
}

/// Wakes those of [`wake_on_commit`] once the transaction that `connection` is in is committed.
pub(crate) async fn wake_after_commit(connection: &mut AsyncPgConnection) -> diesel::QueryResult<()> {
    note(connection, (MESSAGES, String::new())).await
}

/// As [`wake_after_commit`], those of [`hear_of_jobs`] who do jobs of a kind.
pub(crate) async fn wake_jobs_after_commit(connection: &mut AsyncPgConnection, kind: &str) -> diesel::QueryResult<()> {
    note(connection, (JOBS, kind.to_owned())).await
}

async fn note(connection: &mut AsyncPgConnection, what: Told) -> diesel::QueryResult<()> {
    let mut what = Some(what);
    // Nothing else has it meanwhile: no call is made while it is borrowed.
    let is_noted = TOLD.try_with(|told| told.borrow_mut().extend(what.take()));
    match (is_noted, what) {
        // A transaction of the caller's own: PostgreSQL sends what it is told now when it is committed.
        (Err(_), Some(what)) => tell(connection, &BTreeSet::from([what])).await,
        _ => Ok(()),
    }
}

/// Within `unit` it is noted what is to be told of it.
pub(super) async fn noting<T>(unit: impl Future<Output = T>) -> T {
    TOLD.scope(RefCell::default(), unit).await
}

/// Tells of a unit that was committed what is to be told of it.
pub(super) async fn tell_if_noted(connection: &mut AsyncPgConnection) {
    let told = TOLD.try_with(RefCell::take).unwrap_or_default();
    if !told.is_empty() {
        // If it fails they look by themselves: the unit is committed all the same.
        drop(tell(connection, &told).await);
    }
}

async fn tell(connection: &mut AsyncPgConnection, told: &BTreeSet<Told>) -> diesel::QueryResult<()> {
    let (channels, whats): (Vec<&str>, Vec<&str>) =
        told.iter().map(|(channel, what)| (*channel, what.as_str())).unzip();
    let tell = sql_query(TELL).bind::<Array<Text>, _>(channels).bind::<Array<Text>, _>(whats);
    cached(tell).execute(connection).await.map(drop)
}

/// Wakes whoever waits for `woken` with each commit that is told of, on a connection of its own that is made again when it is
/// lost. Also wakes when it was made: something may have been told before.
///
/// Never returns; ends when dropped.
pub(crate) async fn wake_on_commit(database: &Database, woken: &Arc<Notify>) {
    let woken = Arc::clone(woken);
    hear(database, MESSAGES, move |_| woken.notify_one()).await;
}

/// As [`wake_on_commit`], for jobs: calls `heard` with their kind, or with none when they may be of any.
pub(crate) async fn hear_of_jobs(database: &Database, heard: impl Fn(Option<&str>) + Clone + Send + 'static) {
    hear(database, JOBS, heard).await;
}

async fn hear(database: &Database, channel: &'static str, heard: impl Fn(Option<&str>) + Clone + Send + 'static) {
    let mut outage = Outage::none("listening to commits");
    loop {
        let hearing = heard.clone();
        match database.listen(channel, move |told| hearing(Some(told.payload()))).await {
            Ok(mut listening) => {
                outage.ended();
                heard(None);
                listening.ended().await;
            }
            Err(error) => tokio::time::sleep(outage.failed(&error)).await,
        }
    }
}
