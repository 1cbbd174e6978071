//! What the database itself refuses, and that proving the books finds what is wrong.

use crate::domain::ItemKey;
use crate::store::{Adjusted, Adjustment, Cause, Delivery, Received, reconcile};
use wire::events::stock::AdjustmentReason;

use super::{Warehouse, line, product, reservation};

fn adjustment(item: ItemKey, expected_version: i32, change: i32) -> Adjustment {
    Adjustment { item, expected_version, change, reason: AdjustmentReason::Counted }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_refuses_what_no_program_may_do() {
    let warehouse = Warehouse::with(&[5]).await;
    warehouse.reserve(&reservation(1, &[line(product(1), 2)])).await;
    let client = warehouse.database().bulk_connection().await.unwrap();
    for statement in [
        "UPDATE stock_item SET reserved = 6",
        "UPDATE stock_item SET on_hand = 1",
        "UPDATE stock_item SET reserved = -1",
        "UPDATE stock_movement SET on_hand_change = 1",
        "DELETE FROM stock_movement",
        "TRUNCATE stock_movement",
        "INSERT INTO stock_movement (item_id, number, kind, on_hand_change, reserved_change, on_hand, reserved, cause) \
            SELECT id, 99, 'received', -1, 0, 0, 0, 'x' FROM stock_item",
        "INSERT INTO stock_movement (item_id, number, kind, on_hand_change, reserved_change, on_hand, reserved, cause, reservation_id) \
            SELECT item_id, 99, kind, 0, reserved_change, 0, 0, cause, reservation_id FROM stock_movement WHERE kind = 'reserved'",
        "UPDATE reservation SET status = 'released'",
    ] {
        assert!(client.batch_execute(statement).await.is_err(), "{statement}");
    }
    warehouse.reconciled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn books_that_are_wrong_are_found() {
    for (statement, finds) in [
        ("UPDATE stock_item SET on_hand = on_hand + 1", [1, 0, 0, 0]),
        ("UPDATE stock_item SET reserved = 0", [1, 0, 1, 0]),
        ("UPDATE stock_item SET movements = movements + 1", [1, 0, 0, 0]),
        ("UPDATE reservation_line SET quantity = 1", [0, 0, 1, 1]),
        ("UPDATE reservation SET status = 'committed', closed_at = now()", [0, 0, 1, 1]),
        (
            "INSERT INTO stock_movement (item_id, number, kind, on_hand_change, reserved_change, on_hand, reserved, cause) \
                SELECT id, 3, 'received', 1, 0, 9, 2, 'x' FROM stock_item",
            [1, 1, 0, 0],
        ),
    ] {
        let warehouse = Warehouse::with(&[5]).await;
        warehouse.reserve(&reservation(1, &[line(product(1), 2)])).await;
        warehouse.reconciled().await;
        warehouse.database().bulk_connection().await.unwrap().batch_execute(statement).await.unwrap();
        let found = reconcile(&mut warehouse.database().connection().await.unwrap()).await.unwrap();
        let wrong = [
            found.items_off_the_ledger,
            found.movements_off_the_chain,
            found.items_off_the_reservations,
            found.reservations_off_the_ledger,
        ];
        assert_eq!(wrong, finds, "{statement}");
        assert!(!found.is_clean());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_booked_once() {
    let warehouse = Warehouse::with(&[0]).await;
    let delivery = |quantity| Delivery { item: product(1), quantity, cause: "delivery:DN-1".to_owned() };
    let receive = async |quantity| warehouse.store().receive(&Cause::default(), &delivery(quantity)).await.unwrap();
    for _ in 0..2 {
        assert!(matches!(receive(7).await, Received::Booked(item) if item.on_hand == 7));
    }
    assert_eq!(receive(8).await, Received::OtherQuantity(7));
    assert_eq!(warehouse.level(product(1)).await, (7, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adjustment_misses_nothing() {
    let warehouse = Warehouse::with(&[5]).await;
    let store = warehouse.store();
    let version = warehouse.item(product(1)).await.version;
    warehouse.reserve(&reservation(1, &[line(product(1), 2)])).await;
    // Reserving moves no piece.
    let adjust = async |change, version| {
        store.adjust(&Cause::default(), &adjustment(product(1), version, change)).await.unwrap()
    };
    assert_eq!(adjust(-4, version).await, Adjusted::Reserved(2));
    assert!(matches!(adjust(-3, version).await, Adjusted::Booked(item) if (item.on_hand, item.reserved) == (2, 2)));
    assert_eq!(adjust(1, version).await, Adjusted::VersionConflict(version + 1));
    assert_eq!(adjust(crate::domain::STOCK_MAX, version + 1).await, Adjusted::TooMany);
    assert_eq!(store.adjust(&Cause::default(), &adjustment(product(9), 1, 1)).await.unwrap(), Adjusted::Missing);
    warehouse.reconciled().await;
}
