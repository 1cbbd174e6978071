//! `createPage`, `updatePage`, `publishPage` and `withdrawPage`: four ways to write one document.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use kit::Result;

use super::super::content::{ContentBlockInput, blocks};
use super::super::content_errors::{InvalidPageError, PageError};
use super::super::page::Page;
use super::desk;
use crate::PageId;
use crate::desk::PageWritten;
use crate::domain::PageDraft;

/// The mutations.
#[derive(Default)]
pub struct WritePage;

/// The mutations.
#[Object]
impl WritePage {
    /// Adds a page, which nobody but administrators can read yet. For administrators.
    async fn create_page(&self, context: &Context<'_>, input: CreatePageInput) -> Result<Option<PagePayload>> {
        let desk = desk(context)?;
        let CreatePageInput { slug, title, blocks: given } = input;
        let written = match blocks(given) {
            Ok(blocks) => desk.add_page(PageDraft { slug, title, blocks }).await?,
            Err(invalid) => PageWritten::Invalid(vec![invalid]),
        };
        Ok(Some(written.into()))
    }

    /// Changes what a page says; of one that is published everybody reads it at once. For administrators.
    async fn update_page(&self, context: &Context<'_>, input: UpdatePageInput) -> Result<Option<PagePayload>> {
        let desk = desk(context)?;
        let UpdatePageInput { id, expected_version, slug, title, blocks: given } = input;
        let written = match blocks(given) {
            Ok(blocks) => desk.change_page((id, expected_version), PageDraft { slug, title, blocks }).await?,
            Err(invalid) => PageWritten::Invalid(vec![invalid]),
        };
        Ok(Some(written.into()))
    }

    /// Lets everybody read a page. For administrators.
    async fn publish_page(&self, context: &Context<'_>, input: PageVersionInput) -> Result<Option<PagePayload>> {
        Ok(Some(desk(context)?.publish_page((input.id, input.expected_version)).await?.into()))
    }

    /// Lets nobody but administrators read a page any more. For administrators.
    async fn withdraw_page(&self, context: &Context<'_>, input: PageVersionInput) -> Result<Option<PagePayload>> {
        Ok(Some(desk(context)?.withdraw_page((input.id, input.expected_version)).await?.into()))
    }
}

/// A page to be added.
#[derive(InputObject)]
pub struct CreatePageInput {
    /// Where it is found: 1 to 80 lower-case letters and digits, with single hyphens between.
    slug: String,
    /// Its title, 1 to 200 characters.
    title: String,
    /// What stands on it, at most 50 pieces.
    #[graphql(default)]
    blocks: Vec<ContentBlockInput>,
}

/// What a page is to say.
#[derive(InputObject)]
pub struct UpdatePageInput {
    /// Which page.
    id: PageId,
    /// The version that the caller has read.
    expected_version: i32,
    /// Where it is found: 1 to 80 lower-case letters and digits, with single hyphens between.
    slug: String,
    /// Its title, 1 to 200 characters.
    title: String,
    /// What stands on it, at most 50 pieces: the whole list anew.
    blocks: Vec<ContentBlockInput>,
}

/// A version of a page.
#[derive(InputObject)]
pub struct PageVersionInput {
    /// Which page.
    id: PageId,
    /// The version that the caller has read.
    expected_version: i32,
}

/// What writing a page did.
#[derive(SimpleObject)]
pub struct PagePayload {
    /// The page as it is now; null when it was refused.
    page: Option<Page>,
    /// Why it was refused.
    errors: Vec<PageError>,
}

impl From<PageWritten> for PagePayload {
    fn from(written: PageWritten) -> Self {
        let refused = |error| Self { page: None, errors: vec![error] };
        match written {
            PageWritten::Page(page) => Self { page: Some(Page(*page)), errors: Vec::new() },
            PageWritten::Missing => refused(PageError::missing()),
            PageWritten::VersionConflict(version) => refused(PageError::conflict(version)),
            PageWritten::SlugTaken(slug) => refused(PageError::slug_taken(slug)),
            PageWritten::IllegalTransition(page) => refused(PageError::transition(&page)),
            PageWritten::Invalid(invalid) => {
                let errors = invalid.into_iter().map(|invalid| InvalidPageError::from(invalid).into());
                Self { page: None, errors: errors.collect() }
            }
        }
    }
}
