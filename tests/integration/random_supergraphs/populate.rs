//! Random data for a supergraph: a few records of each entity, a value for each field.

use fastrand::Rng;
use federation::supergraph::{Field, FieldJoin, FieldType, ScalarKind, Type, TypeKind};
use federation::{FieldId, Supergraph, TypeId, TypeSet};
use serde_json::{Map, Value, json};

use super::world::World;
use crate::support::dataset::{ECHO, REFERENCE};

/// Records of each entity type.
const RECORDS: usize = 3;
/// Objects within objects at most, where they are no records.
const DEPTH_MAX: usize = 3;

/// Fills a supergraph with data; `None` if some field can't have any, as when no type is possible for it.
pub fn populate(supergraph: &Supergraph, seed: u64) -> Option<World> {
    let mut population = Population { supergraph, rng: Rng::with_seed(seed) };
    let mut world = World::default();
    for (id, ty) in (0..).map(TypeId).zip(&supergraph.types) {
        if ty.kind != TypeKind::Object || ty.name.starts_with("__") {
            continue;
        }
        if supergraph.is_root(id) {
            for (name, &field) in &ty.fields {
                world.fields.insert(format!("{}.{name}", ty.name), population.field(field, "root", 0)?);
            }
        } else if is_entity(ty) {
            let records = world.records.entry(ty.name.to_string()).or_default();
            for number in 1..=RECORDS {
                records.insert(number.to_string(), population.members(ty, &format!("{}-{number}", ty.name), 0)?);
            }
        }
    }
    Some(world)
}

fn is_entity(ty: &Type) -> bool {
    ty.joins.iter().any(|join| !join.keys.is_empty())
}

struct Population<'a> {
    supergraph: &'a Supergraph,
    rng: Rng,
}

impl Population<'_> {
    fn members(&mut self, ty: &Type, name: &str, depth: usize) -> Option<Map<String, Value>> {
        let fields = ty.fields.iter();
        fields.map(|(field, &id)| Some((field.to_string(), self.field(id, name, depth)?))).collect()
    }

    fn field(&mut self, id: FieldId, of: &str, depth: usize) -> Option<Value> {
        let field = self.supergraph.field(id);
        let is_key = matches!(field.name.as_str(), "id" | "code" | "tag" | "name");
        let definition = self.supergraph.api_schema.type_field(&self.supergraph.ty(field.parent).name, &field.name);
        let has_arguments = definition.is_ok_and(|definition| !definition.arguments.is_empty());
        let is_leaf = !self.supergraph.ty(field.ty.named()).is_composite();
        if has_arguments && is_leaf && matches!(field.ty, FieldType::Named { .. }) {
            return Some(json!({ ECHO: format!("{of}.{}", field.name) }));
        }
        // Those of interface objects too, which have it for an object of any implementation.
        let resolvers = self.supergraph.graph.resolvers(id).iter();
        let joins: Vec<&FieldJoin> = resolvers.filter_map(|resolver| self.supergraph.join_of(resolver)).collect();
        let types: Vec<&FieldType> = std::iter::once(&field.ty).chain(joins.iter().map(|join| &join.ty)).collect();
        let nulls = if is_key { Nulls::Never } else { Nulls::Random };
        self.value((field, &joins, &types), nulls, of, depth)
    }

    /// A value that all of these types allow.
    fn value(
        &mut self,
        (field, joins, types): (&Field, &[&FieldJoin], &[&FieldType]),
        nulls: Nulls,
        of: &str,
        depth: usize,
    ) -> Option<Value> {
        let may_be_null = types.iter().all(|ty| !ty.is_non_null()) && nulls == Nulls::Random;
        if may_be_null && (self.rng.u8(..8) == 0 || depth > DEPTH_MAX) {
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
            let length = if depth > DEPTH_MAX { 0 } else { self.rng.usize(..4) };
            let items =
                (0..length).map(|index| self.value((field, joins, &items), nulls, &format!("{of}.{index}"), depth));
            return items.collect::<Option<Vec<_>>>().map(Value::Array);
        }
        let id = field.ty.named();
        let ty = self.supergraph.ty(id);
        if !ty.is_composite() {
            return Some(self.leaf(ty, &field.name, of));
        }
        let candidates: Vec<TypeId> = self.candidates(field, joins).iter().collect();
        let Some(&id) = self.rng.choice(&candidates) else { return may_be_null.then_some(Value::Null) };
        let ty = self.supergraph.ty(id);
        if self.supergraph.is_root(id) {
            return Some(json!({ "__typename": ty.name.as_str() }));
        }
        if is_entity(ty) {
            return Some(json!({ REFERENCE: format!("{}/{}", ty.name, self.rng.usize(1..=RECORDS)) }));
        }
        if depth > 2 * DEPTH_MAX {
            return None;
        }
        let mut members = self.members(ty, &format!("{of}.{}", field.name), depth + 1)?;
        members.insert("__typename".to_owned(), json!(ty.name.as_str()));
        Some(Value::Object(members))
    }

    fn leaf(&mut self, ty: &Type, field: &str, of: &str) -> Value {
        match ty.kind {
            TypeKind::Scalar(ScalarKind::Int) => json!(self.rng.i32(-1_000..1_000)),
            TypeKind::Scalar(ScalarKind::Float) => json!(f64::from(self.rng.i32(-1_000..1_000)) + 0.5),
            TypeKind::Scalar(ScalarKind::Boolean) => json!(self.rng.bool()),
            TypeKind::Scalar(ScalarKind::Custom) => match self.rng.u8(..3) {
                0 => json!({ "blob": [of, { "b": 1 }] }),
                1 => json!([1, null]),
                _ => json!(of),
            },
            TypeKind::Enum => json!(self.rng.choice(&ty.enum_values).map(|value| value.as_str())),
            _ => json!(format!("{of}.{field}")),
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Nulls {
    Never,
    Random,
}
