//! Migrations: taken back where there is nothing, and where there are rows.

use kit::testing::{migrations_are_reversible, migrations_keep_rows};

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn can_be_taken_back() {
    migrations_are_reversible("payments_reversed", || crate::MIGRATIONS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_and_ledger_outlast_the_way_back() {
    let till = Till::open().await;
    let running = till.run();
    let payment = till.captured(5_000).await;
    till.reply(till.ask(&refund(payment, 1_000)).await).await;
    running.stop().await;
    let filled = migrations_keep_rows(till.database(), || crate::MIGRATIONS).await;
    assert!(filled >= 4, "events, the ledger's transactions and entries, and what is to be told");
}
