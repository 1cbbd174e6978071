//! Several decide on one aggregate at once.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::Barrier;

use super::*;

/// Both have read the same state before either appends.
#[tokio::test(flavor = "multi_thread")]
async fn one_wins_and_the_other_decides_again_on_what_is_left() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, id) = (test.database(), Uuid::now_v7());
    deposit(database, id, 100).await;
    let (both_have_read, decisions) = (Barrier::new(2), AtomicU32::new(0));
    let withdraw = async || {
        let tries = AtomicU32::new(0);
        let (barrier, decisions, tries) = (&both_have_read, &decisions, &tries);
        let unit = database.unit(async |connection| {
            let loaded = load::<Account>(connection, id).await?;
            if tries.fetch_add(1, Ordering::SeqCst) == 0 {
                barrier.wait().await;
            }
            decisions.fetch_add(1, Ordering::SeqCst);
            let events = loaded.state().withdraw(80);
            let withdrawn = !events.is_empty();
            append(connection, loaded, events, &Metadata::default()).await?;
            Ok::<_, StoreError>(withdrawn)
        });
        unit.await.unwrap()
    };
    let (one, other) = tokio::join!(withdraw(), withdraw());
    assert!(one != other, "exactly one has withdrawn");
    assert_eq!(decisions.load(Ordering::SeqCst), 3, "the loser has decided twice");
    assert_eq!(*account(database, id).await.state(), Account { cents: 20, withdrawals: 1 });
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_reads_anew_gives_up_after_six_tries() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, id, tries) = (test.database(), Uuid::now_v7(), AtomicU32::new(0));
    deposit(database, id, 100).await;
    let outcome = database
        .unit(async |connection| {
            tries.fetch_add(1, Ordering::SeqCst);
            append(connection, Loaded::<Account>::new(id), vec![deposited(1)], &Metadata::default()).await
        })
        .await;
    assert!(matches!(outcome, Err(StoreError::Conflict { stream: "account", version: 0, .. })), "{outcome:?}");
    assert_eq!(tries.load(Ordering::SeqCst), 6);
    let mut connection = database.connection().await.unwrap();
    assert_eq!(head(&mut connection).await.unwrap(), 1, "no position was used up");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_on_one_account_never_overdraw_it() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, id) = (test.database(), Uuid::now_v7());
    deposit(database, id, 25).await;
    let buyers = (0..8).map(|_| {
        let database = database.clone();
        tokio::spawn(async move {
            let mut done = 0;
            while done < 5 {
                match decide(&database, id, |account| account.withdraw(1)).await {
                    Ok(_version) => done += 1,
                    // Lost six times in a row, which may be: a client would ask again.
                    Err(StoreError::Conflict { .. }) => {}
                    Err(error) => panic!("{error:?}"),
                }
            }
        })
    });
    for buyer in futures::future::join_all(buyers).await {
        buyer.unwrap();
    }
    assert_eq!(*account(database, id).await.state(), Account { cents: 0, withdrawals: 25 });
    assert_eq!(account(database, id).await.version(), 26);
}
