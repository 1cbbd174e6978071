//! `type Query`: categories and pages.

use async_graphql::{Context, Object};
use kit::{Caller, Connection, Error, PageBound, PageRequest, Result, count_rows};

use super::category::Category;
use super::page::{Page, PageStatus};
use super::store;
use crate::domain::{self, is_slug};

const PAGES: PageBound = PageBound::new("pages:slug");

/// Reading content: what is published is open to everyone.
#[derive(Default)]
pub struct ContentQuery;

/// Reading content.
#[Object]
impl ContentQuery {
    /// The categories that are described, at most 500, by name.
    async fn categories(&self, context: &Context<'_>) -> Result<Option<Vec<Category>>> {
        let found = store(context).await?.category_list().await?;
        count_rows(context, found.len())?;
        Ok(Some(found.into_iter().map(Category).collect()))
    }

    /// The page with this slug, or null. Pages that aren't published are for administrators.
    async fn page(&self, context: &Context<'_>, slug: String) -> Result<Option<Page>> {
        if !is_slug(&slug) {
            return Ok(None);
        }
        let found = store(context).await?.page_find_by_slug(&slug).await?;
        let may_read_all = Caller::from_context(context)?.is_administrator();
        Ok(found.filter(|page| page.may_be_read_by(may_read_all)).map(Page))
    }

    /// The published pages by slug; for administrators those of any status, or all of them.
    async fn pages(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only those of this status.")] status: Option<PageStatus>,
        #[graphql(desc = "At most this many from the start; 20 when neither this nor `last` is given, at most 100.")]
        first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many from the end.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Page>>> {
        let caller = Caller::from_context(context)?;
        let status = match status.map(domain::PageStatus::from) {
            None if !caller.is_administrator() => Some(domain::PageStatus::Published),
            Some(status) if status != domain::PageStatus::Published => {
                caller.require_administrator()?;
                Some(status)
            }
            status => status,
        };
        let request = PageRequest::<String>::parse(first, after, last, before, PAGES)?;
        // A cursor that somebody made up could hold a text that no store takes.
        if [&request.after, &request.before].into_iter().flatten().any(|slug| !is_slug(slug)) {
            return Err(Error::InvalidPagination("Not a cursor of this list and order".to_owned()));
        }
        let found = store(context).await?.page_list(status, &request).await?;
        request.connection(found.into_iter().map(Page).collect(), |page| page.0.slug.clone()).map(Some)
    }
}
