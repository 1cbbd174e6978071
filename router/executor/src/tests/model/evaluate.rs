//! Answers a document from the model: as the monolith, or as a subgraph.

use std::cell::RefCell;

use federation::SubgraphId;
use graphql::ast::{Definition, DirectiveList, Document, Field, OperationType, Selection, Value};
use graphql::{Node, Parser};
use indexmap::IndexMap;

use super::data::{Data, Model};

/// The value of `data` for a client's operation.
pub fn monolith(model: &Model<'_>, query: &str) -> String {
    let document = Parser::new().parse_ast(query, "").unwrap();
    let evaluation = Evaluation { model, document: &document, subgraph: None, faults: None };
    let (kind, selections) = evaluation.operation();
    let root = evaluation.root(kind);
    evaluation.object(root, &[selections])
}

pub struct Evaluation<'a> {
    pub model: &'a Model<'a>,
    pub document: &'a Document,
    pub subgraph: Option<SubgraphId>,
    pub faults: Option<&'a FieldFaults>,
}

/// Fields that fail in an answer: missing without a word, or null with an error.
#[derive(Default)]
pub struct FieldFaults {
    pub seed: u64,
    pub path: RefCell<Vec<String>>,
    pub errors: RefCell<Vec<String>>,
}

impl<'a> Evaluation<'a> {
    pub fn operation(&self) -> (OperationType, &'a [Selection]) {
        let operation = self.document.definitions.iter().find_map(|definition| match definition {
            Definition::OperationDefinition(operation) => Some(operation),
            _ => None,
        });
        let operation = operation.unwrap();
        (operation.operation_type, &operation.selection_set)
    }

    pub fn root(&self, kind: OperationType) -> u64 {
        let supergraph = self.model.supergraph;
        self.model.root(if kind == OperationType::Mutation { supergraph.mutation.unwrap() } else { supergraph.query })
    }

    /// The name that is told of an object's type: an interface's where the subgraph knows that as an object.
    pub fn typename(&self, object: u64) -> &'a str {
        let ty = self.model.type_of(object);
        let Some(subgraph) = self.subgraph else { return self.model.name(ty) };
        let types = &self.model.supergraph.types;
        if types[ty.0 as usize].joins.iter().any(|join| join.subgraph == subgraph) {
            return self.model.name(ty);
        }
        let stands_for = types.iter().find(|other| {
            other.possible_types.contains(ty)
                && other.joins.iter().any(|join| join.subgraph == subgraph && join.is_interface_object)
        });
        stands_for.map_or(self.model.name(ty), |interface| interface.name.as_str())
    }

    pub fn object(&self, object: u64, selections: &[&'a [Selection]]) -> String {
        let mut fields: IndexMap<&str, Vec<&Node<Field>>> = IndexMap::new();
        for selections in selections {
            self.collect(object, selections, &mut fields);
        }
        let mut members = Vec::new();
        for (key, fields) in &fields {
            let name = fields[0].name.as_str();
            let fault =
                self.faults.map_or(0, |faults| self.model.hash(&[name, key, "field"], faults.seed + object) % 24);
            if fault == 1 && name != "__typename" {
                continue;
            }
            self.enter(&format!("\"{key}\""));
            let value = if fault == 2 && name != "__typename" {
                self.fail()
            } else if name == "__typename" {
                format!("\"{}\"", self.typename(object))
            } else {
                let below: Vec<&[Selection]> = fields.iter().map(|field| field.selection_set.as_slice()).collect();
                self.data(&self.model.value(object, name, &arguments(fields[0])), &below)
            };
            self.leave();
            members.push(format!("\"{key}\":{value}"));
        }
        format!("{{{}}}", members.join(","))
    }

    fn data(&self, data: &Data, below: &[&'a [Selection]]) -> String {
        match data {
            Data::Null => "null".to_owned(),
            Data::Leaf(text) => text.clone(),
            Data::Object(object) => self.object(*object, below),
            Data::List(items) => {
                let item = |(index, item): (usize, &Data)| {
                    self.enter(&index.to_string());
                    let text = self.data(item, below);
                    self.leave();
                    text
                };
                let items: Vec<String> = items.iter().enumerate().map(item).collect();
                format!("[{}]", items.join(","))
            }
        }
    }

    fn collect(&self, object: u64, selections: &'a [Selection], fields: &mut IndexMap<&'a str, Vec<&'a Node<Field>>>) {
        for selection in selections {
            let (directives, condition, below) = match selection {
                Selection::Field(field) if self.included(&field.directives) => {
                    let key = field.alias.as_ref().unwrap_or(&field.name);
                    fields.entry(key.as_str()).or_default().push(field);
                    continue;
                }
                Selection::Field(_) => continue,
                Selection::InlineFragment(inline) => {
                    (&inline.directives, inline.type_condition.as_ref(), inline.selection_set.as_slice())
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.document.definitions.iter().find_map(|definition| match definition {
                        Definition::FragmentDefinition(one) if one.name == spread.fragment_name => Some(one),
                        _ => None,
                    });
                    let fragment = fragment.unwrap();
                    (&spread.directives, Some(&fragment.type_condition), fragment.selection_set.as_slice())
                }
            };
            if self.included(directives) && condition.is_none_or(|name| self.applies(object, name)) {
                self.collect(object, below, fields);
            }
        }
    }

    pub fn enter(&self, step: &str) {
        if let Some(faults) = self.faults {
            faults.path.borrow_mut().push(step.to_owned());
        }
    }

    pub fn leave(&self) {
        if let Some(faults) = self.faults {
            faults.path.borrow_mut().pop();
        }
    }

    fn fail(&self) -> String {
        if let Some(faults) = self.faults {
            let error = format!(r#"{{"message":"failed","path":[{}]}}"#, faults.path.borrow().join(","));
            faults.errors.borrow_mut().push(error);
        }
        "null".to_owned()
    }

    /// Conditions by literals, or by variables that have a default.
    fn included(&self, directives: &DirectiveList) -> bool {
        directives.iter().all(|directive| {
            let value = match directive.arguments.first().map(|argument| &*argument.value) {
                Some(Value::Variable(name)) => self.default(name),
                Some(literal) => literal.to_bool(),
                None => None,
            };
            match (directive.name.as_str(), value) {
                ("skip", Some(skip)) => !skip,
                ("include", Some(include)) => include,
                _ => true,
            }
        })
    }

    fn default(&self, name: &str) -> Option<bool> {
        let operations = self.document.definitions.iter().filter_map(|definition| match definition {
            Definition::OperationDefinition(operation) => Some(operation),
            _ => None,
        });
        let variable = operations.flat_map(|operation| &operation.variables).find(|variable| variable.name == name);
        variable?.default_value.as_ref()?.to_bool()
    }

    pub fn applies(&self, object: u64, condition: &str) -> bool {
        let supergraph = self.model.supergraph;
        let ty = self.model.type_of(object);
        let condition = supergraph.type_by_name.get(condition).unwrap_or_else(|| panic!("no type {condition}"));
        *condition == ty || supergraph.types[condition.0 as usize].possible_types.contains(ty)
    }
}

/// A field's arguments as text that may stand in a JSON string.
fn arguments(field: &Field) -> String {
    if field.arguments.is_empty() {
        return String::new();
    }
    let mut arguments: Vec<String> =
        field.arguments.iter().map(|argument| format!("{}:{}", argument.name, argument.value)).collect();
    arguments.sort();
    format!("({})", arguments.join(",").replace(['"', '\\', '\n'], "'"))
}
