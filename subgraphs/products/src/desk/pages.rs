//! Writing pages.

use kit::GlobalId;
use uuid::Uuid;

use super::{Desk, now};
use crate::PageId;
use crate::domain::{Decided, InvalidField, Page, PageDraft};
use crate::events::messages;
use crate::store::{Saved, StoreError};

/// What became of a write of a page.
#[derive(Clone, Debug, PartialEq)]
pub enum PageWritten {
    /// Written; the page as it is now.
    Page(Box<Page>),
    /// There is no such page.
    Missing,
    /// Somebody wrote in between; the page has this version now.
    VersionConflict(i32),
    /// It breaks rules.
    Invalid(Vec<InvalidField>),
    /// Another page has the slug.
    SlugTaken(String),
    /// It can't be published or withdrawn from where it is.
    IllegalTransition(Box<Page>),
}

impl Desk {
    /// Adds a page, which nobody can read yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add_page(&self, draft: PageDraft) -> Result<PageWritten, StoreError> {
        let invalid = self.check_page(&draft).await?;
        if !invalid.is_empty() {
            return Ok(PageWritten::Invalid(invalid));
        }
        self.save_page(Page::add(PageId::from_uuid(Uuid::now_v7()), draft, now())).await
    }

    /// Changes what a page says; of one that is published everybody reads it at once.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn change_page(&self, read: (PageId, i32), draft: PageDraft) -> Result<PageWritten, StoreError> {
        let invalid = self.check_page(&draft).await?;
        if !invalid.is_empty() {
            return Ok(PageWritten::Invalid(invalid));
        }
        self.write_page(read, |page| Some(page.change(draft, now()))).await
    }

    /// Lets everybody read a page.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn publish_page(&self, read: (PageId, i32)) -> Result<PageWritten, StoreError> {
        self.write_page(read, |page| page.publish(now())).await
    }

    /// Lets nobody read a page any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn withdraw_page(&self, read: (PageId, i32)) -> Result<PageWritten, StoreError> {
        self.write_page(read, |page| page.withdraw(now())).await
    }

    /// What of a draft breaks a rule; products are looked for where nothing else does.
    async fn check_page(&self, draft: &PageDraft) -> Result<Vec<InvalidField>, StoreError> {
        let invalid = draft.check();
        if !invalid.is_empty() {
            return Ok(invalid);
        }
        Ok(self.check_shelves(&draft.blocks).await?.into_iter().collect())
    }

    async fn write_page(
        &self,
        (id, expected): (PageId, i32),
        decide: impl FnOnce(&Page) -> Option<Decided<Page>> + Send,
    ) -> Result<PageWritten, StoreError> {
        let Some(page) = self.store.page_list_by_id(&[id]).await?.pop() else { return Ok(PageWritten::Missing) };
        if page.version != expected {
            return Ok(PageWritten::VersionConflict(page.version));
        }
        match decide(&page) {
            Some(decided) => self.save_page(decided).await,
            None => Ok(PageWritten::IllegalTransition(Box::new(page))),
        }
    }

    async fn save_page(&self, Decided { state, events }: Decided<Page>) -> Result<PageWritten, StoreError> {
        let messages = messages(&events, state.version, self.actor.as_deref(), state.updated_at)?;
        let saved = self.store.page_save(&state, &messages).await?;
        if let (Saved::Done, Some(heard)) = (saved, &self.heard) {
            heard.anything().await;
        }
        Ok(match saved {
            Saved::Done => PageWritten::Page(Box::new(state)),
            Saved::Missing => PageWritten::Missing,
            Saved::VersionConflict(version) => PageWritten::VersionConflict(version),
            Saved::Taken => PageWritten::SlugTaken(state.slug),
        })
    }
}
