//! Refusals of writing categories and pages, as typed errors of mutation payloads.

use async_graphql::{SimpleObject, Union};

use super::page::PageStatus;
use crate::domain::{self, InvalidField};

/// A value breaks a rule of pages.
#[derive(SimpleObject)]
pub struct InvalidPageError {
    /// What is wrong.
    message: String,
    /// The input field that is wrong.
    field: String,
}

impl From<InvalidField> for InvalidPageError {
    fn from(invalid: InvalidField) -> Self {
        Self { message: format!("{} {}", invalid.field, invalid.message), field: invalid.field.to_owned() }
    }
}

/// There is no page with the id.
#[derive(SimpleObject)]
pub struct PageNotFoundError {
    /// What is wrong.
    message: String,
}

/// Somebody changed the page since it was read.
#[derive(SimpleObject)]
pub struct PageVersionConflictError {
    /// What is wrong.
    message: String,
    /// The version that the page has now.
    current_version: i32,
}

/// Another page has the slug.
#[derive(SimpleObject)]
pub struct SlugTakenError {
    /// What is wrong.
    message: String,
    /// The slug that is taken.
    slug: String,
}

/// The page can't be published or withdrawn from where it is.
#[derive(SimpleObject)]
pub struct PageTransitionError {
    /// What is wrong.
    message: String,
    /// Who can read it now.
    status: PageStatus,
}

/// Why a page was not written.
#[derive(Union)]
pub enum PageError {
    /// A value breaks a rule.
    Invalid(InvalidPageError),
    /// There is no such page.
    NotFound(PageNotFoundError),
    /// Somebody changed it in between.
    VersionConflict(PageVersionConflictError),
    /// The slug is taken.
    SlugTaken(SlugTakenError),
    /// It is where it should go already, or never was where it should leave.
    Transition(PageTransitionError),
}

impl PageError {
    pub(super) fn missing() -> Self {
        Self::NotFound(PageNotFoundError { message: "There is no such page".to_owned() })
    }

    pub(super) fn conflict(current_version: i32) -> Self {
        let message = "The page has been changed since it was read; read it again".to_owned();
        Self::VersionConflict(PageVersionConflictError { message, current_version })
    }

    pub(super) fn slug_taken(slug: String) -> Self {
        Self::SlugTaken(SlugTakenError { message: format!("The slug {slug} is taken"), slug })
    }

    pub(super) fn transition(page: &domain::Page) -> Self {
        let message = format!("The page is {}", page.status.as_str());
        Self::Transition(PageTransitionError { message, status: page.status.into() })
    }
}

/// A value breaks a rule of categories.
#[derive(SimpleObject)]
pub struct InvalidCategoryError {
    /// What is wrong.
    message: String,
    /// The input field that is wrong.
    field: String,
}

impl From<InvalidField> for InvalidCategoryError {
    fn from(invalid: InvalidField) -> Self {
        Self { message: format!("{} {}", invalid.field, invalid.message), field: invalid.field.to_owned() }
    }
}

/// Somebody described the category since it was read.
#[derive(SimpleObject)]
pub struct CategoryVersionConflictError {
    /// What is wrong.
    message: String,
    /// The version that the category has now; 0 if nobody has described it.
    current_version: i32,
}

impl CategoryVersionConflictError {
    pub(super) fn new(current_version: i32) -> Self {
        let message = "The category has been described since it was read; read it again".to_owned();
        Self { message, current_version }
    }
}
