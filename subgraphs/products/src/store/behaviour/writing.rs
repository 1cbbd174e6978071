//! Products: written and read back, guarded by version and by SKU.

use futures::future::join_all;

use super::samples::{added, at, euro, product, told_of, variant};
use super::{Failure, Outcome, Stage, same};
use crate::domain::{Block, ProductChange};
use crate::store::Saved;

/// More than a pool has connections for at once on a small machine.
const WRITERS: i32 = 8;

pub(super) async fn a_product_reads_back_by_all_its_keys(stage: &dyn Stage) -> Outcome {
    let store = stage.store();
    let first = added(stage, product(1)).await?;
    added(stage, product(2)).await?;
    let with_variant = variant(&first, "POT-001-S");
    let blocks = vec![
        Block::Heading { text: "Why".to_owned() },
        Block::Image { address: "https://images.example/a.webp".to_owned(), caption: "It".to_owned() },
        Block::Shelf { products: vec![first.id] },
    ];
    let change = ProductChange { blocks: Some(blocks), ..ProductChange::default() };
    same("saved", store.product_save(&with_variant.state, &told_of(&with_variant)?).await?, Saved::Done)?;
    let told_about = with_variant.state.change(change, at(101));
    same("saved again", store.product_save(&told_about.state, &told_of(&told_about)?).await?, Saved::Done)?;
    let last = told_about.state;
    let ids: Vec<_> = last.variants.iter().map(|variant| variant.id).collect();
    same("by id", store.product_list_by_id(&[last.id]).await?, vec![last.clone()])?;
    same("by SKU", store.product_list_by_sku(&[last.sku.clone(), "NO-SUCH".to_owned()]).await?, vec![last.clone()])?;
    same("by a variant's SKU", store.product_list_by_sku(&["POT-001-S".to_owned()]).await?, Vec::new())?;
    same("by variant", store.product_list_by_variant(&ids).await?, vec![last.clone()])?;
    let removed = ids.first().and_then(|id| last.remove_variant(*id, at(102)));
    let removed = removed.ok_or_else(|| Failure::Other("there is a variant to remove".to_owned()))?;
    same("removed", store.product_save(&removed.state, &told_of(&removed)?).await?, Saved::Done)?;
    same("by a variant that was", store.product_list_by_variant(&ids).await?, Vec::new())
}

pub(super) async fn no_two_skus_are_the_same(stage: &dyn Stage) -> Outcome {
    let store = stage.store();
    let (one, other) = (added(stage, product(1)).await?, added(stage, product(2)).await?);
    same("a product's again", store.product_insert(&product(1).state, &[]).await?, false)?;
    let taken = variant(&one, "POT-002");
    same("a product's as a variant's", store.product_save(&taken.state, &[]).await?, Saved::Taken)?;
    let small = variant(&one, "POT-001-S");
    same("a variant's", store.product_save(&small.state, &[]).await?, Saved::Done)?;
    let taken = variant(&other, "POT-001-S");
    same("a variant's again", store.product_save(&taken.state, &[]).await?, Saved::Taken)?;
    let mut taken = product(3).state;
    taken.sku = "POT-001-S".to_owned();
    same("a variant's as a product's", store.product_insert(&taken, &[]).await?, false)?;
    same("what was refused", store.product_list_by_id(&[taken.id, other.id]).await?, vec![other])
}

pub(super) async fn a_write_wants_the_version_before(stage: &dyn Stage) -> Outcome {
    let store = stage.store();
    let first = added(stage, product(1)).await?;
    let (cheap, dear) = (first.change_price(euro(1), at(2)), first.change_price(euro(99_999), at(3)));
    same("the first", store.product_save(&cheap.state, &[]).await?, Saved::Done)?;
    same("the second", store.product_save(&dear.state, &[]).await?, Saved::VersionConflict(2))?;
    same("what counts", store.product_list_by_id(&[first.id]).await?, vec![cheap.state])?;
    let nobody = product(2).state.change_price(euro(1), at(2));
    same("of nothing", store.product_save(&nobody.state, &[]).await?, Saved::Missing)
}

/// Each writes what it has read, again and again until nobody was before it.
pub(super) async fn writers_at_once_lose_nothing(stage: &dyn Stage) -> Outcome {
    let first = added(stage, product(1)).await?;
    let writing = (0..WRITERS).map(|number| {
        let (store, id) = (stage.store(), first.id);
        async move {
            loop {
                let read = store.product_list_by_id(&[id]).await?.pop();
                let read = read.ok_or_else(|| Failure::Other("the product is there".to_owned()))?;
                let decided = variant(&read, &format!("POT-001-{number}"));
                match store.product_save(&decided.state, &told_of(&decided)?).await? {
                    Saved::Done => return Ok::<_, Failure>(()),
                    Saved::VersionConflict(_) => {}
                    other => return Err(Failure::Other(format!("{other:?}"))),
                }
            }
        }
    });
    for written in join_all(writing).await {
        written?;
    }
    let last = stage.store().product_list_by_id(&[first.id]).await?.pop();
    let found = last.map(|last| (last.version, last.variants.len()));
    same("versions and variants", found, Some((1 + WRITERS, usize::try_from(WRITERS).unwrap_or(0))))?;
    let mut told = Vec::new();
    for message in stage.told().await? {
        told.push(wire::event::Envelope::parse(&message.text)?.sequence);
    }
    same("told in order", told, (1..=1 + WRITERS.unsigned_abs()).map(|version| Some(version.into())).collect())
}
