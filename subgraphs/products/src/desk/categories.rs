//! Writing categories.

use super::{Desk, now};
use crate::domain::{AttributeRule, CATEGORIES_MAX, Category, InvalidField};
use crate::store::{Saved, StoreError};

/// What became of a write of a category.
#[derive(Clone, Debug, PartialEq)]
pub enum CategoryWritten {
    /// Written; as it is now.
    Category(Category),
    /// It breaks rules.
    Invalid(Vec<InvalidField>),
    /// There is no such category, or one already: its version, 0 for none.
    VersionConflict(i32),
}

impl Desk {
    /// Describes a category, for the first time (version 0 was read) or anew.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn define_category(
        &self,
        name: String,
        expected: i32,
        attributes: Vec<AttributeRule>,
        is_closed: bool,
    ) -> Result<CategoryWritten, StoreError> {
        let version = expected.max(0).saturating_add(1);
        let category = Category { name, attributes, is_closed, version, updated_at: now() };
        let mut invalid = category.check();
        if expected <= 0 && invalid.is_empty() && self.store.category_list().await?.len() >= CATEGORIES_MAX {
            let message = format!("must be one of at most {CATEGORIES_MAX} categories");
            invalid.push(InvalidField { field: "name", message });
        }
        if !invalid.is_empty() {
            return Ok(CategoryWritten::Invalid(invalid));
        }
        let saved = self.store.category_save(&category).await?;
        if let (Saved::Done, Some(heard)) = (saved, &self.heard) {
            heard.anything().await;
        }
        Ok(match saved {
            Saved::Done => CategoryWritten::Category(category),
            Saved::VersionConflict(version) => CategoryWritten::VersionConflict(version),
            Saved::Missing | Saved::Taken => CategoryWritten::VersionConflict(0),
        })
    }
}
