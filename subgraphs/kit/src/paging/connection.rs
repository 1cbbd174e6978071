//! The connection types of the Relay specification.

use std::borrow::Cow;

use async_graphql::{OutputType, SimpleObject, TypeName};

/// A page of a list.
#[derive(SimpleObject, Debug)]
#[graphql(name_type)]
pub struct Connection<T: OutputType> {
    /// The page's rows, in the list's order.
    pub edges: Vec<Edge<T>>,
    /// Where the page lies in the list.
    pub page_info: PageInfo,
}

/// A row of a page.
#[derive(SimpleObject, Debug)]
#[graphql(name_type)]
pub struct Edge<T: OutputType> {
    /// The row's position, for `after` and `before`.
    pub cursor: String,
    /// The row.
    pub node: T,
}

/// Where a page lies in its list.
#[derive(SimpleObject, Debug, Clone, PartialEq, Eq)]
#[graphql(shareable)]
pub struct PageInfo {
    /// Whether there are rows before the page.
    pub has_previous_page: bool,
    /// Whether there are rows behind the page.
    pub has_next_page: bool,
    /// The first row's cursor.
    pub start_cursor: Option<String>,
    /// The last row's cursor.
    pub end_cursor: Option<String>,
}

impl<T: OutputType> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

impl<T: OutputType> TypeName for Edge<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::type_name()).into()
    }
}
