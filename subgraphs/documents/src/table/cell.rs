//! What stands in a table.

use chrono::{DateTime, Utc};

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name: lower-case letters, digits and underscores.
    pub name: &'static str,
    /// What stands in it.
    pub kind: Kind,
}

/// What stands in a column. Any cell can be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// 64 bits with a sign.
    Integer,
    /// A time in UTC, to the microsecond.
    Time,
}

/// A cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Text.
    Text(&'a str),
    /// A number.
    Integer(i64),
    /// A time.
    Time(DateTime<Utc>),
    /// Nothing, in a column of any kind.
    Empty,
}

impl Column {
    /// A column of texts.
    #[must_use]
    pub const fn text(name: &'static str) -> Self {
        Self { name, kind: Kind::Text }
    }

    /// A column of numbers.
    #[must_use]
    pub const fn integer(name: &'static str) -> Self {
        Self { name, kind: Kind::Integer }
    }

    /// A column of times.
    #[must_use]
    pub const fn time(name: &'static str) -> Self {
        Self { name, kind: Kind::Time }
    }
}

impl Cell<'_> {
    pub(super) fn is(&self, kind: Kind) -> bool {
        match self {
            Self::Text(_) => kind == Kind::Text,
            Self::Integer(_) => kind == Kind::Integer,
            Self::Time(_) => kind == Kind::Time,
            Self::Empty => true,
        }
    }
}

impl<'a> From<Option<&'a str>> for Cell<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Empty, Self::Text)
    }
}
