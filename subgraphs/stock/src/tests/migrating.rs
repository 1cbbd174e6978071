//! Migrations: taken back where there is nothing, and where there are rows.

use kit::testing::{migrations_are_reversible, migrations_keep_rows};

use super::{Warehouse, line, product, reservation};

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
