//! A supergraph from plain SDL, plans from plain selections, subgraphs that answer what they are told to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use federation::supergraph::{Field, FieldType, ScalarKind, SubgraphInfo, Supergraph, Type, TypeKind};
use federation::{FieldId, SubgraphId, TypeId, TypeSet};
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use graphql::ast::Selection as AstSelection;
use graphql::schema::ExtendedType;
use graphql::{Name, Schema, ast, json, parse_field_set};
use indexmap::IndexMap;
use planner::QueryPlan;
use planner::plan::{
    Entities, Fetch as PlanFetch, FetchId, FetchKind, KeyId, OperationKind, OutputField, PathSegment, Representation,
    RepresentationMember, Selection, Shape, ShapeField, Source, Target, Variant,
};

use crate::fetch::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};
use crate::policy::Policy;
use crate::{DataState, Response, execute};

pub const SUBGRAPHS: [&str; 3] = ["a", "b", "c"];

pub fn supergraph(sdl: &str) -> Supergraph {
    let schema = Schema::parse_and_validate(sdl, "").unwrap_or_else(|error| panic!("{error}"));
    let type_by_name: IndexMap<Name, TypeId> =
        (0u32..).zip(schema.types.keys()).map(|(id, name)| (name.clone(), TypeId(id))).collect();
    let possible = |name: &Name| -> TypeSet {
        let names: Vec<&Name> = match &schema.types[name] {
            ExtendedType::Object(_) => vec![name],
            ExtendedType::Union(union) => union.members.iter().map(|member| &member.name).collect(),
            _ => schema.types.keys().filter(|other| schema.is_subtype(name, other)).collect(),
        };
        names.into_iter().filter(|name| schema.types[*name].is_object()).map(|name| type_by_name[name]).collect()
    };
    let mut fields = Vec::new();
    let mut types = Vec::new();
    for (name, ty) in &schema.types {
        let definitions = match ty {
            ExtendedType::Object(object) => object.fields.values().collect(),
            ExtendedType::Interface(interface) => interface.fields.values().collect(),
            _ => Vec::new(),
        };
        let mut own = IndexMap::new();
        for definition in definitions {
            own.insert(definition.name.clone(), FieldId(fields.len() as u32));
            fields.push(Field {
                name: definition.name.clone(),
                parent: type_by_name[name],
                ty: field_type(&definition.ty, &type_by_name),
                inaccessible: false,
                joins: Vec::new(),
            });
        }
        types.push(Type {
            name: name.clone(),
            kind: match ty {
                ExtendedType::Object(_) => TypeKind::Object,
                ExtendedType::Interface(_) => TypeKind::Interface,
                ExtendedType::Union(_) => TypeKind::Union,
                ExtendedType::Enum(_) => TypeKind::Enum,
                ExtendedType::InputObject(_) => TypeKind::InputObject,
                ExtendedType::Scalar(_) => TypeKind::Scalar(match name.as_str() {
                    "Int" => ScalarKind::Int,
                    "Float" => ScalarKind::Float,
                    "String" => ScalarKind::String,
                    "Boolean" => ScalarKind::Boolean,
                    "ID" => ScalarKind::Id,
                    _ => ScalarKind::Custom,
                }),
            },
            fields: own,
            possible_types: possible(name),
            enum_values: match ty {
                ExtendedType::Enum(values) => values.values.keys().cloned().collect(),
                _ => Vec::new(),
            },
            inaccessible: false,
            joins: Vec::new(),
        });
    }
    let info = |name: &&str| SubgraphInfo {
        name: (*name).to_owned(),
        graph: Name::new(&name.to_uppercase()).unwrap(),
        url: String::new(),
    };
    Supergraph {
        subgraphs: SUBGRAPHS.iter().map(info).collect(),
        query: type_by_name["Query"],
        mutation: type_by_name.get("Mutation").copied(),
        subscription: None,
        types,
        fields,
        type_by_name,
        hash: 0,
        graph: federation::query_graph::QueryGraph::default(),
        api_schema: Arc::new(schema),
    }
}

