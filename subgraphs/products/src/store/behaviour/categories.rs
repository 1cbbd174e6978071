//! Categories: written and read back, guarded by version.

use super::samples::at;
use super::{Outcome, Stage, same};
use crate::domain::{AttributeKind, AttributeRule, Category};
use crate::store::Saved;

fn category(name: &str, version: i32) -> Category {
    let rule = AttributeRule {
        name: "Capacity".to_owned(),
        kind: AttributeKind::Decimal,
        required: version > 1,
        allowed: vec!["1.5".to_owned(), "2".to_owned()],
    };
    Category { name: name.to_owned(), attributes: vec![rule], is_closed: true, version, updated_at: at(version.into()) }
}

pub(super) async fn a_category_reads_back_and_is_guarded(stage: &dyn Stage) -> Outcome {
    let store = stage.store();
    let (pots, pans) = (category("Pots", 1), category("Pans", 1));
    for added in [&pots, &pans] {
        same("added", store.category_save(added).await?, Saved::Done)?;
    }
    same("added again", store.category_save(&category("Pots", 1)).await?, Saved::VersionConflict(1))?;
    same("too late", store.category_save(&category("Pots", 3)).await?, Saved::VersionConflict(1))?;
    same("of nothing", store.category_save(&category("Cups", 2)).await?, Saved::Missing)?;
    let anew = category("Pots", 2);
    same("anew", store.category_save(&anew).await?, Saved::Done)?;
    same("one", store.category_find("Pots").await?, Some(anew.clone()))?;
    same("none", store.category_find("Cups").await?, None)?;
    same("all", store.category_list().await?, vec![pans, anew])
}
