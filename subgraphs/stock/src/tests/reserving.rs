//! Reserving, releasing, committing: what changes, what is told, and what is answered a second time.

use std::collections::BTreeMap;

use chrono::{Duration, Utc};
use kit::GlobalId as _;
use wire::command::Reply;
use wire::commands::stock::{
    CommitStockDone, CommitStockRefusal, ReleaseStockDone, ReleaseStockRefusal, ReserveStock, ReserveStockDone,
    ReserveStockRefusal,
};
use wire::events::stock::{StockEvent, StockLevelChanged};

use super::warehouse::{commit_of, release_of};
use super::{Warehouse, line, order, product, reservation, variant};
use crate::store::RESERVED_DAYS_MAX;

fn refusal(reply: Reply<ReserveStock>) -> ReserveStockRefusal {
    match reply {
        Reply::Refused { code, .. } => code,
        Reply::Done(done) => panic!("{done:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keeps_all_lines_and_tells_so() {
    let warehouse = Warehouse::with(&[5]).await;
    warehouse.stocked(variant(2, 1), 3).await;
    let told_before = warehouse.told().await.len();
    let command = reservation(1, &[line(variant(2, 1), 3), line(product(1), 2)]);
    let done = warehouse.reserve(&command).await;
    assert_eq!(done, Reply::Done(ReserveStockDone { expires_at: command.expires_at }));
    assert_eq!(warehouse.level(product(1)).await, (5, 2));
    assert_eq!(warehouse.level(variant(2, 1)).await, (3, 3));
    let told = warehouse.told().await.split_off(told_before);
    let told: Vec<StockEvent> = told.iter().map(|told| StockEvent::read(told).unwrap().unwrap()).collect();
    assert!(matches!(&told[0], StockEvent::Reserved(told) if told.lines == command.lines));
    let mut levels: Vec<(u32, u32)> = Vec::new();
    for event in &told[1..] {
        let StockEvent::LevelChanged(StockLevelChanged { on_hand, reserved, .. }) = event else { panic!("{event:?}") };
        levels.push((*on_hand, *reserved));
    }
    levels.sort_unstable();
    assert_eq!(levels, [(3, 3), (5, 2)]);
    assert_eq!(warehouse.reconciled().await.reserved, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn levels_are_numbered_as_the_movements_of_their_item() {
    let warehouse = Warehouse::with(&[5, 5]).await;
    for number in 1..=3 {
        warehouse.reserve(&reservation(number, &[line(product(1), 1)])).await;
    }
    warehouse.reserve(&reservation(4, &[line(product(2), 1), line(product(1), 1)])).await;
    let mut numbered: BTreeMap<String, Vec<(u64, u32)>> = BTreeMap::new();
    for told in warehouse.told().await {
        if let Some(level) = told.read::<StockLevelChanged>().unwrap() {
            numbered.entry(level.product_id.to_string()).or_default().push((told.sequence.unwrap(), level.reserved));
        }
    }
    let of = |number| numbered[&wire::id::ProductId::from(product(number).product_id.uuid()).to_string()].as_slice();
    assert_eq!(of(1), [(1, 0), (2, 1), (3, 2), (4, 3), (5, 4)]);
    assert_eq!(of(2), [(1, 0), (2, 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn keeps_nothing_when_one_line_is_short() {
    let warehouse = Warehouse::with(&[5, 1]).await;
    let told_before = warehouse.told().await.len();
    let command = reservation(1, &[line(product(1), 1), line(product(2), 2)]);
    let refused = warehouse.reserve(&command).await;
    let Reply::Refused { code, text } = &refused else { panic!("{refused:?}") };
    assert_eq!(*code, ReserveStockRefusal::OutOfStock);
    assert!(text.contains("there are 1, not 2"), "{text}");
    assert_eq!(warehouse.level(product(1)).await, (5, 0));
    // Pieces that come in later don't turn the answer round for who asks again.
    warehouse.stocked(product(2), 10).await;
    assert_eq!(warehouse.reserve(&command).await, refused);
    assert_eq!(warehouse.told().await.len(), told_before + 2);
    assert!(matches!(warehouse.reserve(&reservation(2, &command.lines)).await, Reply::Done(_)));
    warehouse.reconciled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_again_is_answered_the_same() {
    let warehouse = Warehouse::with(&[5]).await;
    let command = reservation(1, &[line(product(1), 2)]);
    let first = warehouse.reserve(&command).await;
    let later = ReserveStock { expires_at: command.expires_at + Duration::minutes(5), ..command.clone() };
    for again in [&command, &later] {
        assert_eq!(warehouse.reserve(again).await, first);
    }
    assert_eq!(warehouse.commit(&commit_of(&command)).await, Reply::Done(CommitStockDone {}));
    assert_eq!(warehouse.commit(&commit_of(&command)).await, Reply::Done(CommitStockDone {}));
    assert_eq!(warehouse.reserve(&command).await, first);
    assert_eq!(warehouse.level(product(1)).await, (3, 0));
    warehouse.reconciled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_reservation_of_the_same_id_is_refused() {
    let warehouse = Warehouse::with(&[5]).await;
    let command = reservation(1, &[line(product(1), 2)]);
    warehouse.reserve(&command).await;
    let other_lines = ReserveStock { lines: vec![line(product(1), 3)], ..command.clone() };
    let other_order = ReserveStock { order_id: order(2), ..command.clone() };
    for other in [&other_lines, &other_order] {
        assert_eq!(refusal(warehouse.reserve(other).await), ReserveStockRefusal::ReservationConflict);
    }
    let Reply::Refused { code, .. } = warehouse.release(&release_of(&other_order)).await else { panic!() };
    assert_eq!(code, ReleaseStockRefusal::ReservationConflict);
    let Reply::Refused { code, .. } = warehouse.commit(&commit_of(&other_order)).await else { panic!() };
    assert_eq!(code, CommitStockRefusal::UnknownReservation);
    assert_eq!(warehouse.level(product(1)).await, (5, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_released_stays_released() {
    let warehouse = Warehouse::with(&[5]).await;
    let (made, never_made) = (reservation(1, &[line(product(1), 2)]), reservation(2, &[line(product(1), 2)]));
    warehouse.reserve(&made).await;
    for command in [&made, &never_made] {
        for _ in 0..2 {
            assert_eq!(warehouse.release(&release_of(command)).await, Reply::Done(ReleaseStockDone {}));
        }
        assert_eq!(refusal(warehouse.reserve(command).await), ReserveStockRefusal::ReservationClosed);
        let Reply::Refused { code, .. } = warehouse.commit(&commit_of(command)).await else { panic!() };
        assert_eq!(code, CommitStockRefusal::ReservationClosed);
    }
    assert_eq!(warehouse.level(product(1)).await, (5, 0));
    let told = warehouse.told().await;
    let released = told.iter().filter(|told| matches!(StockEvent::read(told), Ok(Some(StockEvent::Released(_)))));
    assert_eq!(released.count(), 1);
    warehouse.reconciled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_committed_stays_committed() {
    let warehouse = Warehouse::with(&[5]).await;
    let command = reservation(1, &[line(product(1), 5)]);
    warehouse.reserve(&command).await;
    warehouse.commit(&commit_of(&command)).await;
    let Reply::Refused { code, .. } = warehouse.release(&release_of(&command)).await else { panic!() };
    assert_eq!(code, ReleaseStockRefusal::AlreadyCommitted);
    let unknown = reservation(9, &[line(product(1), 1)]);
    let Reply::Refused { code, .. } = warehouse.commit(&commit_of(&unknown)).await else { panic!() };
    assert_eq!(code, CommitStockRefusal::UnknownReservation);
    assert_eq!(refusal(warehouse.reserve(&unknown).await), ReserveStockRefusal::OutOfStock);
    assert_eq!(warehouse.level(product(1)).await, (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_there_is_not_cannot_be_kept() {
    let warehouse = Warehouse::with(&[5]).await;
    warehouse.stocked(variant(2, 1), 3).await;
    let of_another = crate::domain::ItemKey { variant_id: variant(2, 1).variant_id, ..product(1) };
    for (number, item) in [(1, product(7)), (2, variant(1, 1)), (3, of_another)] {
        let command = reservation(number, &[line(product(1), 1), line(item, 1)]);
        if item != of_another {
            assert_eq!(refusal(warehouse.reserve(&command).await), ReserveStockRefusal::UnknownProduct);
        }
        let alone = reservation(number + 10, &[line(item, 1)]);
        assert_eq!(refusal(warehouse.reserve(&alone).await), ReserveStockRefusal::UnknownProduct);
    }
    let empty = reservation(4, &[]);
    assert_eq!(refusal(warehouse.reserve(&empty).await), ReserveStockRefusal::InvalidLines);
    let late = ReserveStock { expires_at: Utc::now() - Duration::seconds(1), ..reservation(5, &[line(product(1), 1)]) };
    for _ in 0..2 {
        assert_eq!(refusal(warehouse.reserve(&late).await), ReserveStockRefusal::ReservationClosed);
    }
    assert_eq!(warehouse.reconciled().await.reserved, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_kept_for_ever() {
    let warehouse = Warehouse::with(&[5]).await;
    let asked = Utc::now() + Duration::days(10_000);
    let greedy = ReserveStock { expires_at: asked, ..reservation(1, &[line(product(1), 1)]) };
    let Reply::Done(ReserveStockDone { expires_at }) = warehouse.reserve(&greedy).await else { panic!() };
    assert!(expires_at <= Utc::now() + Duration::days(RESERVED_DAYS_MAX.into()));
    assert!(expires_at > Utc::now() + Duration::days(i64::from(RESERVED_DAYS_MAX) - 1));
}
