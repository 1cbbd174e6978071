//! Migrations: taken back where there is nothing, and where there are rows.

use kit::testing::{migrations_are_reversible, migrations_keep_rows};

use super::{House, placed};

#[tokio::test(flavor = "multi_thread")]
async fn can_be_taken_back() {
    migrations_are_reversible(crate::NAME, || crate::MIGRATIONS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn inboxes_outlast_the_way_back() {
    let house = House::open().await;
    let user = house.user(2, &["IN_APP"]);
    house.hear(&placed(user, 1)).await;
    house.work().await;
    let filled = migrations_keep_rows(house.database.database(), || crate::MIGRATIONS).await;
    assert!(filled >= 2, "a notification, and who has seen its event");
}
