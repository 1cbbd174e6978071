//! Plans from plain selections: what the client asks, and what each fetch takes.

use std::sync::Arc;

use federation::supergraph::{FieldType, Supergraph};
use federation::{SubgraphId, TypeId, TypeSet};
use graphql::ast::Selection as AstSelection;
use graphql::parse_field_set;
use planner::QueryPlan;
use planner::plan::{
    BodyStart, Entities, Fetch as PlanFetch, FetchId, FetchKind, IntrospectionId, KeyId, OperationKind, OutputField,
    PathSegment, Representation, RepresentationMember, ResponseKey, Selection, Shape, ShapeField, Source, Target,
    Variant,
};

use super::SUBGRAPHS;

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
    introspected: u32,
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
        let types = &self.supergraph.types;
        let possible = types[ty.0 as usize].possible_types.iter();
        let possible: Vec<TypeId> = possible.filter(|id| !types[id.0 as usize].inaccessible).collect();
        let mut variants: Vec<Variant> = Vec::new();
        let has_fragments = selections.iter().any(|selection| matches!(selection, AstSelection::InlineFragment(_)));
        if !has_fragments {
            let fields = self.shape_fields(selections, ty, None);
            return Shape {
                variants: vec![Variant { types: possible.into_iter().collect(), fields, begun: Vec::new() }],
            };
        }
        for concrete in possible {
            let fields = self.shape_fields(selections, ty, Some(concrete));
            variants.push(Variant { types: TypeSet::one(concrete), fields, begun: Vec::new() });
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
                        "__schema" | "__type" => {
                            self.introspected += 1;
                            Source::Introspection(IntrospectionId(self.introspected - 1))
                        }
                        _ => Source::Data(self.key(&key)),
                    };
                    let selection =
                        (!field.selection_set.is_empty()).then(|| self.shape(&field.selection_set, field_ty.named()));
                    let locations = vec![(1, 1)];
                    fields.push(ShapeField {
                        response_key: ResponseKey::new(&key),
                        source,
                        field: id,
                        ty: field_ty,
                        selection: selection.map(Arc::new),
                        locations,
                        deferred: None,
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
                    contexts: Vec::new(),
                    grouped: None,
                })
            }
        };
        let position = SUBGRAPHS.iter().position(|name| *name == step.subgraph).unwrap();
        PlanFetch {
            subgraph: SubgraphId(position as u16),
            kind,
            document: format!("q{index}"),
            operation_name: None,
            body_start: BodyStart::new(&format!("q{index}"), None),
            variables: Vec::new(),
            output,
            after: step.after.iter().map(|id| FetchId(*id)).collect(),
            apart: Vec::new(),
        }
    }
}

pub fn plan(supergraph: &Supergraph, query: &str, steps: &[Step]) -> QueryPlan {
    let mut builder = Builder { supergraph, keys: Vec::new(), introspected: 0 };
    let (kind, root, query) = match query.strip_prefix("mutation") {
        Some(rest) => (OperationKind::Mutation, supergraph.mutation.unwrap(), rest),
        None => (OperationKind::Query, supergraph.query, query),
    };
    let response = builder.shape(&parse_field_set(query).unwrap(), root);
    let fetches = steps.iter().enumerate().map(|(index, step)| builder.fetch(index, step)).collect();
    let mut plan = QueryPlan {
        kind,
        root,
        keys: builder.keys,
        fetches,
        response,
        joint: Vec::new(),
        introspection: None,
        blocks: Vec::new(),
        groups: vec![Vec::new()],
        first: Vec::new(),
    };
    plan.find_alike();
    plan
}
