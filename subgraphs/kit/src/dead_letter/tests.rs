//! Looking at letters, and throwing them away.

use std::time::Duration;

use diesel_async::SimpleAsyncConnection as _;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use uuid::Uuid;
use wire::{
    bus::{Delivery, Message, Place},
    topic::{Purpose, Topic},
};

use super::*;
use crate::{consumer::Group, database::Database, testing::TestDatabase};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/users");

async fn give_up(database: &Database, group: &Group, text: &str, reason: &str) {
    let topic = Topic::new("orders", Purpose::Events).unwrap();
    let place = Place { partition: 7, position: (u64::MAX, 3) };
    let delivery = Delivery { place, message: Message { key: "a\0b".into(), text: text.into() } };
    let (topic, delivery) = (&topic, &delivery);
    database
        .unit(async |connection| {
            let event_id = Uuid::now_v7();
            give_up_in_txn(connection, &GivenUp { group, topic, delivery, event_id, reason, attempts: 2 }).await
        })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn any_text_can_be_given_up() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let group = Group::new("shipping", "orders").unwrap();
    let text = format!("\0\u{7f}{}", "\u{1}\"\\".repeat(60_000));
    give_up(test.database(), &group, &text, &"\u{20ac}\0".repeat(3_000)).await;
    let mut connection = test.database().connection().await.unwrap();
    let letter = list(&mut connection, &Listed::default()).await.unwrap().remove(0);
    let (letter, shown) = show(&mut connection, letter.id).await.unwrap().unwrap();
    assert_eq!(shown, text.replace('\0', "\u{fffd}"));
    assert_eq!(letter.reason.chars().count(), 1_000);
    assert_eq!((letter.key.as_str(), letter.attempts), ("a\u{fffd}b", 2));
    assert_eq!(letter.place, Place { partition: 7, position: (u64::MAX, 3) });
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_page_by_page_and_by_group() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let groups = [Group::new("shipping", "orders").unwrap(), Group::new("billing", "orders").unwrap()];
    for number in 0..150 {
        give_up(test.database(), &groups[number % 2], "x", &number.to_string()).await;
    }
    let mut connection = test.database().connection().await.unwrap();
    assert_eq!(count(&mut connection).await.unwrap(), 150);
    let first = list(&mut connection, &Listed::default()).await.unwrap();
    let rest = Listed { after: first.last().map(|letter| letter.id), ..Listed::default() };
    let rest = list(&mut connection, &rest).await.unwrap();
    let reasons: Vec<&str> = first.iter().chain(&rest).map(|letter| letter.reason.as_str()).collect();
    assert_eq!(first.len(), 100);
    assert_eq!(reasons, (0..150).map(|number| number.to_string()).collect::<Vec<_>>());
    let billing = Listed { consumer: Some("billing.orders".to_owned()), ..Listed::default() };
    assert_eq!(list(&mut connection, &billing).await.unwrap().len(), 75);
    assert!(show(&mut connection, Uuid::nil()).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_purged_is_gone() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let database = test.database();
    let group = Group::new("shipping", "orders").unwrap();
    for number in 0..5 {
        give_up(database, &group, "x", &number.to_string()).await;
    }
    let mut connection = database.connection().await.unwrap();
    let letters = list(&mut connection, &Listed::default()).await.unwrap();
    assert!(purge(database, letters[0].id).await.unwrap());
    assert!(!purge(database, letters[0].id).await.unwrap());
    let missing = replay(database, letters[0].id).await;
    assert!(matches!(missing, Err(ReplayError::NotFound(id)) if id == letters[0].id), "{missing:?}");
    let age = "UPDATE dead_letter SET given_up_at = now() - interval '20 days' WHERE reason IN ('1', '2')";
    connection.batch_execute(age).await.unwrap();
    let too_old = replay(database, letters[1].id).await;
    assert!(matches!(too_old, Err(ReplayError::TooOld(id)) if id == letters[1].id), "{too_old:?}");
    assert_eq!(replay_group(database, "shipping.orders").await.unwrap(), 2);
    assert_eq!(purge_older(database, Duration::from_secs(24 * 60 * 60)).await.unwrap(), 2);
    assert_eq!(count(&mut connection).await.unwrap(), 0);
    let all = list(&mut connection, &Listed { replayed: true, ..Listed::default() }).await.unwrap();
    assert!(all.len() == 2 && all.iter().all(|letter| letter.replayed_at.is_some()));
}
