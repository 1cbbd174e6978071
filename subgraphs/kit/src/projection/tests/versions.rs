//! Code of several versions, one after the other and side by side.

use super::*;

async fn version_of(database: &Database, of: Generation) -> Option<u32> {
    generation(database, of).await.map(|status| status.version)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_one_is_built_and_takes_over() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, old, new) = (test.database(), Arc::new(AccountList::new(1)), Arc::new(AccountList::shut(2)));
    fill(database, 5, 40).await;
    let old_projectors = Projectors::start(1, database, &old, CONFIG);
    wait_until_settled(database).await;
    let new_projectors = Projectors::start(2, database, &new, CONFIG);
    wait_for("the new one", async || version_of(database, Generation::Next).await).await;
    // As long as the new one isn't ready the old one is read and followed.
    fill(database, 1, 1).await;
    let follows = async || generation(database, Generation::Live).await.filter(|live| live.behind() == 0);
    assert_eq!(wait_for("the old one to follow", follows).await.version, 1);
    assert_eq!(rows(database, "account_list.entry").await, expected(database).await);
    new.set_open(true);
    wait_for("the swap", async || version_of(database, Generation::Live).await.filter(|&version| version == 2)).await;
    // Both run, and one alone works.
    fill(database, 2, 10).await;
    wait_until_settled(database).await;
    assert_eq!(version_of(database, Generation::Live).await, Some(2));
    old_projectors.stop().await;
    new_projectors.stop().await;
    assert_eq!(rows(database, "account_list.account").await, expected(database).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_is_a_rebuild_by_the_older_code() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, old, new) = (test.database(), Arc::new(AccountList::new(1)), Arc::new(AccountList::new(2)));
    fill(database, 5, 40).await;
    let new_projectors = Projectors::start(1, database, &new, CONFIG);
    wait_until_settled(database).await;
    new_projectors.stop().await;
    let old_projectors = Projectors::start(1, database, &old, CONFIG);
    rebuild(database, &*old).await.unwrap();
    wait_for("the swap", async || version_of(database, Generation::Live).await.filter(|&version| version == 1)).await;
    wait_until_settled(database).await;
    old_projectors.stop().await;
    assert_eq!(rows(database, "account_list.entry").await, expected(database).await);
}
