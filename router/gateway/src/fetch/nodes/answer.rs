//! The nodes subgraph's answer: for each object that there is its type and id, under the names that were asked for.

use std::collections::HashMap;

use graphql::executable::{FragmentMap, Selection, SelectionSet};
use graphql::json::{self, Object, Value};
use wire::codes;

use super::owner::Known;
use super::question::{Asked, IDS_MAX, Question};

/// Writes the answer.
pub(super) fn write(question: &Question, known: &HashMap<&str, Known>) -> Vec<u8> {
    let mut writing = Writing { known, fragments: &question.fragments, errors: Vec::new() };
    let mut data = Object::new();
    for (key, asked) in &question.fields {
        let value = match asked {
            Asked::RootType => text("Query"),
            Asked::One { id, selections } => writing.node(id, selections, || vec![text(key)]),
            Asked::Many { ids, selections } => {
                let place = |index: usize| vec![text(key), Value::Number(index.to_string().into())];
                let items = ids.iter().enumerate().map(|(index, id)| writing.node(id, selections, || place(index)));
                Value::Array(items.collect())
            }
            Asked::TooMany => {
                let message = format!("At most {IDS_MAX} objects can be asked for at once");
                writing.errors.push(error(&message, codes::BAD_USER_INPUT, vec![text(key)]));
                Value::Null
            }
        };
        data.insert(key.clone(), value);
    }
    let mut answer = Object::from([("data".to_owned(), Value::Object(data))]);
    if !writing.errors.is_empty() {
        answer.insert("errors".to_owned(), Value::Array(writing.errors));
    }
    let mut bytes = Vec::new();
    json::write(&Value::Object(answer), &mut bytes);
    bytes
}

struct Writing<'a> {
    known: &'a HashMap<&'a str, Known>,
    fragments: &'a FragmentMap,
    errors: Vec<Value>,
}

impl Writing<'_> {
    fn node(&mut self, id: &str, selections: &[SelectionSet], path: impl FnOnce() -> Vec<Value>) -> Value {
        match self.known.get(id) {
            Some(Known::There(ty)) => {
                let mut object = Object::new();
                selections.iter().for_each(|set| self.select(set, (ty, id), &mut object));
                Value::Object(object)
            }
            Some(Known::Unknown(code)) => {
                self.errors.push(error("Whether there is such an object can't be told now", code, path()));
                Value::Null
            }
            Some(Known::Nothing) | None => Value::Null,
        }
    }

    /// Writes what is selected of an object. Selections nest no deeper than their parser allows.
    fn select(&self, set: &SelectionSet, (ty, id): (&str, &str), object: &mut Object) {
        let applies = |condition: Option<&str>| condition.is_none_or(|name| name == ty || name == "Node");
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let value = if field.name == "__typename" { text(ty) } else { text(id) };
                    object.insert(field.response_key().to_string(), value);
                }
                Selection::InlineFragment(fragment) => {
                    if applies(fragment.type_condition.as_ref().map(|name| name.as_str())) {
                        self.select(&fragment.selection_set, (ty, id), object);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.fragments.get(&spread.fragment_name);
                    if let Some(fragment) =
                        fragment.filter(|fragment| applies(Some(fragment.type_condition().as_str())))
                    {
                        self.select(&fragment.selection_set, (ty, id), object);
                    }
                }
            }
        }
    }
}

fn error(message: &str, code: &str, path: Vec<Value>) -> Value {
    let extensions = Object::from([("code".to_owned(), text(code))]);
    Value::Object(Object::from([
        ("message".to_owned(), text(message)),
        ("path".to_owned(), Value::Array(path)),
        ("extensions".to_owned(), Value::Object(extensions)),
    ]))
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}