fn field_type(ty: &ast::Type, ids: &IndexMap<Name, TypeId>) -> FieldType {
    match ty {
        ast::Type::Named(name) => FieldType::Named { id: ids[name], non_null: false },
        ast::Type::NonNullNamed(name) => FieldType::Named { id: ids[name], non_null: true },
        ast::Type::List(item) => FieldType::List { item: Box::new(field_type(item, ids)), non_null: false },
        ast::Type::NonNullList(item) => FieldType::List { item: Box::new(field_type(item, ids)), non_null: true },
    }
}

/// One fetch of a hand-made plan.
pub struct Step {
    pub subgraph: &'static str,
    pub take: &'static str,
    pub at: Option<At>,
    pub after: Vec<u32>,
}

/// Entities at a dotted path; `|T` after a key is a type condition.
pub struct At {
    pub path: &'static str,
    pub ty: &'static str,
    pub members: Vec<(&'static str, bool)>,
}

pub fn root(subgraph: &'static str, take: &'static str) -> Step {
    Step { subgraph, take, at: None, after: Vec::new() }
}

pub fn entities(
    subgraph: &'static str,
    path: &'static str,
    (ty, key): (&'static str, &'static str),
    take: &'static str,
) -> Step {
    let members = key.split(' ').map(|name| (name.trim_end_matches('?'), !name.ends_with('?'))).collect();
    Step { subgraph, take, at: Some(At { path, ty, members }), after: vec![0] }
}

impl Step {
    pub fn after(mut self, after: &[u32]) -> Self {
        self.after = after.to_vec();
        self
    }
}

struct Builder<'s> {
    supergraph: &'s Supergraph,
    keys: Vec<String>,
}

