//! What is on stock: by item, and as of its last movement, in whatever order levels come.

use futures::future::join_all;
use kit::GlobalId;
use uuid::Uuid;

use super::lists::listed;
use super::samples::{added, product};
use super::{Failure, Outcome, Stage, same};
use crate::ProductId;
use crate::domain::{Product, ProductFilter};
use crate::store::ItemLevel;

/// Levels of one item that come at once.
const AT_ONCE: i64 = 20;

fn level(product: ProductId, item: Uuid, is_available: bool, sequence: Option<i64>) -> ItemLevel {
    ItemLevel { product, item, is_available, sequence }
}

/// How many products are on stock, and how many aren't.
async fn counted(stage: &dyn Stage) -> Result<(usize, usize), Failure> {
    let on = |in_stock| ProductFilter { in_stock: Some(in_stock), ..ProductFilter::default() };
    Ok((listed(stage, &on(true)).await?.len(), listed(stage, &on(false)).await?.len()))
}

pub(super) async fn levels_are_noted_by_item(stage: &dyn Stage) -> Outcome {
    let (one, other) = (added(stage, product(1)).await?, added(stage, product(2)).await?);
    let store = stage.store();
    let items = [one.id.uuid(), Uuid::from_u128(7)];
    let (mut expected, mut movements) = ([false, false], [0, 0]);
    // Twice each, the movement's own and one of a build that tells no number: a message can come again.
    for (index, is_available) in [(0, true), (1, true), (0, false), (1, true), (1, false), (0, false), (0, true)] {
        let (Some(&item), Some(expected_of), Some(movement)) =
            (items.get(index), expected.get_mut(index), movements.get_mut(index))
        else {
            continue;
        };
        (*expected_of, *movement) = (is_available, *movement + 1);
        for sequence in [Some(*movement), Some(*movement), None, None] {
            store.level_set(level(one.id, item, is_available, sequence)).await?;
            let is_in_stock = expected.contains(&true);
            same("on stock and not", counted(stage).await?, if is_in_stock { (1, 1) } else { (0, 2) })?;
        }
    }
    store.level_set(level(product(3).state.id, Uuid::from_u128(8), true, Some(1))).await?;
    let mut found = store.product_list_by_id(&[one.id, other.id]).await?;
    found.sort_by_key(|product| product.id);
    same("the products themselves", found, vec![one, other])
}

pub(super) async fn levels_that_come_late_are_passed_over(stage: &dyn Stage) -> Outcome {
    let one = added(stage, product(1)).await?;
    let store = stage.store();
    let (itself, variant) = (one.id.uuid(), Uuid::from_u128(7));
    // Each item has movements of its own.
    for (item, sequence, is_available, expected) in [
        (itself, 5, true, 1),
        (itself, 4, false, 1),
        (itself, 5, false, 1),
        (variant, 2, true, 1),
        (itself, 6, false, 1),
        (variant, 1, true, 1),
        (variant, 3, false, 0),
        (itself, 5, true, 0),
        (variant, 2, true, 0),
        (variant, i64::MAX, true, 1),
    ] {
        store.level_set(level(one.id, item, is_available, Some(sequence))).await?;
        same(&format!("after {sequence} of {item}"), counted(stage).await?, (expected, 1 - expected))?;
    }
    // What the catalogue says of a product is written beside it.
    same("the product itself", store.product_list_by_id(&[one.id]).await?, vec![one])
}

pub(super) async fn of_levels_at_once_the_last_counts(stage: &dyn Stage) -> Outcome {
    let one: Product = added(stage, product(1)).await?;
    for last_is_available in [true, false] {
        let item = Uuid::now_v7();
        let setting = (1..=AT_ONCE).map(|sequence| {
            let (store, is_available) = (stage.store(), (sequence == AT_ONCE) == last_is_available);
            let level = level(one.id, item, is_available, Some(sequence));
            async move { store.level_set(level).await }
        });
        for set in join_all(setting).await {
            set?;
        }
        let expected = if last_is_available { (1, 0) } else { (0, 1) };
        same("on stock and not", counted(stage).await?, expected)?;
        // Gone, so that the next item decides.
        stage.store().level_set(level(one.id, item, false, Some(AT_ONCE + 1))).await?;
    }
    Ok(())
}
