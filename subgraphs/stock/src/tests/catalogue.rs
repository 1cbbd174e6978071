//! Items follow the catalogue: opened, stocked from the start, withdrawn; whatever comes twice changes nothing.

use std::num::NonZeroU32;

use kit::database::{DatabaseError, Freshness};
use kit::{GlobalId, Handler as _, HandlerError};
use uuid::Uuid;
use wire::bus::{Delivery, Place};
use wire::command::Reply;
use wire::commands::stock::ReserveStockRefusal;
use wire::event::{Envelope, Event, Stamp};
use wire::events::products::{ProductAdded, ProductVariantAdded, ProductVariantRemoved, ProductWithdrawn, Variant};
use wire::events::stock::StockEvent;
use wire::money::{Currency, Money};

use super::{Warehouse, line, product, reservation, variant};
use crate::catalogue::FollowCatalogue;
use crate::domain::ItemKey;

fn delivery<E: Event>(event: &E) -> Delivery {
    let stamp = Stamp { id: Uuid::now_v7(), time: chrono::Utc::now() };
    let message = Envelope::event(event, stamp).unwrap().to_message().unwrap();
    Delivery { place: Place { partition: 0, position: (0, 0) }, message }
}

async fn follow(warehouse: &Warehouse, delivery: &Delivery) -> Result<(), HandlerError> {
    let handling = warehouse.database().unit(async |connection| {
        FollowCatalogue.handle(connection, delivery).await.map_err(Failure)?;
        Ok::<_, Failure>(())
    });
    handling.await.map_err(|Failure(error)| error)
}

/// A unit's error can be had from the database's.
#[derive(Debug, thiserror::Error)]
#[error("not followed")]
struct Failure(#[source] HandlerError);

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Self {
        Self(error.into())
    }
}

fn wire_variant(item: ItemKey) -> Variant {
    let variant_id = item.variant_id.unwrap().uuid().into();
    Variant { variant_id, sku: "POT-1-S".to_owned(), price: None }
}