impl Builder<'_> {
    fn key(&mut self, name: &str) -> KeyId {
        let index = self.keys.iter().position(|key| key == name).unwrap_or_else(|| {
            self.keys.push(name.to_owned());
            self.keys.len() - 1
        });
        KeyId(index as u32)
    }

    fn selection(&mut self, selections: &[AstSelection], into: &mut Selection) {
        for selection in selections {
            match selection {
                AstSelection::Field(field) => {
                    let key = field.alias.as_ref().unwrap_or(&field.name);
                    let target = if field.name == "__typename" && key.starts_with("__") {
                        Target::Typename
                    } else {
                        Target::Key(self.key(key))
                    };
                    let mut below = Selection::default();
                    self.selection(&field.selection_set, &mut below);
                    if !into.fields.iter().any(|present| present.response_key == key.as_str()) {
                        into.fields.push(OutputField {
                            response_key: key.to_string(),
                            target,
                            field: None,
                            selection: (!below.fields.is_empty()).then_some(below),
                        });
                    }
                }
                AstSelection::InlineFragment(fragment) => self.selection(&fragment.selection_set, into),
                AstSelection::FragmentSpread(_) => panic!("no named fragments here"),
            }
        }
    }

    fn shape(&mut self, selections: &[AstSelection], ty: TypeId) -> Shape {
        let possible: Vec<TypeId> = self.supergraph.types[ty.0 as usize].possible_types.iter().collect();
        let mut variants: Vec<Variant> = Vec::new();
        let has_fragments = selections.iter().any(|selection| matches!(selection, AstSelection::InlineFragment(_)));
        if !has_fragments {
            let fields = self.shape_fields(selections, ty, None);
            return Shape { variants: vec![Variant { types: possible.into_iter().collect(), fields }] };
        }
        for concrete in possible {
            let fields = self.shape_fields(selections, ty, Some(concrete));
            variants.push(Variant { types: TypeSet::one(concrete), fields });
        }
        Shape { variants }
    }

    fn shape_fields(&mut self, selections: &[AstSelection], ty: TypeId, concrete: Option<TypeId>) -> Vec<ShapeField> {
        let mut fields = Vec::new();
        for selection in selections {
            match selection {
                AstSelection::Field(field) => {
                    let key = field.alias.as_ref().unwrap_or(&field.name).to_string();
                    let string = FieldType::Named { id: self.supergraph.type_by_name["String"], non_null: true };
                    let id = self.supergraph.types[ty.0 as usize].fields.get(&field.name).copied();
                    let field_ty = id.map_or(string, |id| self.supergraph.fields[id.0 as usize].ty.clone());
                    let source = match field.name.as_str() {
                        "__typename" => Source::Typename,
                        "__schema" | "__type" => Source::Introspection,
                        _ => Source::Data(self.key(&key)),
                    };
                    let selection =
                        (!field.selection_set.is_empty()).then(|| self.shape(&field.selection_set, field_ty.named()));
                    let locations = vec![(1, 1)];
                    fields.push(ShapeField {
                        response_key: key,
                        source,
                        field: id,
                        ty: field_ty,
                        selection,
                        locations,
                    });
                }
                AstSelection::InlineFragment(fragment) => {
                    let on = self.supergraph.type_by_name[fragment.type_condition.as_ref().unwrap()];
                    let applies = self.supergraph.types[on.0 as usize].possible_types.contains(concrete.unwrap());
                    if applies {
                        fields.extend(self.shape_fields(&fragment.selection_set, on, concrete));
                    }
                }
                AstSelection::FragmentSpread(_) => panic!("no named fragments here"),
            }
        }
        fields
    }

    fn fetch(&mut self, index: usize, step: &Step) -> PlanFetch {
        let mut output = Selection::default();
        self.selection(&parse_field_set(step.take).unwrap(), &mut output);
        let kind = match &step.at {
            None => FetchKind::Root { path: Vec::new() },
            Some(at) => {
                let mut path = Vec::new();
                for part in at.path.split('.') {
                    let (key, condition) = part.split_once('|').map_or((part, None), |(key, ty)| (key, Some(ty)));
                    path.push(PathSegment::Key(self.key(key)));
                    if let Some(ty) = condition {
                        path.push(PathSegment::Type(TypeSet::one(self.supergraph.type_by_name[ty])));
                    }
                }
                let members = at.members.iter().map(|(name, required)| RepresentationMember {
                    name: (*name).to_owned(),
                    source: Some(self.key(name)),
                    required: *required,
                    selection: Vec::new(),
                });
                let representation = Representation {
                    members: members.collect(),
                    types: TypeSet::one(self.supergraph.type_by_name[at.ty]),
                    typename: None,
                };
                FetchKind::Entities(Entities {
                    paths: vec![path],
                    representations: vec![representation],
                    variable: "representations".to_owned(),
                })
            }
        };
        let position = SUBGRAPHS.iter().position(|name| *name == step.subgraph).unwrap();
        PlanFetch {
            subgraph: SubgraphId(position as u16),
            kind,
            document: format!("q{index}"),
            operation_name: None,
            variables: Vec::new(),
            output,
            after: step.after.iter().map(|id| FetchId(*id)).collect(),
        }
    }
}

pub fn plan(supergraph: &Supergraph, query: &str, steps: &[Step]) -> QueryPlan {
    let mut builder = Builder { supergraph, keys: Vec::new() };
    let (kind, root, query) = match query.strip_prefix("mutation") {
        Some(rest) => (OperationKind::Mutation, supergraph.mutation.unwrap(), rest),
        None => (OperationKind::Query, supergraph.query, query),
    };
    let response = builder.shape(&parse_field_set(query).unwrap(), root);
    let fetches = steps.iter().enumerate().map(|(index, step)| builder.fetch(index, step)).collect();
    QueryPlan { kind, root, keys: builder.keys, fetches, response, introspection: None }
}

/// What a subgraph does with a call.
#[derive(Clone, Debug)]
pub enum Reply {
    Text(Vec<u8>),
    Fail(FetchError),
    Hang,
}

impl From<&str> for Reply {
    fn from(text: &str) -> Self {
        Self::Text(text.as_bytes().to_vec())
    }
}

impl From<FetchError> for Reply {
    fn from(error: FetchError) -> Self {
        Self::Fail(error)
    }
}

/// Answers calls by subgraph, in order, and remembers them.
#[derive(Default)]
pub struct Canned {
    replies: Mutex<Vec<(usize, VecDeque<Reply>)>>,
    pub calls: Mutex<Vec<(usize, String)>>,
}

