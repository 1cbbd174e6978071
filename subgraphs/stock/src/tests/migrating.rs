//! Migrations: taken back where there is nothing, and where there are rows.

use kit::testing::{migrations_are_reversible, migrations_keep_rows};

use wire::events::stock::{StockEvent, StockLevelChanged};

use super::{Warehouse, line, product, reservation, variant};
use crate::domain::ItemKey;
use crate::untold::tell_once;

#[tokio::test(flavor = "multi_thread")]
async fn can_be_taken_back() {
    migrations_are_reversible("stock_reversed", || crate::MIGRATIONS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_books_outlast_the_way_back() {
    let warehouse = Warehouse::with(&[5, 7]).await;
    warehouse.reserve(&reservation(1, &[line(product(1), 2)])).await;
    let filled = migrations_keep_rows(warehouse.database(), || crate::MIGRATIONS).await;
    assert!(filled >= 3, "items, reservations, and their ledger");
}

/// Lists of what is on stock know each item by what they were told last.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_lists_what_is_on_stock_is_told_that_products_are_sold_by_their_variants() {
    let warehouse = Warehouse::with(&[5, 7]).await;
    // As before that was so.
    warehouse.stocked(variant(1, 1), 0).await;
    let database = warehouse.database();
    database.migrate_back(crate::MIGRATIONS).await.unwrap();
    database.migrate_back(crate::MIGRATIONS).await.unwrap();
    let before = levels(&warehouse, product(1)).await;
    let [(Some(first), level)] = before.as_slice() else { panic!("{before:?}") };
    assert_eq!((level.on_hand, level.withdrawn), (5, None));
    database.migrate(crate::MIGRATIONS).await.unwrap();
    // By two at once, once.
    let told = tokio::join!(tell_once(database), tell_once(database));
    assert_eq!(told.0.unwrap() + told.1.unwrap(), 1);
    assert_eq!(tell_once(database).await.unwrap(), 0);
    let after = levels(&warehouse, product(1)).await;
    let [_, (Some(later), level)] = after.as_slice() else { panic!("{after:?}") };
    assert!(later > first, "{after:?}");
    assert_eq!((level.on_hand, level.withdrawn), (5, Some(true)));
    assert_eq!(levels(&warehouse, product(2)).await.len(), 1, "it is sold as it is");
}

/// What was told of an item's level, with its number.
async fn levels(warehouse: &Warehouse, item: ItemKey) -> Vec<(Option<u64>, StockLevelChanged)> {
    let level = |told: &wire::event::Envelope| match StockEvent::read(told).unwrap() {
        Some(StockEvent::LevelChanged(level)) => Some((told.sequence, level)),
        _ => None,
    };
    let told = warehouse.told().await;
    let levels = told.iter().filter_map(level);
    levels.filter(|(_, level)| ItemKey::of_wire(level.product_id, level.variant_id) == item).collect()
}
