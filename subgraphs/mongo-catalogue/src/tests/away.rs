//! A server that is away: who starts without it uses it once it is there, and whoever wants something of it meanwhile is told so.

use std::sync::Arc;
use std::time::Duration;

use ::products::desk::Desk;
use ::products::store::{CategoryStore as _, ItemLevel, ProductStore as _, StoreError};
use kit::testing::wait_for;
use kit::{GlobalId as _, HandlerError};
use mongodb::bson::{Document, doc};

use super::server::{Server, impatient_catalogue};
use super::telling::added;
use crate::error::is_duplicate;
use crate::{MongoCatalogue, relay};

/// Readers at once: none waits for the others before it.
const READERS: usize = 8;

async fn is_ready(catalogue: &MongoCatalogue) {
    let ready = async || catalogue.is_ready_within(Duration::from_secs(3)).await.then_some(());
    wait_for("the catalogue", ready).await;
}

/// But for the server's own.
async fn collections(catalogue: &MongoCatalogue) -> Vec<String> {
    let all = catalogue.client.database(&catalogue.name).list_collection_names().await.unwrap();
    let mut ours: Vec<_> = all.into_iter().filter(|name| !name.starts_with("system.")).collect();
    ours.sort();
    ours
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_opens_without_its_server_and_is_whole_once_it_is_there() {
    let mut server = Server::start(true).await;
    server.kill();
    let catalogue = impatient_catalogue(&server.url()).await;
    let began = std::time::Instant::now();
    let reading = (0..READERS).map(|_| catalogue.category_list());
    for read in futures::future::join_all(reading).await {
        assert!(matches!(read, Err(StoreError::Unavailable(_))), "{read:?}");
    }
    assert!(began.elapsed() < catalogue.server_timeout * 3, "{:?}", began.elapsed());
    assert!(!catalogue.is_ready_within(Duration::from_millis(500)).await);
    server.start_again().await;
    is_ready(&catalogue).await;
    let pages = catalogue.bare::<Document>("pages");
    pages.insert_one(doc! { "_id": "1", "slug": "sale" }).await.unwrap();
    let again = pages.insert_one(doc! { "_id": "2", "slug": "sale" }).await.unwrap_err();
    assert!(is_duplicate(&again), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_counts_makes_nothing() {
    let server = Server::start(false).await;
    let catalogue = impatient_catalogue(&server.url()).await;
    let counted = async || relay::status(&catalogue).await.ok();
    assert_eq!(wait_for("a count", counted).await.waiting, 0);
    assert_eq!(collections(&catalogue).await, Vec::<String>::new());
    catalogue.prepare().await.unwrap();
    assert_eq!(collections(&catalogue).await, ["pages", "products"]);
}

/// A level of stock is no message to be given up while there is nowhere to write it.
#[tokio::test(flavor = "multi_thread")]
async fn levels_wait_for_a_server_that_is_away() {
    let mut server = Server::start(true).await;
    let catalogue = impatient_catalogue(&server.url()).await;
    is_ready(&catalogue).await;
    let product = added(&Desk::new(Arc::new(catalogue.clone()), None), 1).await;
    let level = |sequence| ItemLevel { product, item: product.uuid(), is_available: true, sequence: Some(sequence) };
    catalogue.level_set(level(1)).await.unwrap();
    server.kill();
    for sequence in 2..4 {
        let refused = catalogue.level_set(level(sequence)).await.unwrap_err();
        assert!(matches!(refused, StoreError::Unavailable(_)), "{refused:?}");
        assert!(matches!(HandlerError::from(refused), HandlerError::Lost(_)));
    }
    server.start_again().await;
    wait_for("the level", async || catalogue.level_set(level(4)).await.ok()).await;
}
