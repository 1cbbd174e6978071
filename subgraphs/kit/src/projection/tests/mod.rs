//! Read models on a real database: equal to what has happened, whatever is killed, rebuilt or run twice meanwhile.

mod account_list;
mod faults;
mod rebuilding;
mod redelivery;
mod versions;

use std::sync::{Arc, atomic::Ordering};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use self::account_list::AccountList;
use super::{Generation, Projector, ProjectorConfig, Rebuild, Status, rebuild, status};
use crate::{
    database::Database,
    event_store::{
        head, read_after,
        tests::{
            MIGRATIONS,
            account::{Account, AccountEvent, decide, deposit, deposited},
        },
    },
    testing::{TestDatabase, wait_for},
};

/// Looks often, as tests are in a hurry, and takes little at once.
const CONFIG: ProjectorConfig = ProjectorConfig { batch_events_max: 100, poll_ms: 10 };

/// Projectors that run until they are stopped.
struct Projectors {
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Projectors {
    fn start(number: usize, database: &Database, list: &Arc<AccountList>, config: ProjectorConfig) -> Self {
        let stop = CancellationToken::new();
        let start = |_| {
            let projector = Projector::new(database.clone(), Arc::clone(list) as _).unwrap().with_config(config);
            tokio::spawn(projector.run(stop.clone()))
        };
        Self { tasks: (0..number).map(start).collect(), stop }
    }

    async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            task.await.unwrap();
        }
    }
}

async fn statuses(database: &Database) -> Vec<Status> {
    status(&mut database.connection().await.unwrap()).await.unwrap()
}

async fn generation(database: &Database, generation: Generation) -> Option<Status> {
    statuses(database).await.into_iter().find(|status| status.generation == generation)
}

/// Waits until the live generation has all events, and there is no other one.
async fn wait_until_settled(database: &Database) {
    let settled = async || match &*statuses(database).await {
        [live] if live.generation == Generation::Live && live.behind() == 0 => Some(()),
        _ => None,
    };
    wait_for("the projection to settle", settled).await;
}

/// All rows of a table, byte for byte.
async fn rows(database: &Database, table: &str) -> String {
    let client = database.bulk_connection().await.unwrap();
    let rows = format!("SELECT string_agg(listed::text, E'\\n' ORDER BY id) FROM {table} AS listed");
    client.query_one(&rows, &[]).await.unwrap().get::<_, Option<String>>(0).unwrap_or_default()
}

/// What the rows must be, made of the events one by one, in another way than the projection does.
async fn expected(database: &Database) -> String {
    let mut accounts = std::collections::BTreeMap::new();
    let (mut connection, mut position) = (database.connection().await.unwrap(), 0);
    loop {
        let events = read_after(&mut connection, position, 1_000).await.unwrap();
        let Some(last) = events.last() else { break };
        position = last.position;
        for event in &events {
            let (cents, number, changed_at) = accounts.entry(event.stream_id).or_insert((0, 0, event.recorded_at));
            *cents += match event.event_of::<Account>().unwrap().unwrap() {
                AccountEvent::Deposited(deposited) => deposited.cents,
                AccountEvent::Withdrawn(withdrawn) => -withdrawn.cents,
            };
            *number += 1;
            *changed_at = event.recorded_at;
        }
    }
    let client = database.bulk_connection().await.unwrap();
    let mut lines = Vec::new();
    for (id, (cents, number, changed_at)) in accounts {
        let time = changed_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        lines.push(format!("('{id}'::uuid, {cents}::bigint, {number}::integer, '{time}'::timestamptz)"));
    }
    let rows = format!(
        "SELECT string_agg(listed::text, E'\\n' ORDER BY id) FROM (VALUES {}) AS listed (id, cents, events, changed_at)",
        lines.join(", ")
    );
    client.query_one(&rows, &[]).await.unwrap().get(0)
}

/// Accounts with this many events each.
async fn fill(database: &Database, accounts: usize, events: usize) {
    for _ in 0..accounts {
        let id = Uuid::now_v7();
        let deposits = move |account: &Account| (0..events as i64).map(|n| deposited(n + account.cents)).collect();
        decide(database, id, deposits).await.unwrap();
    }
}

/// With a poll that comes too late for the test.
#[tokio::test(flavor = "multi_thread")]
async fn follows_the_events_woken_by_their_commits() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, list) = (test.database(), Arc::new(AccountList::new(1)));
    fill(database, 3, 250).await;
    let config = ProjectorConfig { poll_ms: 3_600_000, ..CONFIG };
    let projectors = Projectors::start(1, database, &list, config);
    wait_until_settled(database).await;
    assert_eq!(rows(database, "account_list.entry").await, expected(database).await);
    let id = Uuid::now_v7();
    for cents in [10, 20, 30] {
        deposit(database, id, cents).await;
        wait_until_settled(database).await;
    }
    decide(database, id, |account| account.withdraw(50)).await.unwrap();
    wait_until_settled(database).await;
    projectors.stop().await;
    let rows = rows(database, "account_list.entry").await;
    assert_eq!(rows, expected(database).await);
    assert!(rows.contains(&format!("({id},10,4,")), "{rows}");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_projectors_apply_each_event_once() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, list) = (test.database(), Arc::new(AccountList::new(1)));
    let projectors = Projectors::start(3, database, &list, ProjectorConfig { batch_events_max: 7, ..CONFIG });
    fill(database, 30, 20).await;
    wait_until_settled(database).await;
    projectors.stop().await;
    assert_eq!(rows(database, "account_list.entry").await, expected(database).await);
    assert!(list.entered.load(Ordering::SeqCst) >= 600 / 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn tells_how_far_it_is() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, list) = (test.database(), Arc::new(AccountList::shut(1)));
    fill(database, 2, 100).await;
    let projectors = Projectors::start(1, database, &list, CONFIG);
    wait_for("a batch", async || (list.entered.load(Ordering::SeqCst) > 0).then_some(())).await;
    let live = generation(database, Generation::Live).await.unwrap();
    assert_eq!((&*live.name, live.version, live.position, live.head), ("account_list", 1, 0, 200));
    assert_eq!((live.behind(), live.remaining()), (200, None));
    list.set_open(true);
    wait_until_settled(database).await;
    projectors.stop().await;
    let live = generation(database, Generation::Live).await.unwrap();
    assert_eq!((live.position, live.behind(), live.failure), (200, 0, None));
    assert!(live.events_per_second > 0.0 && live.updated_at > live.started_at);
}
