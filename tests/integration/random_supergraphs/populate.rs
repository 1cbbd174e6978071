//! Random data for a supergraph: a few records of each entity, a value for each field.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use federation::supergraph::{Field, FieldJoin, FieldSet, FieldSetItem, FieldType, ScalarKind, Type, TypeKind};
use federation::{FieldId, Supergraph, TypeId, TypeSet};
use graphql::schema::ExtendedType;
use serde_json::{Map, Value, json};

use super::world::World;
use crate::support::dataset::{ECHO, REFERENCE};
use crate::support::subgraph_schema::SubgraphSchema;

/// Records of each entity type.
const RECORDS: usize = 3;
/// Objects within objects at most, where they are no records.
const DEPTH_MAX: usize = 3;

/// Fills a supergraph with data; `None` if some field can't have any, as when no type is possible for it.
pub fn populate(supergraph: &Supergraph, subgraphs: &BTreeMap<String, String>, seed: u64) -> Option<World> {
    let (keys, hidden) = (key_fields(supergraph), hidden_values(subgraphs));
    let mut population = Population { supergraph, keys, hidden, rng: Rng::with_seed(seed) };
    let mut world = World::default();
    for (id, ty) in (0..).map(TypeId).zip(&supergraph.types) {
        if ty.kind != TypeKind::Object || ty.name.starts_with("__") {
            continue;
        }
        if supergraph.is_root(id) {
            let place = Place { of: "root".to_owned(), number: 1, depth: 0 };
            for (name, &field) in &ty.fields {
                world.fields.insert(format!("{}.{name}", ty.name), population.field(field, &place)?);
            }
        } else if is_entity(ty) {
            let records = world.records.entry(ty.name.to_string()).or_default();
            for number in 1..=RECORDS {
                let place = Place { of: format!("{}-{number}", ty.name), number, depth: 0 };
                records.insert(number.to_string(), population.members(ty, &place)?);
            }
        }
    }
    Some(world)
}

fn is_entity(ty: &Type) -> bool {
    ty.joins.iter().any(|join| !join.keys.is_empty())
}

/// The fields of keys: by these, records are told apart.
fn key_fields(supergraph: &Supergraph) -> BTreeSet<FieldId> {
    let mut found = BTreeSet::new();
    let joins = supergraph.types.iter().flat_map(|ty| &ty.joins);
    let mut sets: Vec<&FieldSet> = joins.flat_map(|join| &join.keys).map(|key| &key.fields).collect();
    while let Some(set) = sets.pop() {
        for item in set {
            match item {
                FieldSetItem::Field { field, selection, .. } => {
                    found.extend(*field);
                    sets.push(selection);
                }
                FieldSetItem::Fragment { selection, .. } => sets.push(selection),
            }
        }
    }
    found
}

/// The values of enums that subgraphs give and clients may not see.
fn hidden_values(subgraphs: &BTreeMap<String, String>) -> BTreeMap<String, Vec<String>> {
    let schemas: Vec<SubgraphSchema> = subgraphs.values().map(|sdl| SubgraphSchema::new(sdl)).collect();
    let enums = || schemas.iter().flat_map(|schema| schema.schema.types.values()).filter_map(ExtendedType::as_enum);
    let mut hidden: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for definition in enums() {
        for value in definition.values.values().filter(|value| value.directives.has("inaccessible")) {
            let mut same = enums().filter(|other| other.name == definition.name);
            if same.all(|other| other.values.contains_key(&value.value)) {
                hidden.entry(definition.name.to_string()).or_default().push(value.value.to_string());
            }
        }
    }
    hidden
}

struct Population<'a> {
    supergraph: &'a Supergraph,
    keys: BTreeSet<FieldId>,
    hidden: BTreeMap<String, Vec<String>>,
    rng: Rng,
}

/// Where a value stands.
#[derive(Clone)]
struct Place {
    /// What its text says where it is from.
    of: String,
    /// The number of the record.
    number: usize,
    /// Objects around it that are no records.
    depth: usize,
}

impl Place {
    fn below(&self, step: &str) -> Self {
        Self { of: format!("{}.{step}", self.of), ..self.clone() }
    }
}

/// A field with its type at hand in all subgraphs that have it.
#[derive(Clone, Copy)]
struct Typed<'a> {
    field: &'a Field,
    joins: &'a [&'a FieldJoin],
    types: &'a [&'a FieldType],
    is_key: bool,
}

