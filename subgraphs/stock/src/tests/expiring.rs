//! The clock lets go of what nobody committed.

use chrono::{Duration, Utc};
use kit::testing::wait_for;
use tokio_util::sync::CancellationToken;
use wire::command::Reply;
use wire::commands::stock::{CommitStockRefusal, ReserveStock, ReserveStockRefusal};
use wire::events::stock::{ReleaseReason, StockEvent};

use super::warehouse::{commit_of, release_of};
use super::{Warehouse, line, product, reservation};
use crate::expiry::{expire_once, keep_expiring};
use crate::store::EXPIRED_AT_ONCE_MAX;

/// As if so much time had passed.
async fn let_pass(warehouse: &Warehouse, interval: &str) {
    let client = warehouse.database().bulk_connection().await.unwrap();
    let pass = format!("UPDATE reservation SET expires_at = expires_at - interval '{interval}'");
    client.batch_execute(&pass).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_is_let_go_of_once() {
    let warehouse = Warehouse::with(&[5, 5]).await;
    let open = reservation(1, &[line(product(1), 2), line(product(2), 1)]);
    let committed = reservation(2, &[line(product(1), 1)]);
    for command in [&open, &committed] {
        warehouse.reserve(command).await;
    }
    warehouse.commit(&commit_of(&committed)).await;
    assert_eq!(expire_once(warehouse.database()).await.unwrap(), 0);
    let_pass(&warehouse, "2 hours").await;
    assert_eq!(expire_once(warehouse.database()).await.unwrap(), 1);
    assert_eq!(expire_once(warehouse.database()).await.unwrap(), 0);
    assert_eq!(warehouse.level(product(1)).await, (4, 0));
    assert_eq!(warehouse.level(product(2)).await, (5, 0));
    let told = warehouse.told().await;
    let expired = told.iter().filter_map(|told| match StockEvent::read(told) {
        Ok(Some(StockEvent::Released(released))) => Some(released),
        _ => None,
    });
    let expired: Vec<_> = expired.collect();
    assert_eq!(expired.len(), 1);
    assert_eq!((&expired[0].reason, expired[0].lines.len()), (&ReleaseReason::Expired, 2));
    // Too late to commit it or to make it again; to let go of it is in order.
    let Reply::Refused { code, .. } = warehouse.commit(&commit_of(&open)).await else { panic!() };
    assert_eq!(code, CommitStockRefusal::ReservationClosed);
    let Reply::Refused { code, .. } = warehouse.reserve(&open).await else { panic!() };
    assert_eq!(code, ReserveStockRefusal::ReservationClosed);
    assert!(matches!(warehouse.release(&release_of(&open)).await, Reply::Done(_)));
    warehouse.reconciled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_and_still_kept_can_be_committed() {
    let warehouse = Warehouse::with(&[5]).await;
    let command = reservation(1, &[line(product(1), 2)]);
    warehouse.reserve(&command).await;
    let_pass(&warehouse, "2 hours").await;
    assert!(matches!(warehouse.commit(&commit_of(&command)).await, Reply::Done(_)));
    assert_eq!(expire_once(warehouse.database()).await.unwrap(), 0);
    assert_eq!(warehouse.level(product(1)).await, (3, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn several_at_once_let_go_of_more_than_a_batch() {
    let number = u64::from(EXPIRED_AT_ONCE_MAX) * 2 + 5;
    let warehouse = Warehouse::with(&[1_000, 1_000]).await;
    for number in 1..=number {
        let expires_at = Utc::now() + Duration::hours(1);
        let command = reservation(number, &[line(product(1), 1), line(product(2), 2)]);
        warehouse.reserve(&ReserveStock { expires_at, ..command }).await;
    }
    let_pass(&warehouse, "2 hours").await;
    let stop = CancellationToken::new();
    let runs: Vec<_> =
        (0..3).map(|_| tokio::spawn(keep_expiring(warehouse.database().clone(), stop.clone()))).collect();
    wait_for("all to be let go of", async || {
        (warehouse.level(product(1)).await.1 == 0 && warehouse.level(product(2)).await.1 == 0).then_some(())
    })
    .await;
    stop.cancel();
    for run in runs {
        run.await.unwrap().unwrap();
    }
    let found = warehouse.reconciled().await;
    assert_eq!((found.reserved, found.reservations_open), (0, 0));
    // Received twice; reserved and released once each.
    assert_eq!(found.movements, 2 + 4 * i64::try_from(number).unwrap());
}
