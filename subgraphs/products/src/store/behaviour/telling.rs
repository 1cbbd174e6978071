//! What happened waits with what it happened to, and only what happened.

use wire::event::Envelope;

use super::samples::{added, at, euro, page, product, told_of, variant};
use super::{Outcome, Stage, same};
use crate::events::messages;
use crate::store::Saved;

pub(super) async fn what_is_told_waits_with_what_it_tells_of(stage: &dyn Stage) -> Outcome {
    let store = stage.store();
    let decided = product(1);
    let mut expected = told_of(&decided)?;
    store.product_insert(&decided.state, &expected).await?;
    let priced = decided.state.change_price(euro(7), at(2));
    let of_price = told_of(&priced)?;
    store.product_save(&priced.state, &of_price).await?;
    expected.extend(of_price);
    let draft = page("sale");
    same("a draft", store.page_save(&draft.state, &[]).await?, Saved::Done)?;
    if let Some(published) = draft.state.publish(at(3)) {
        let of_page = messages(&published.events, published.state.version, None, at(3))?;
        same("published", store.page_save(&published.state, &of_page).await?, Saved::Done)?;
        expected.extend(of_page);
    }
    let told = stage.told().await?;
    same("what waits", told.clone(), expected)?;
    let keys: Vec<_> = told.iter().map(|message| Envelope::parse(&message.text).map(|told| told.subject)).collect();
    let mut found = Vec::new();
    for (key, message) in keys.into_iter().zip(&told) {
        found.push(key?.as_deref() == Some(&*message.key));
    }
    same("under its subject", found, vec![true; 3])
}

pub(super) async fn what_is_refused_is_not_told(stage: &dyn Stage) -> Outcome {
    let store = stage.store();
    let first = added(stage, product(1)).await?;
    added(stage, product(2)).await?;
    let waiting = stage.told().await?;
    let again = product(1);
    store.product_insert(&again.state, &told_of(&again)?).await?;
    let taken = variant(&first, "POT-002");
    store.product_save(&taken.state, &told_of(&taken)?).await?;
    let mut stale = first.change_price(euro(7), at(2));
    stale.state.version = 9;
    store.product_save(&stale.state, &told_of(&stale)?).await?;
    let nobody = product(3).state.change_price(euro(7), at(2));
    store.product_save(&nobody.state, &told_of(&nobody)?).await?;
    same("what waits", stage.told().await?, waiting)
}
