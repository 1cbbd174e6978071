//! `type Page`: a page of content.

use async_graphql::{Enum, Object};
use chrono::{DateTime, Utc};

use super::content::ContentBlock;
use crate::PageId;
use crate::domain;

/// A page of content.
pub struct Page(pub domain::Page);

/// Who can read a page.
#[derive(Clone, Copy, Enum, Eq, PartialEq)]
#[graphql(remote = "domain::PageStatus")]
pub enum PageStatus {
    /// Administrators: it was never published.
    Draft,
    /// Everybody.
    Published,
    /// Administrators: it was taken back.
    Withdrawn,
}

/// A page of content.
#[Object]
impl Page {
    /// Its global id.
    async fn id(&self) -> PageId {
        self.0.id
    }

    /// Where it is found: `summer-sale`. Unique.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Its title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What stands on it, at most 50 pieces.
    async fn blocks(&self) -> Vec<ContentBlock> {
        self.0.blocks.iter().map(ContentBlock::from).collect()
    }

    /// Who can read it.
    async fn status(&self) -> PageStatus {
        self.0.status.into()
    }

    /// Counts the changes; give it back with a change so that no other change is overwritten.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was written first.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}
