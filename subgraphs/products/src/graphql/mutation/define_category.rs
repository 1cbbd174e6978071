//! `defineCategory`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::Result;

use super::super::category::{AttributeKind, Category};
use super::super::content_errors::{CategoryVersionConflictError, InvalidCategoryError};
use super::desk;
use crate::desk::CategoryWritten;
use crate::domain::AttributeRule;

/// The mutation.
#[derive(Default)]
pub struct DefineCategory;

/// The mutation.
#[Object]
impl DefineCategory {
    /// Says what products of a category have to say about themselves. Those that are there are asked when their attributes are next
    /// written. For administrators.
    async fn define_category(
        &self,
        context: &Context<'_>,
        input: DefineCategoryInput,
    ) -> Result<Option<DefineCategoryPayload>> {
        let DefineCategoryInput { name, expected_version, attributes, closed } = input;
        let attributes = attributes.into_iter().map(AttributeRule::from).collect();
        let refused = |errors| DefineCategoryPayload { category: None, errors };
        Ok(Some(match desk(context)?.define_category(name, expected_version, attributes, closed).await? {
            CategoryWritten::Category(category) => {
                DefineCategoryPayload { category: Some(Category(category)), errors: Vec::new() }
            }
            CategoryWritten::Invalid(invalid) => {
                refused(invalid.into_iter().map(|invalid| InvalidCategoryError::from(invalid).into()).collect())
            }
            CategoryWritten::VersionConflict(version) => {
                refused(vec![CategoryVersionConflictError::new(version).into()])
            }
        }))
    }
}

/// A category's schema.
#[derive(InputObject)]
pub struct DefineCategoryInput {
    /// As products name it, 1 to 80 characters.
    name: String,
    /// The version that the caller has read; 0 for a category that nobody has described.
    expected_version: i32,
    /// Its attributes, at most 50.
    attributes: Vec<AttributeRuleInput>,
    /// Whether its products may have no others.
    #[graphql(default)]
    closed: bool,
}

/// What a category says of one attribute.
#[derive(InputObject)]
pub struct AttributeRuleInput {
    /// Which, 1 to 80 characters.
    name: String,
    /// What its value looks like.
    kind: AttributeKind,
    /// Whether every product of the category has it.
    #[graphql(default)]
    required: bool,
    /// The only values that it can have, at most 100; empty: any of its kind.
    #[graphql(default)]
    allowed: Vec<String>,
}

impl From<AttributeRuleInput> for AttributeRule {
    fn from(input: AttributeRuleInput) -> Self {
        let AttributeRuleInput { name, kind, required, allowed } = input;
        Self { name, kind: kind.into(), required, allowed }
    }
}

/// What `defineCategory` did.
#[derive(SimpleObject)]
pub struct DefineCategoryPayload {
    /// The category as it is now; null when it was refused.
    category: Option<Category>,
    /// Why it was refused.
    errors: Vec<DefineCategoryError>,
}

/// Why a category was not written.
#[derive(Union)]
pub enum DefineCategoryError {
    /// A value breaks a rule.
    Invalid(InvalidCategoryError),
    /// Somebody described it in between.
    VersionConflict(CategoryVersionConflictError),
}
