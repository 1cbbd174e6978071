//! How many fields an operation can make its resolvers answer.
//!
//! A page of pages of pages is a short document and a million objects. So each
//! page counts with its length, each plain list with what lists hold in the
//! mean, and `_entities` with its representations; what is left to multiply is
//! bounded before a resolver runs.

use std::collections::HashMap;

use async_graphql::{
    Variables,
    parser::types::{ExecutableDocument, Field},
};
use async_graphql_value::{ConstValue, Value};

use super::{
    limits::LIST_LENGTH_ASSUMED,
    shape::{Count, Shape},
};
use crate::paging::{PAGE_LENGTH_DEFAULT, PAGE_LENGTH_MAX};

/// The field by which the router asks for entities.
const ENTITIES: &str = "_entities";

/// Where a selection set stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place<'a> {
    /// The type that it selects from, if known.
    pub parent: Option<&'a str>,
    /// The length of the page whose connection this is.
    pub page: Option<usize>,
}

/// What is below a field: where, and how many times.
pub(super) struct Below<'a> {
    pub place: Place<'a>,
    pub times: usize,
    /// Of these, representations.
    pub representations: usize,
}

/// The multiplicities of one request.
pub(super) struct Work<'a> {
    shape: &'a Shape,
    variables: &'a Variables,
    /// What variables are when they aren't given: the most of all operations.
    defaults: HashMap<&'a str, usize>,
}

impl<'a> Work<'a> {
    pub(super) fn new(document: &'a ExecutableDocument, shape: &'a Shape, variables: &'a Variables) -> Self {
        let mut defaults: HashMap<&str, usize> = HashMap::new();
        for (_, operation) in document.operations.iter() {
            for definition in &operation.node.variable_definitions {
                let default = definition.node.default_value.as_ref().map(|value| &value.node);
                if let Some(number) = default.and_then(length) {
                    let most = defaults.entry(definition.node.name.node.as_str()).or_default();
                    *most = number.max(*most);
                }
            }
        }
        Self { shape, variables, defaults }
    }

    pub(super) fn shape(&self) -> &'a Shape {
        self.shape
    }

    pub(super) fn below(&self, field: &Field, place: Place<'_>) -> Below<'a> {
        let name = field.name.node.as_str();
        if name == ENTITIES && place.parent == Some(self.shape.query.as_str()) {
            let representations = self.representations(field);
            return Below { place: Place::default(), times: representations, representations };
        }
        let Some(known) = self.shape.field(place.parent, name) else {
            return Below { place: Place::default(), times: 1, representations: 0 };
        };
        let parent = Some(known.of.as_str());
        let (times, page) = match known.count {
            Count::One => (1, None),
            Count::List => (place.page.unwrap_or(LIST_LENGTH_ASSUMED), None),
            Count::Page => (1, Some(self.page_length(field))),
        };
        Below { place: Place { parent, page }, times, representations: 0 }
    }

    /// The longer of `first` and `last`; a page that is refused has no rows.
    fn page_length(&self, field: &Field) -> usize {
        let given = ["first", "last"].into_iter().filter_map(|argument| match &field.get_argument(argument)?.node {
            Value::Variable(name) => {
                let given = self.variables.get(name);
                given.map_or_else(|| self.defaults.get(name.as_str()).copied(), length)
            }
            Value::Number(number) => Some(capped(number.as_i64())),
            _ => None,
        });
        given.max().unwrap_or(PAGE_LENGTH_DEFAULT as usize)
    }

    fn representations(&self, field: &Field) -> usize {
        match field.get_argument("representations").map(|argument| &argument.node) {
            Some(Value::List(list)) => list.len(),
            Some(Value::Variable(name)) => match self.variables.get(name) {
                Some(ConstValue::List(list)) => list.len(),
                _ => 1,
            },
            _ => 1,
        }
    }
}

fn length(value: &ConstValue) -> Option<usize> {
    match value {
        ConstValue::Number(number) => Some(capped(number.as_i64())),
        _ => None,
    }
}

/// A longer page is refused, and a negative one.
fn capped(number: Option<i64>) -> usize {
    let most = PAGE_LENGTH_MAX as usize;
    number.map_or(most, |number| usize::try_from(number).map_or(0, |number| number.min(most)))
}
