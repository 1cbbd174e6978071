//! Made anew beside the live one.

use std::sync::atomic::AtomicBool;

use super::*;

/// Which tables are read: another number after each swap.
async fn tables(database: &Database) -> u32 {
    let client = database.bulk_connection().await.unwrap();
    client.query_one("SELECT 'account_list.entry'::regclass::oid", &[]).await.unwrap().get(0)
}

/// What a bounded test can show of a million: the same code, and 20,000 events.
#[tokio::test(flavor = "multi_thread")]
async fn is_equal_to_the_live_one_to_the_byte() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, list) = (test.database(), Arc::new(AccountList::new(1)));
    let projectors = Projectors::start(1, database, &list, ProjectorConfig::default());
    fill(database, 200, 100).await;
    wait_until_settled(database).await;
    let (live, before) = (rows(database, "account_list.entry").await, tables(database).await);
    assert_eq!(live, expected(database).await);
    assert_eq!(live.lines().count(), 200);
    assert_eq!(rebuild(database, &*list).await.unwrap(), Rebuild::Begun);
    wait_until_settled(database).await;
    projectors.stop().await;
    assert_ne!(tables(database).await, before);
    assert_eq!(rows(database, "account_list.entry").await, live);
    let leftovers = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'account\\_list\\_%'";
    let client = database.bulk_connection().await.unwrap();
    assert_eq!(client.query_one(leftovers, &[]).await.unwrap().get::<_, i64>(0), 0);
}

/// Readers read without a break, and never less than before, while writers write, and two projectors follow and rebuild.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn under_load_nobody_notices() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, list) = (test.database(), Arc::new(AccountList::new(1)));
    fill(database, 40, 50).await;
    let projectors = Projectors::start(2, database, &list, CONFIG);
    wait_until_settled(database).await;
    let (over, before) = (Arc::new(AtomicBool::new(false)), tables(database).await);
    let writing = {
        let (database, over) = (database.clone(), Arc::clone(&over));
        tokio::spawn(async move {
            while !over.load(Ordering::SeqCst) {
                fill(&database, 1, 3).await;
            }
        })
    };
    let reading = {
        let (client, over) = (database.bulk_connection().await.unwrap(), Arc::clone(&over));
        tokio::spawn(async move {
            // Prepared once, as a service does.
            let sum = client.prepare("SELECT coalesce(sum(events), 0)::bigint FROM account_list.entry").await.unwrap();
            let (mut seen, mut reads) = (0_i64, 0);
            while !over.load(Ordering::SeqCst) {
                let now = client.query_one(&sum, &[]).await.unwrap().get(0);
                assert!(now >= seen, "{now} events after {seen}");
                (seen, reads) = (now, reads + 1);
            }
            reads
        })
    };
    let mut swapped = before;
    for _ in 0..3 {
        rebuild(database, &*list).await.unwrap();
        swapped = wait_for("a swap", async || Some(tables(database).await).filter(|&now| now != swapped)).await;
    }
    over.store(true, Ordering::SeqCst);
    writing.await.unwrap();
    assert!(reading.await.unwrap() > 0);
    wait_until_settled(database).await;
    projectors.stop().await;
    assert_eq!(rows(database, "account_list.entry").await, expected(database).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_under_way_goes_on() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, list) = (test.database(), AccountList::new(1));
    assert_eq!(rebuild(database, &list).await.unwrap(), Rebuild::Begun);
    assert_eq!(rebuild(database, &list).await.unwrap(), Rebuild::UnderWay);
    assert_eq!(rebuild(database, &AccountList::new(2)).await.unwrap(), Rebuild::Begun, "of another version");
    assert_eq!(generation(database, Generation::Next).await.unwrap().version, 2);
}

/// Who began to read before the swap reads on, and the others don't wait for him.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_read_keeps_nobody_and_isnt_cut_off() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, list) = (test.database(), Arc::new(AccountList::new(1)));
    fill(database, 2, 10).await;
    let projectors = Projectors::start(1, database, &list, CONFIG);
    wait_until_settled(database).await;
    let reader = database.bulk_connection().await.unwrap();
    let count = "SELECT count(*) FROM account_list.entry";
    reader
        .batch_execute(
            "BEGIN ISOLATION LEVEL REPEATABLE READ; DECLARE listed CURSOR FOR SELECT * FROM account_list.entry",
        )
        .await
        .unwrap();
    let before = tables(database).await;
    rebuild(database, &*list).await.unwrap();
    wait_for("the swap", async || (tables(database).await != before).then_some(())).await;
    fill(database, 1, 1).await;
    let others = database.bulk_connection().await.unwrap();
    let three = async || (others.query_one(count, &[]).await.unwrap().get::<_, i64>(0) == 3).then_some(());
    wait_for("the new one to be read and followed", three).await;
    assert_eq!(reader.query("FETCH ALL FROM listed", &[]).await.unwrap().len(), 2);
    assert!(generation(database, Generation::Old).await.is_some());
    reader.batch_execute("COMMIT").await.unwrap();
    wait_until_settled(database).await;
    projectors.stop().await;
}
