//! Pages of content: written by administrators, read by everybody once they are published.

use chrono::{DateTime, Utc};
use kit::GlobalId;
use wire::events::products::{PagePublished, PageWithdrawn, ProductEvent};

use super::content::{Block, check_blocks};
use super::decide::Decided;
use super::rules::{InvalidField, check_text};
use crate::PageId;

/// Longest title of a page in characters.
pub const TITLE_LENGTH_MAX: usize = 200;
/// Longest slug: a part of an address.
pub const SLUG_LENGTH_MAX: usize = 80;

/// A page.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Its id; never changes.
    pub id: PageId,
    /// Where it is found: `summer-sale`. Unique.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What stands on it.
    pub blocks: Vec<Block>,
    /// Who can read it.
    pub status: PageStatus,
    /// Counts the writes, from 1; for optimistic locking.
    pub version: i32,
    /// When it was written first.
    pub created_at: DateTime<Utc>,
    /// When it was last written.
    pub updated_at: DateTime<Utc>,
}

/// Who can read a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PageStatus {
    /// Administrators: it was never published.
    Draft,
    /// Everybody.
    Published,
    /// Administrators: it was taken back.
    Withdrawn,
}

impl PageStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Published, Self::Withdrawn];

    /// Its name in stores.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// By its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}

/// What a page is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageDraft {
    /// See [`Page::slug`].
    pub slug: String,
    /// See [`Page::title`].
    pub title: String,
    /// See [`Page::blocks`].
    pub blocks: Vec<Block>,
}

impl PageDraft {
    /// Everything about this draft that breaks a rule; empty when it may be stored.
    #[must_use]
    pub fn check(&self) -> Vec<InvalidField> {
        let mut found = Vec::new();
        if !is_slug(&self.slug) {
            let message =
                format!("must be 1 to {SLUG_LENGTH_MAX} lower-case letters and digits, with single hyphens between");
            found.push(InvalidField::new("slug", message));
        }
        check_text("title", &self.title, 1..=TITLE_LENGTH_MAX, &mut found);
        check_blocks(&self.blocks, &mut found);
        found
    }
}

/// Whether a page can have this slug; nothing else need be looked up.
#[must_use]
pub fn is_slug(slug: &str) -> bool {
    (1..=SLUG_LENGTH_MAX).contains(&slug.len())
        && slug
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

impl Page {
    /// Whether somebody may read it now.
    #[must_use]
    pub fn may_be_read_by(&self, is_administrator: bool) -> bool {
        is_administrator || self.status == PageStatus::Published
    }

    /// A new page of a draft that keeps the rules; nobody can read it yet.
    #[must_use]
    pub fn add(id: PageId, draft: PageDraft, now: DateTime<Utc>) -> Decided<Self> {
        let PageDraft { slug, title, blocks } = draft;
        let status = PageStatus::Draft;
        let state = Self { id, slug, title, blocks, status, version: 1, created_at: now, updated_at: now };
        Decided { state, events: Vec::new() }
    }

    /// With other words, which keep the rules. One that can be read can be read in its new form at once.
    #[must_use]
    pub fn change(&self, draft: PageDraft, now: DateTime<Utc>) -> Decided<Self> {
        let PageDraft { slug, title, blocks } = draft;
        let is_same = (&slug, &title, &blocks) == (&self.slug, &self.title, &self.blocks);
        let state = Self { slug, title, blocks, ..self.written(now) };
        let is_news = state.status == PageStatus::Published && !is_same;
        Decided { events: if is_news { vec![state.published()] } else { Vec::new() }, state }
    }

    /// Everybody can read it; `None` if everybody can already.
    #[must_use]
    pub fn publish(&self, now: DateTime<Utc>) -> Option<Decided<Self>> {
        let state = Self { status: PageStatus::Published, ..self.written(now) };
        (self.status != PageStatus::Published).then(|| Decided { events: vec![state.published()], state })
    }

    /// Nobody can read it any more; `None` if nobody can.
    #[must_use]
    pub fn withdraw(&self, now: DateTime<Utc>) -> Option<Decided<Self>> {
        let state = Self { status: PageStatus::Withdrawn, ..self.written(now) };
        let withdrawn = PageWithdrawn { page_id: self.id.uuid().into(), slug: self.slug.clone() };
        (self.status == PageStatus::Published)
            .then(|| Decided { events: vec![ProductEvent::PageWithdrawn(withdrawn)], state })
    }

    fn published(&self) -> ProductEvent {
        ProductEvent::PagePublished(PagePublished { page_id: self.id.uuid().into(), slug: self.slug.clone() })
    }

    fn written(&self, now: DateTime<Utc>) -> Self {
        Self { version: self.version.saturating_add(1), updated_at: now, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::is_slug;

    #[test]
    fn slugs_are_parts_of_addresses() {
        assert!(is_slug("summer-sale-2026") && is_slug("a"));
        for slug in ["", "-a", "a-", "a--b", "A", "a/b", "a b", "ä", &"a".repeat(81)] {
            assert!(!is_slug(slug), "{slug}");
        }
    }
}
