//! The exported contract, the migrations, and what is forgotten.

use chrono::{TimeDelta, Utc};

use super::{House, inbox, nodes, placed};
use crate::store;

#[test]
fn the_contract_needs_no_database_and_never_varies() {
    let sdl = crate::sdl();
    assert_eq!(sdl, crate::sdl());
    for part in [
        "type Notification @key(fields: \"id\") {",
        "type User @key(fields: \"id\") {",
        "type Webhook @key(fields: \"id\") {",
        "type Order @key(fields: \"id\", resolvable: false) {",
        "unreadNotificationCount: Int\n",
        "union MarkNotificationsReadError = NotificationNotFoundError | InvalidNotificationListError",
    ] {
        assert!(sdl.contains(part), "{part} in:\n{sdl}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_old_is_forgotten_with_its_deliveries() {
    let house = House::open().await;
    let user = house.user(2, &["IN_APP", "EMAIL"]);
    let (mut old, new) = (placed(user, 1), placed(user, 2));
    house.hear(&new).await;
    house.hear(&old).await;
    house.work().await;
    house
        .execute(&format!(
            "UPDATE notification SET occurred_at = now() - interval '500 days' WHERE event_id = '{}'",
            old.id
        ))
        .await;
    let before = Utc::now() - store::RETENTION;
    assert_eq!(store::forget(house.database.database(), before).await.unwrap(), 1);
    assert_eq!(store::forget(house.database.database(), before).await.unwrap(), 0);
    assert_eq!(nodes(&inbox(&house, user).await).len(), 1);
    assert_eq!(house.count("SELECT count(*) FROM delivery").await, 1);
    // An event that old makes nothing that leaves the house.
    old.id = uuid::Uuid::now_v7().to_string();
    old.time = Some(Utc::now() - TimeDelta::days(30));
    house.hear(&old).await;
    house.work().await;
    assert_eq!((house.mail.taken().len(), nodes(&inbox(&house, user).await).len()), (2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_stays_for_as_long_as_anything_that_it_told() {
    let house = House::open().await;
    let user = house.user(2, &["IN_APP", "EMAIL"]);
    let (first, second) = (placed(user, 1), placed(user, 2));
    house.hear(&first).await;
    house.hear(&second).await;
    house.work().await;
    // As if the first one's mail were a digest of both.
    house
        .execute(&format!(
            "INSERT INTO delivery_item (delivery_id, notification_id) \
             SELECT delivery_id, (SELECT id FROM notification WHERE event_id = '{}') \
             FROM delivery_item JOIN notification ON notification.id = notification_id WHERE event_id = '{}'",
            second.id, first.id
        ))
        .await;
    for (event, left) in [(&first, 2), (&second, 0)] {
        house
            .execute(&format!(
                "UPDATE notification SET occurred_at = now() - interval '500 days' WHERE event_id = '{}'",
                event.id
            ))
            .await;
        let before = Utc::now() - store::RETENTION;
        assert_eq!(store::forget(house.database.database(), before).await.unwrap(), 1);
        assert_eq!(house.count("SELECT count(*) FROM delivery").await, left);
    }
}
