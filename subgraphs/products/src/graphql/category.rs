//! `type Category`: what products of a category say about themselves.

use async_graphql::{Enum, Object};
use chrono::{DateTime, Utc};

use crate::domain;

/// What products of a category say about themselves.
pub struct Category(pub domain::Category);

/// What an attribute's value looks like.
#[derive(Clone, Copy, Enum, Eq, PartialEq)]
#[graphql(remote = "domain::AttributeKind")]
pub enum AttributeKind {
    /// Anything.
    Text,
    /// A whole number of 64 bits: `-3`.
    Integer,
    /// A number with at most nine digits behind the point: `1.75`.
    Decimal,
    /// `true` or `false`.
    Boolean,
}

/// What products of a category say about themselves.
#[Object]
impl Category {
    /// As products name it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Which attributes there are, at most 50, in the order in which they are shown.
    async fn attributes(&self) -> Vec<AttributeRule> {
        self.0.attributes.iter().cloned().map(AttributeRule).collect()
    }

    /// Whether its products have no others.
    async fn closed(&self) -> bool {
        self.0.is_closed
    }

    /// Counts the changes; give it back with a change so that no other change is overwritten.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// What a category says of one attribute.
pub struct AttributeRule(domain::AttributeRule);

/// What a category says of one attribute.
#[Object]
impl AttributeRule {
    /// Which.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What its value looks like.
    async fn kind(&self) -> AttributeKind {
        self.0.kind.into()
    }

    /// Whether every product of the category has it.
    async fn required(&self) -> bool {
        self.0.required
    }

    /// The only values that it can have, at most 100; empty: any of its kind.
    async fn allowed(&self) -> &[String] {
        &self.0.allowed
    }
}
