//! A document in which so much waits that no more is taken, as while the bus is away for long.

use std::sync::Arc;

use ::products::desk::{Desk, PageWritten, Written};
use ::products::domain::{PageDraft, ProductChange};
use ::products::store::{ProductStore as _, StoreError};
use kit::log_bus::LogBusConfig;
use kit::testing::TestDatabase;
use kit::{GlobalId as _, LogBus};
use mongodb::bson::{Document, doc};
use uuid::Uuid;

use super::Mongo;
use super::telling::added;
use crate::products::PENDING_MAX;
use crate::{MongoCatalogue, relay};

fn renamed(number: usize) -> ProductChange {
    ProductChange { name: Some(format!("Pot {number}")), ..ProductChange::default() }
}

/// Lets so many messages more wait in a document.
async fn wait_in(catalogue: &MongoCatalogue, id: Uuid, messages: usize) {
    let message = |_| doc! { "id": Uuid::now_v7().to_string(), "key": id.to_string(), "text": "{}" };
    let messages: Vec<Document> = (0..messages).map(message).collect();
    let update = doc! { "$push": { "pending": { "$each": messages } } };
    let updated = catalogue.bare::<Document>("products").update_one(doc! { "_id": id.to_string() }, update).await;
    assert_eq!(updated.unwrap().modified_count, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_is_taken_until_some_of_it_is_told() {
    let Mongo(catalogue) = Mongo::fresh().await;
    let desk = Desk::new(Arc::new(catalogue.clone()), None);
    let (id, other) = (added(&desk, 1).await, added(&desk, 2).await);
    wait_in(&catalogue, id.uuid(), PENDING_MAX - 2).await;
    let written = desk.change((id, 1), renamed(2)).await.unwrap();
    assert!(matches!(written, Written::Product(_)), "{written:?}");
    let refused = desk.change((id, 2), renamed(3)).await.unwrap_err();
    assert!(matches!(refused, StoreError::PendingFull(PENDING_MAX)), "{refused:?}");
    // Who comes too late is told that, and of what is refused nothing is written.
    assert_eq!(desk.change((id, 1), renamed(3)).await.unwrap(), Written::VersionConflict(2));
    let found = catalogue.product_list_by_id(&[id]).await.unwrap().remove(0);
    assert_eq!((found.version, found.name.as_str()), (2, "Pot 2"));
    assert_eq!(relay::status(&catalogue).await.unwrap().waiting, PENDING_MAX as u64 + 1);
    // Others aren't full, and who says nothing needs no room.
    assert!(matches!(desk.change((other, 1), renamed(2)).await.unwrap(), Written::Product(_)));
    let unchanged = desk.change((id, 2), renamed(2)).await.unwrap();
    assert!(matches!(&unchanged, Written::Product(product) if product.version == 3), "{unchanged:?}");

    let bus_database = TestDatabase::bus().await;
    let bus = LogBus::open(bus_database.database().clone(), LogBusConfig::default()).await.unwrap();
    let published = relay::publish_once(&catalogue, &bus).await.unwrap();
    assert!((1..PENDING_MAX).contains(&published), "a batch has a bound: {published}");
    assert!(matches!(desk.change((id, 3), renamed(4)).await.unwrap(), Written::Product(_)));
    let mut told = published;
    while relay::status(&catalogue).await.unwrap().waiting > 0 {
        told += relay::publish_once(&catalogue, &bus).await.unwrap();
    }
    assert_eq!(told, PENDING_MAX + 3);
}

/// A page has nothing to tell until it is published, and so no end of changes.
#[tokio::test(flavor = "multi_thread")]
async fn what_tells_nothing_is_never_full() {
    let Mongo(catalogue) = Mongo::fresh().await;
    let desk = Desk::new(Arc::new(catalogue.clone()), None);
    let draft = |title: &str| PageDraft { slug: "sale".to_owned(), title: title.to_owned(), blocks: Vec::new() };
    let PageWritten::Page(page) = desk.add_page(draft("A sale")).await.unwrap() else { panic!("a page") };
    let changed = desk.change_page((page.id, 1), draft("The sale")).await.unwrap();
    assert!(matches!(&changed, PageWritten::Page(page) if page.version == 2), "{changed:?}");
}