fn added(number: u64, variants: &[ItemKey], stock: u32) -> ProductAdded {
    ProductAdded {
        product_id: product(number).product_id.uuid().into(),
        sku: "POT-1".to_owned(),
        name: "Teapot".to_owned(),
        category: "Kitchen".to_owned(),
        price: Money::new(1999, Currency::EUR),
        variants: variants.iter().copied().map(wire_variant).collect(),
        initial_stock: NonZeroU32::new(stock),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_is_stocked_from_the_start_once() {
    let warehouse = Warehouse::empty().await;
    let event = delivery(&added(1, &[], 12));
    for _ in 0..3 {
        follow(&warehouse, &event).await.unwrap();
    }
    assert_eq!(warehouse.level(product(1)).await, (12, 0));
    follow(&warehouse, &delivery(&added(2, &[], 0))).await.unwrap();
    assert_eq!(warehouse.level(product(2)).await, (0, 0));
    assert_eq!(warehouse.reconciled().await.movements, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_with_variants_has_an_item_a_variant() {
    let warehouse = Warehouse::empty().await;
    follow(&warehouse, &delivery(&added(1, &[variant(1, 1)], 0))).await.unwrap();
    let more =
        ProductVariantAdded { product_id: product(1).product_id.uuid().into(), variant: wire_variant(variant(1, 2)) };
    follow(&warehouse, &delivery(&more)).await.unwrap();
    let items = warehouse.store().item_list_by_product(&[product(1).product_id], Freshness::Latest).await.unwrap();
    assert_eq!(items.iter().filter(|item| item.key.variant_id.is_some()).count(), 2);
    assert_eq!(items.len(), 2);
}

/// What is told of an item's levels, the newest last: on hand, and whether it is sold no more.
async fn levels(warehouse: &Warehouse, item: ItemKey) -> Vec<(u32, bool)> {
    let level = |told: &Envelope| match StockEvent::read(told).unwrap().unwrap() {
        StockEvent::LevelChanged(level) => Some(level),
        _ => None,
    };
    let told = warehouse.told().await;
    let of_item =
        told.iter().filter_map(level).filter(|level| ItemKey::of_wire(level.product_id, level.variant_id) == item);
    of_item.map(|level| (level.on_hand, level.withdrawn == Some(true))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_that_gets_variants_is_sold_by_them_alone_until_the_last_one_goes() {
    let warehouse = Warehouse::empty().await;
    follow(&warehouse, &delivery(&added(1, &[], 12))).await.unwrap();
    let kept = reservation(1, &[line(product(1), 2)]);
    assert!(matches!(warehouse.reserve(&kept).await, Reply::Done(_)));
    let product_id = product(1).product_id.uuid().into();
    let more = ProductVariantAdded { product_id, variant: wire_variant(variant(1, 1)) };
    follow(&warehouse, &delivery(&more)).await.unwrap();
    warehouse.stocked(variant(1, 1), 3).await;
    let refused = async |number: u64, item| match warehouse.reserve(&reservation(number, &[line(item, 1)])).await {
        Reply::Done(_) => None,
        Reply::Refused { code, .. } => Some(code),
    };
    assert_eq!(refused(2, product(1)).await, Some(ReserveStockRefusal::VariantRequired));
    assert_eq!(refused(3, variant(1, 1)).await, None);
    assert_eq!((warehouse.level(product(1)).await, warehouse.level(variant(1, 1)).await), ((12, 2), (3, 1)));
    // What was kept before is sold all the same, and told of as what it is.
    assert!(matches!(warehouse.commit(&super::warehouse::commit_of(&kept)).await, Reply::Done(_)));
    assert_eq!(levels(&warehouse, product(1)).await, [(12, false), (12, false), (12, true), (10, true)]);
    let removed = ProductVariantRemoved { product_id, variant_id: variant(1, 1).variant_id.unwrap().uuid().into() };
    for _ in 0..2 {
        follow(&warehouse, &delivery(&removed)).await.unwrap();
    }
    assert_eq!(refused(4, variant(1, 1)).await, Some(ReserveStockRefusal::UnknownProduct));
    assert_eq!(refused(5, product(1)).await, None);
    assert_eq!(levels(&warehouse, variant(1, 1)).await, [(3, false), (3, false), (3, true)]);
    warehouse.reconciled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_that_came_with_variants_is_not_sold_as_it_is_before_the_last_one_goes() {
    let warehouse = Warehouse::empty().await;
    follow(&warehouse, &delivery(&added(1, &[variant(1, 1)], 0))).await.unwrap();
    let refused = async |number: u64| match warehouse.reserve(&reservation(number, &[line(product(1), 1)])).await {
        Reply::Done(_) => panic!("there are none"),
        Reply::Refused { code, .. } => code,
    };
    assert_eq!(refused(1).await, ReserveStockRefusal::VariantRequired);
    let product_id = product(1).product_id.uuid().into();
    let removed = ProductVariantRemoved { product_id, variant_id: variant(1, 1).variant_id.unwrap().uuid().into() };
    follow(&warehouse, &delivery(&removed)).await.unwrap();
    assert_eq!(refused(2).await, ReserveStockRefusal::OutOfStock);
    // What comes late brings nothing back that was withdrawn.
    follow(&warehouse, &delivery(&ProductWithdrawn { product_id })).await.unwrap();
    follow(&warehouse, &delivery(&removed)).await.unwrap();
    assert_eq!(refused(3).await, ReserveStockRefusal::UnknownProduct);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withdrawn_is_sold_no_more_and_stays_reserved() {
    let warehouse = Warehouse::empty().await;
    for number in 1..=2 {
        warehouse.stocked(variant(1, number), 5).await;
    }
    let kept = reservation(1, &[line(variant(1, 1), 2)]);
    warehouse.reserve(&kept).await;
    let product_id = product(1).product_id.uuid().into();
    let removed = ProductVariantRemoved { product_id, variant_id: variant(1, 1).variant_id.unwrap().uuid().into() };
    follow(&warehouse, &delivery(&removed)).await.unwrap();
    let is_sold = async |number: u64, item| match warehouse.reserve(&reservation(number, &[line(item, 1)])).await {
        Reply::Done(_) => true,
        Reply::Refused { code, .. } => {
            assert_eq!(code, ReserveStockRefusal::UnknownProduct);
            false
        }
    };
    assert!(!is_sold(2, variant(1, 1)).await);
    assert!(is_sold(3, variant(1, 2)).await);
    follow(&warehouse, &delivery(&ProductWithdrawn { product_id })).await.unwrap();
    assert!(!is_sold(4, variant(1, 2)).await);
    assert_eq!(warehouse.level(variant(1, 1)).await, (5, 2));
    assert!(matches!(warehouse.commit(&super::warehouse::commit_of(&kept)).await, Reply::Done(_)));
    warehouse.reconciled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_event_is_poison() {
    let warehouse = Warehouse::empty().await;
    let mut broken = delivery(&added(1, &[], 1));
    broken.message.text = broken.message.text.replace(r#""variants":[]"#, r#""variants":7"#).into();
    assert!(matches!(follow(&warehouse, &broken).await, Err(HandlerError::Poison(_))));
    broken.message.text = "{}".into();
    assert!(matches!(follow(&warehouse, &broken).await, Err(HandlerError::Poison(_))));
}
