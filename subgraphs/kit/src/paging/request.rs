//! Paging arguments, checked.

use serde::{Serialize, de::DeserializeOwned};

use super::{Connection, Edge, PageInfo, cursor};
use crate::error::{Error, Result};

/// The length of a page of which the client says none: what a person reads.
pub const PAGE_LENGTH_DEFAULT: u32 = 20;
/// The longest page: what a program reads without holding a connection long.
pub const PAGE_LENGTH_MAX: u32 = 100;

/// How long a page may be, and of which order its cursors are.
#[derive(Debug, Clone, Copy)]
pub struct PageBound {
    /// The page's length when the client names none.
    pub default: u32,
    /// The longest page.
    pub max: u32,
    /// The list and its order, such as `users:created`; part of each cursor.
    pub ordering: &'static str,
}

impl PageBound {
    /// [`PAGE_LENGTH_DEFAULT`] rows, at most [`PAGE_LENGTH_MAX`].
    #[must_use]
    pub const fn new(ordering: &'static str) -> Self {
        Self { default: PAGE_LENGTH_DEFAULT, max: PAGE_LENGTH_MAX, ordering }
    }
}

/// From which end of the range between the cursors the page is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The first rows: select in the list's order.
    Forward,
    /// The last rows: select in the opposite order;
    /// [`PageRequest::connection`] turns them round.
    Backward,
}

/// One page of a list whose rows are ordered by the unique key `K`: the sort
/// columns' values and the id. Times in it are [`super::SortTime`], since any
/// client can write a cursor.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PageRequest<K> {
    /// The page's length.
    pub limit: u32,
    /// The end it is taken from.
    pub direction: Direction,
    /// Only rows behind this key.
    pub after: Option<K>,
    /// Only rows before this key.
    pub before: Option<K>,
    ordering: &'static str,
}

impl<K: Serialize + DeserializeOwned> PageRequest<K> {
    /// Checks a connection field's arguments.
    ///
    /// # Errors
    /// [`Error::InvalidPagination`] for both `first` and `last`, a negative or
    /// too large length, or a cursor that isn't of this list and order.
    pub fn parse(
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
        bound: PageBound,
    ) -> Result<Self> {
        let (direction, limit) = match (first, last) {
            (Some(_), Some(_)) => {
                let message = "Give first or last, not both".to_owned();
                return Err(Error::InvalidPagination(message));
            }
            (Some(first), None) => (Direction::Forward, length("first", first, bound)?),
            (None, Some(last)) => (Direction::Backward, length("last", last, bound)?),
            (None, None) => (Direction::Forward, bound.default),
        };
        let key = |cursor: Option<String>| cursor.map(|cursor| cursor::decode(bound.ordering, &cursor)).transpose();
        Ok(Self { limit, direction, after: key(after)?, before: key(before)?, ordering: bound.ordering })
    }

    /// How many rows to select: one more than the page, to know whether there
    /// are more.
    #[must_use]
    pub fn rows_max(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// The page that `rows` make, selected as this request asks: in its
    /// direction, at most [`PageRequest::rows_max`]. `key` gives a row's
    /// position.
    ///
    /// # Errors
    /// An internal error when a key can't be written.
    pub fn connection<T: async_graphql::OutputType>(
        &self,
        rows: Vec<T>,
        key: impl Fn(&T) -> K,
    ) -> Result<Connection<T>> {
        self.connection_of_some(rows.into_iter().map(|row| (key(&row), Some(row))).collect())
    }

    /// [`PageRequest::connection`] of rows of which some can't be shown, with the position of each: those are left out, and count
    /// all the same, so that paging goes on behind them.
    ///
    /// # Errors
    /// An internal error when a key can't be written.
    pub fn connection_of_some<T: async_graphql::OutputType>(
        &self,
        mut rows: Vec<(K, Option<T>)>,
    ) -> Result<Connection<T>> {
        let limit = self.limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let (has_previous_page, has_next_page) = match self.direction {
            Direction::Forward => (self.after.is_some(), more),
            Direction::Backward => (more, self.before.is_some()),
        };
        if self.direction == Direction::Backward {
            rows.reverse();
        }
        let cursor = |row: Option<&(K, Option<T>)>| row.map(|(key, _)| cursor::encode(self.ordering, key)).transpose();
        let (start_cursor, end_cursor) = (cursor(rows.first())?, cursor(rows.last())?);
        let shown = rows.into_iter().filter_map(|(key, node)| Some((key, node?)));
        let edges = shown
            .map(|(key, node)| Ok(Edge { cursor: cursor::encode(self.ordering, &key)?, node }))
            .collect::<Result<Vec<_>>>()?;
        let page_info = PageInfo { has_previous_page, has_next_page, start_cursor, end_cursor };
        Ok(Connection { edges, page_info })
    }
}

fn length(argument: &str, value: i32, bound: PageBound) -> Result<u32> {
    u32::try_from(value).ok().filter(|value| *value <= bound.max).ok_or_else(|| {
        let max = bound.max;
        Error::InvalidPagination(format!("{argument} must be between 0 and {max}"))
    })
}

#[cfg(test)]
mod tests;
