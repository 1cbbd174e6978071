//! Subgraphs that answer from the model, and fail when told to.

use std::sync::Mutex;

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use graphql::ast::{Selection, Value as Literal};
use graphql::{Parser, json};

use super::data::{Data, Model};
use super::evaluate::{Evaluation, FieldFaults};
use crate::fetch::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};

#[derive(Clone, Copy)]
pub enum Faults {
    None,
    /// Some calls fail, some entities do, by this seed.
    Some(u64),
}

pub struct Subgraphs<'a> {
    model: &'a Model<'a>,
    faults: Faults,
    calls: Mutex<Vec<String>>,
    complaints: Mutex<Vec<String>>,
}

impl<'a> Subgraphs<'a> {
    pub fn new(model: &'a Model<'a>, faults: Faults) -> Self {
        Self { model, faults, calls: Mutex::default(), complaints: Mutex::default() }
    }

    pub fn calls(&self) -> String {
        self.calls.lock().unwrap().join("\n")
    }

    pub fn complaints(&self) -> Vec<String> {
        self.complaints.lock().unwrap().clone()
    }

    fn answer(&self, request: &SubgraphRequest) -> String {
        let json::Value::Object(body) = json::parse(&request.body, &json::JsonLimits::default()).unwrap() else {
            panic!("an object")
        };
        let document = Parser::new().parse_ast(body["query"].as_str().unwrap(), "").unwrap();
        let mut field_faults = FieldFaults::default();
        let faults = match self.faults {
            Faults::None => None,
            Faults::Some(seed) => {
                field_faults.seed = seed;
                Some(&field_faults)
            }
        };
        let evaluation =
            Evaluation { model: self.model, document: &document, subgraph: Some(request.subgraph), faults };
        let (kind, selections) = evaluation.operation();
        let fault = match self.faults {
            Faults::None => 0,
            Faults::Some(seed) => self.model.hash(&[body["query"].as_str().unwrap(), "fault"], seed) % 6,
        };
        if fault == 1 {
            return r#"{"data":null,"errors":[{"message":"all failed"}]}"#.to_owned();
        }
        let is_entities =
            |selection: &Selection| matches!(selection, Selection::Field(field) if field.name == "_entities");
        if !selections.iter().all(is_entities) {
            let data = evaluation.object(evaluation.root(kind), &[selections]);
            return format!(r#"{{"data":{data},"errors":[{}]}}"#, field_faults.errors.take().join(","));
        }
        let (mut data, mut errors) = (Vec::new(), Vec::new());
        for selection in selections {
            let Selection::Field(field) = selection else { continue };
            let Literal::Variable(variable) = &*field.arguments[0].value else { panic!("a variable") };
            let json::Value::Array(sent) = &body["variables"].as_object().unwrap()[variable.as_str()] else {
                panic!("a list")
            };
            let key = field.alias.as_ref().unwrap_or(&field.name);
            evaluation.enter(&format!("\"{key}\""));
            let mut entity = |(index, representation): (usize, &json::Value)| {
                if fault == 2 && index % 2 == 0 {
                    errors.push(format!(r#"{{"message":"gone","path":["{key}",{index}]}}"#));
                    return "null".to_owned();
                }
                match self.find(&evaluation, representation) {
                    Some(object) => {
                        evaluation.enter(&index.to_string());
                        let text = evaluation.object(object, &[&field.selection_set]);
                        evaluation.leave();
                        text
                    }
                    None => {
                        let complaint = format!("nothing is represented by {representation:?}");
                        self.complaints.lock().unwrap().push(complaint);
                        "null".to_owned()
                    }
                }
            };
            let entities: Vec<String> = sent.iter().enumerate().map(&mut entity).collect();
            data.push(format!(r#""{key}":[{}]"#, entities.join(",")));
            evaluation.leave();
        }
        errors.extend(field_faults.errors.take());
        format!(r#"{{"data":{{{}}},"errors":[{}]}}"#, data.join(","), errors.join(","))
    }

    fn find(&self, evaluation: &Evaluation<'_>, representation: &json::Value) -> Option<u64> {
        let members = representation.as_object()?;
        let typename = members["__typename"].as_str()?;
        let fits =
            |object: &u64| evaluation.applies(*object, typename) && self.object_matches(evaluation, *object, members);
        self.model.all().find(fits)
    }

    fn object_matches(&self, evaluation: &Evaluation<'_>, object: u64, members: &json::Object) -> bool {
        let own = &self.model.supergraph.types[self.model.type_of(object).0 as usize].fields;
        let interface_fields =
            self.model.supergraph.types.iter().filter(|ty| ty.possible_types.contains(self.model.type_of(object)));
        let has = |name: &str| {
            own.contains_key(name) || interface_fields.clone().any(|interface| interface.fields.contains_key(name))
        };
        members.iter().all(|(name, sent)| match name.as_str() {
            "__typename" => sent.as_str().is_some_and(|name| evaluation.applies(object, name)),
            name => has(name) && self.matches(evaluation, &self.model.value(object, name, ""), sent),
        })
    }

    fn matches(&self, evaluation: &Evaluation<'_>, data: &Data, sent: &json::Value) -> bool {
        match (data, sent) {
            (Data::Null, json::Value::Null) => true,
            (Data::Leaf(text), json::Value::String(sent)) => {
                // Arguments of a required field are part of its value, and not known here.
                let sent = sent.split_once('(').map_or(sent.as_str(), |(sent, _)| sent);
                *text == format!("\"{sent}\"")
            }
            (Data::Leaf(text), sent) => {
                let mut written = Vec::new();
                json::write(sent, &mut written);
                text.as_bytes() == written
            }
            (Data::Object(object), json::Value::Object(members)) => self.object_matches(evaluation, *object, members),
            (Data::List(items), json::Value::Array(sent)) => {
                items.len() == sent.len()
                    && items.iter().zip(sent).all(|(item, sent)| self.matches(evaluation, item, sent))
            }
            _ => false,
        }
    }
}

impl Fetch for Subgraphs<'_> {
    fn fetch<'f>(
        &'f self,
        request: SubgraphRequest,
        _context: &'f RequestContext,
    ) -> BoxFuture<'f, Result<Responses, FetchError>> {
        let name = &self.model.supergraph.subgraphs[usize::from(request.subgraph.0)].name;
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let fails = match self.faults {
            Faults::None => false,
            Faults::Some(seed) => self.model.hash(&[&body, name], seed).is_multiple_of(8),
        };
        if fails {
            self.calls.lock().unwrap().push(format!("{name} <- {body} -> unreachable"));
            return async { Err(FetchError::Unreachable("told to fail".to_owned())) }.boxed();
        }
        let answer = self.answer(&request);
        self.calls.lock().unwrap().push(format!("{name} <- {body} -> {answer}"));
        async { Ok(futures::stream::iter([Ok(Bytes::from(answer.into_bytes()))]).boxed() as Responses) }.boxed()
    }
}