impl Canned {
    pub fn new<R: Into<Reply>>(replies: impl IntoIterator<Item = (&'static str, R)>) -> Self {
        let canned = Self::default();
        for (name, reply) in replies {
            let index = SUBGRAPHS.iter().position(|subgraph| *subgraph == name).unwrap();
            let mut all = canned.replies.lock().unwrap();
            match all.iter_mut().find(|(known, _)| *known == index) {
                Some((_, queue)) => queue.push_back(reply.into()),
                None => all.push((index, VecDeque::from([reply.into()]))),
            }
        }
        canned
    }

    pub fn bodies(&self) -> Vec<String> {
        self.calls.lock().unwrap().iter().map(|(_, body)| body.clone()).collect()
    }
}

impl Fetch for Canned {
    fn fetch<'a>(
        &'a self,
        request: SubgraphRequest,
        _context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Responses, FetchError>> {
        let index = usize::from(request.subgraph.0);
        self.calls.lock().unwrap().push((index, String::from_utf8(request.body.to_vec()).unwrap()));
        let reply = {
            let mut all = self.replies.lock().unwrap();
            let queue = all.iter_mut().find(|(known, _)| *known == index);
            queue.and_then(|(_, queue)| queue.pop_front())
        };
        async move {
            match reply {
                Some(Reply::Text(text)) => Ok(futures::stream::iter([Ok(Bytes::from(text))]).boxed() as Responses),
                Some(Reply::Fail(error)) => Err(error),
                Some(Reply::Hang) => futures::future::pending().await,
                None => Err(FetchError::Unreachable("no reply is left".to_owned())),
            }
        }
        .boxed()
    }
}

pub fn context() -> RequestContext {
    RequestContext {
        identity: None,
        headers: Arc::default(),
        deadline: Instant::now() + Duration::from_secs(10),
        cancellation: tokio_util::sync::CancellationToken::new(),
        trace_id: "t".into(),
    }
}

pub fn run_with(supergraph: &Supergraph, plan: &QueryPlan, fetch: &Canned, policy: &Policy) -> Response {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let context = context();
    runtime.block_on(execute(plan, supergraph, &json::Object::new(), fetch, (&context, policy)))
}

pub fn run(supergraph: &Supergraph, plan: &QueryPlan, fetch: &Canned) -> String {
    let response = run_with(supergraph, plan, fetch, &Policy::default());
    let body = String::from_utf8(response.body.to_vec()).unwrap();
    assert_eq!(response.data == DataState::Null, body.starts_with("{\"data\":null"), "{body}");
    body
}

/// The response to a query that is answered by one root fetch which takes just what the query asks.
pub fn answer(sdl: &str, query: &'static str, text: &str) -> String {
    let supergraph = supergraph(sdl);
    let plan = plan(&supergraph, query, &[root("a", query)]);
    run(&supergraph, &plan, &Canned::new([("a", text)]))
}

/// `data` of a body, and of each error its path and message.
pub fn parts(body: &str) -> (String, Vec<(String, String)>) {
    let json::Value::Object(members) = json::parse(body.as_bytes(), &json::JsonLimits::default()).unwrap() else {
        panic!("{body}")
    };
    let text = |value: &json::Value| {
        let mut out = Vec::new();
        json::write(value, &mut out);
        String::from_utf8(out).unwrap()
    };
    let errors = match members.get("errors") {
        Some(json::Value::Array(errors)) => errors.clone(),
        _ => Vec::new(),
    };
    let error = |error: &json::Value| {
        let error = error.as_object().unwrap();
        let path = error.get("path").map(text).unwrap_or_default();
        (path, error["message"].as_str().unwrap().to_owned())
    };
    (text(&members["data"]), errors.iter().map(error).collect())
}

/// `data` of a body and the paths of its errors.
pub fn paths(body: &str) -> (String, Vec<String>) {
    let (data, errors) = parts(body);
    (data, errors.into_iter().map(|(path, _)| path).collect())
}
