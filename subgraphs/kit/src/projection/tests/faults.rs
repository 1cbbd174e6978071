//! What fails, and what is left of it.

use super::*;

const KILL: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
    WHERE state = 'idle in transaction' AND datname = current_database()";

#[tokio::test(flavor = "multi_thread")]
async fn a_projector_killed_within_a_batch_applies_it_once() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, list) = (test.database(), Arc::new(AccountList::shut(1)));
    fill(database, 4, 100).await;
    let projectors = Projectors::start(2, database, &list, CONFIG);
    let client = database.bulk_connection().await.unwrap();
    for batch in 1..=3 {
        wait_for("a batch", async || (list.entered.load(Ordering::SeqCst) >= batch).then_some(())).await;
        let killed = async || (client.query_one(KILL, &[]).await.unwrap().get::<_, i64>(0) == 1).then_some(());
        wait_for("a kill", killed).await;
        let entered = list.entered.load(Ordering::SeqCst);
        list.set_open(true);
        wait_for("the next one", async || (list.entered.load(Ordering::SeqCst) > entered).then_some(())).await;
        list.set_open(false);
    }
    list.set_open(true);
    wait_until_settled(database).await;
    projectors.stop().await;
    assert_eq!(rows(database, "account_list.entry").await, expected(database).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_that_is_killed_goes_on_where_it_was() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, list) = (test.database(), Arc::new(AccountList::new(1)));
    fill(database, 4, 100).await;
    let projectors = Projectors::start(1, database, &list, CONFIG);
    wait_until_settled(database).await;
    list.set_open(false);
    let entered = list.entered.load(Ordering::SeqCst);
    rebuild(database, &*list).await.unwrap();
    wait_for("a batch", async || (list.entered.load(Ordering::SeqCst) > entered).then_some(())).await;
    let client = database.bulk_connection().await.unwrap();
    let killed = async || (client.query_one(KILL, &[]).await.unwrap().get::<_, i64>(0) == 1).then_some(());
    wait_for("a kill", killed).await;
    list.set_open(true);
    wait_until_settled(database).await;
    projectors.stop().await;
    assert!(list.entered.load(Ordering::SeqCst) >= entered + 5, "the killed batch came twice");
    assert_eq!(rows(database, "account_list.entry").await, expected(database).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_fails_says_so_and_goes_on_when_it_can() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, list) = (test.database(), Arc::new(AccountList::new(1)));
    fill(database, 1, 10).await;
    list.fails.store(true, Ordering::SeqCst);
    let projectors = Projectors::start(1, database, &list, CONFIG);
    let failure = wait_for("a failure", async || generation(database, Generation::Live).await?.failure).await;
    assert!(failure.contains("division by zero"), "{failure}");
    assert_eq!(rows(database, "account_list.entry").await, "", "and there is nothing");
    list.fails.store(false, Ordering::SeqCst);
    wait_until_settled(database).await;
    projectors.stop().await;
    assert_eq!(generation(database, Generation::Live).await.unwrap().failure, None);
    assert_eq!(rows(database, "account_list.entry").await, expected(database).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_that_fails_leaves_the_live_one_alone() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, old, new) = (test.database(), Arc::new(AccountList::new(1)), Arc::new(AccountList::new(2)));
    fill(database, 1, 10).await;
    let old_projectors = Projectors::start(1, database, &old, CONFIG);
    wait_until_settled(database).await;
    new.fails.store(true, Ordering::SeqCst);
    let new_projectors = Projectors::start(1, database, &new, CONFIG);
    wait_for("a failure", async || generation(database, Generation::Next).await?.failure).await;
    fill(database, 1, 10).await;
    let follows = async || generation(database, Generation::Live).await.filter(|live| live.behind() == 0);
    assert_eq!(wait_for("the live one to follow", follows).await.version, 1);
    assert_eq!(rows(database, "account_list.entry").await, expected(database).await);
    old_projectors.stop().await;
    new_projectors.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_of_somebody_else_is_left_alone() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let database = test.database();
    let client = database.bulk_connection().await.unwrap();
    client
        .batch_execute("CREATE SCHEMA account_list_next; CREATE TABLE account_list_next.entry (mine int)")
        .await
        .unwrap();
    assert!(rebuild(database, &AccountList::new(1)).await.is_err());
    client.batch_execute("SELECT mine FROM account_list_next.entry").await.unwrap();
    assert_eq!(statuses(database).await, []);
}

/// As one is that was noted after somebody else had made up for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_failure_that_is_over_is_forgotten_without_events() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, list) = (test.database(), Arc::new(AccountList::new(1)));
    fill(database, 1, 10).await;
    let projectors = Projectors::start(1, database, &list, CONFIG);
    wait_until_settled(database).await;
    let client = database.bulk_connection().await.unwrap();
    client.batch_execute("UPDATE projection SET failure = 'lost'").await.unwrap();
    let over = async || generation(database, Generation::Live).await?.failure.is_none().then_some(());
    wait_for("the failure to be forgotten", over).await;
    projectors.stop().await;
}

/// In a store to which nothing is ever appended it is as far as it can be.
#[tokio::test(flavor = "multi_thread")]
async fn without_events_there_are_empty_tables() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, list) = (test.database(), Arc::new(AccountList::new(1)));
    let projectors = Projectors::start(1, database, &list, CONFIG);
    wait_until_settled(database).await;
    assert_eq!(head(&mut database.connection().await.unwrap()).await.unwrap(), 0);
    assert_eq!(rows(database, "account_list.entry").await, "");
    projectors.stop().await;
}