impl Population<'_> {
    fn members(&mut self, ty: &Type, place: &Place) -> Option<Map<String, Value>> {
        let fields = ty.fields.iter();
        fields.map(|(field, &id)| Some((field.to_string(), self.field(id, place)?))).collect()
    }

    fn field(&mut self, id: FieldId, place: &Place) -> Option<Value> {
        let field = self.supergraph.field(id);
        let definition = self.supergraph.api_schema.type_field(&self.supergraph.ty(field.parent).name, &field.name);
        let mut joins = self.supergraph.graph.resolvers(id).iter().filter_map(|at| self.supergraph.join_of(at));
        let reads = joins.any(|join| !join.context_arguments.is_empty());
        let has_arguments = reads || definition.is_ok_and(|definition| !definition.arguments.is_empty());
        let is_text =
            matches!(self.supergraph.ty(field.ty.named()).kind, TypeKind::Scalar(ScalarKind::String | ScalarKind::Id));
        if has_arguments && is_text && matches!(field.ty, FieldType::Named { .. }) {
            return Some(json!({ ECHO: format!("{}.{}", place.of, field.name) }));
        }
        // Those of interface objects too, which have it for an object of any implementation.
        let resolvers = self.supergraph.graph.resolvers(id).iter();
        let joins: Vec<&FieldJoin> = resolvers.filter_map(|resolver| self.supergraph.join_of(resolver)).collect();
        let types: Vec<&FieldType> = std::iter::once(&field.ty).chain(joins.iter().map(|join| &join.ty)).collect();
        self.value(Typed { field, joins: &joins, types: &types, is_key: self.keys.contains(&id) }, place)
    }

    /// A value that all types of a field allow.
    fn value(&mut self, typed: Typed<'_>, place: &Place) -> Option<Value> {
        let Typed { field, joins, types, is_key } = typed;
        let may_be_null = types.iter().all(|ty| !ty.is_non_null()) && !is_key;
        if may_be_null && (self.rng.u8(..8) == 0 || place.depth > DEPTH_MAX) {
            return Some(Value::Null);
        }
        let items: Vec<&FieldType> = types
            .iter()
            .filter_map(|ty| match ty {
                FieldType::List { item, .. } => Some(&**item),
                FieldType::Named { .. } => None,
            })
            .collect();
        if !items.is_empty() {
            // A key that is an empty list would tell nobody apart.
            let length = if place.depth > DEPTH_MAX { 0 } else { self.rng.usize(..5) }.max(usize::from(is_key));
            return self.list(Typed { types: &items, ..typed }, (length, place)).map(Value::Array);
        }
        let ty = self.supergraph.ty(field.ty.named());
        if !ty.is_composite() {
            return Some(self.leaf(ty, typed, place));
        }
        let candidates: Vec<TypeId> = self.candidates(field, joins).iter().collect();
        let Some(&id) = self.rng.choice(&candidates) else { return may_be_null.then_some(Value::Null) };
        let ty = self.supergraph.ty(id);
        if self.supergraph.is_root(id) {
            return Some(json!({ "__typename": ty.name.as_str() }));
        }
        if is_entity(ty) {
            // What is in a key tells its owners apart.
            let number = if is_key { place.number } else { self.rng.usize(1..=RECORDS) };
            return Some(json!({ REFERENCE: format!("{}/{number}", ty.name) }));
        }
        if place.depth > 2 * DEPTH_MAX {
            return None;
        }
        let below = Place { depth: place.depth + 1, ..place.below(&field.name) };
        let mut members = self.members(ty, &below)?;
        members.insert("__typename".to_owned(), json!(ty.name.as_str()));
        Some(Value::Object(members))
    }

    /// Items, some of which come again: what comes twice in an answer may be kept once.
    fn list(&mut self, item: Typed<'_>, (length, place): (usize, &Place)) -> Option<Vec<Value>> {
        let mut items: Vec<Value> = Vec::with_capacity(length);
        for index in 0..length {
            let again = if self.rng.u8(..3) == 0 { self.rng.choice(&items).cloned() } else { None };
            let value = again.or_else(|| self.value(item, &place.below(&index.to_string())))?;
            items.push(value);
        }
        Some(items)
    }

    fn leaf(&mut self, ty: &Type, typed: Typed<'_>, place: &Place) -> Value {
        let of = &place.of;
        match ty.kind {
            TypeKind::Scalar(ScalarKind::Int) if typed.is_key => json!(place.number),
            TypeKind::Scalar(ScalarKind::Int) => json!(self.rng.i32(-1_000..1_000)),
            TypeKind::Scalar(ScalarKind::Float) => json!(f64::from(self.rng.i32(-1_000..1_000)) + 0.5),
            TypeKind::Scalar(ScalarKind::Boolean) => json!(self.rng.bool()),
            TypeKind::Scalar(ScalarKind::Custom) => match self.rng.u8(..3) {
                0 => json!({ "blob": [of, { "b": 1 }] }),
                1 => json!([1, null]),
                _ => json!(of),
            },
            TypeKind::Enum => {
                let hidden = self.hidden.get(ty.name.as_str()).filter(|_| !typed.is_key);
                let secret = hidden.and_then(|hidden| self.rng.choice(hidden)).filter(|_| self.rng.u8(..10) == 0);
                match secret {
                    Some(secret) => json!(secret),
                    None => json!(self.rng.choice(&ty.enum_values).map(|value| value.as_str())),
                }
            }
            _ => json!(format!("{of}.{}", typed.field.name)),
        }
    }

    /// The types that every subgraph which has the field may give, since all give the same.
    fn candidates(&self, field: &Field, joins: &[&FieldJoin]) -> TypeSet {
        let supergraph = self.supergraph;
        let mut types = supergraph.ty(field.ty.named()).possible_types.clone();
        for join in joins {
            if let Some(known) = supergraph.ty(join.ty.named()).join(join.subgraph) {
                types = types.intersection(&known.possible_types);
            }
        }
        types.iter().filter(|&ty| !supergraph.ty(ty).inaccessible).collect()
    }
}
