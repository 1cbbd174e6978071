//! Pages: written and read back, guarded by version and by slug, listed.

use kit::{PageBound, PageRequest};

use super::samples::{at, page};
use super::{Failure, Outcome, Stage, same};
use crate::domain::{Decided, Page, PageStatus};
use crate::store::Saved;

const BOUND: PageBound = PageBound::new("pages:checked");

fn published(page: &Page) -> Result<Decided<Page>, Failure> {
    page.publish(at(5)).ok_or_else(|| Failure::Other("a draft can be published".to_owned()))
}

pub(super) async fn a_page_reads_back_and_is_guarded(stage: &dyn Stage) -> Outcome {
    let store = stage.store();
    let (sale, news) = (page("sale").state, page("news").state);
    for added in [&sale, &news] {
        same("added", store.page_save(added, &[]).await?, Saved::Done)?;
    }
    same("a slug again", store.page_save(&page("sale").state, &[]).await?, Saved::Taken)?;
    let mut moved = published(&news)?.state;
    "sale".clone_into(&mut moved.slug);
    same("to a slug that is taken", store.page_save(&moved, &[]).await?, Saved::Taken)?;
    let public = published(&sale)?.state;
    same("published", store.page_save(&public, &[]).await?, Saved::Done)?;
    same("too late", store.page_save(&public, &[]).await?, Saved::VersionConflict(2))?;
    let nobody = published(&page("none").state)?.state;
    same("of nothing", store.page_save(&nobody, &[]).await?, Saved::Missing)?;
    same("by slug", store.page_find_by_slug("sale").await?, Some(public.clone()))?;
    same("no slug", store.page_find_by_slug("none").await?, None)?;
    same("by id", store.page_list_by_id(&[public.id]).await?, vec![public])
}

pub(super) async fn pages_are_listed_by_slug(stage: &dyn Stage) -> Outcome {
    let store = stage.store();
    for slug in ["d", "a", "c", "b", "e"] {
        let draft = page(slug).state;
        store.page_save(&draft, &[]).await?;
        if slug != "c" {
            store.page_save(&published(&draft)?.state, &[]).await?;
        }
    }
    let list = async |status, request: PageRequest<String>| {
        let found = store.page_list(status, &request).await?;
        Ok::<_, Failure>(found.into_iter().map(|page| page.slug).collect::<Vec<_>>())
    };
    let of = |first, last| PageRequest::<String>::parse(first, None, last, None, BOUND);
    let public = Some(PageStatus::Published);
    same("all", list(None, of(Some(10), None)?).await?, ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec())?;
    same("drafts", list(Some(PageStatus::Draft), of(Some(10), None)?).await?, vec!["c".to_owned()])?;
    let mut behind = of(Some(10), None)?;
    behind.after = Some("b".to_owned());
    same("behind", list(public, behind).await?, ["d", "e"].map(str::to_owned).to_vec())?;
    let mut before = of(None, Some(10))?;
    before.before = Some("e".to_owned());
    same("before, from the end", list(public, before).await?, ["d", "b", "a"].map(str::to_owned).to_vec())
}
