//! The model: a value for every field of every object, the same whoever asks.
//!
//! An object is a number. Its concrete type follows from the number, and so do its fields.

use std::collections::BTreeSet;
use std::hash::{Hash as _, Hasher as _};

use federation::supergraph::{FieldSetItem, FieldType, ScalarKind, TypeKind};
use federation::{Supergraph, TypeId, TypeSet};
use rustc_hash::FxHasher;

/// Objects of each type.
const OBJECTS_MAX: u64 = 4;

pub struct Model<'s> {
    pub supergraph: &'s Supergraph,
    objects: Vec<TypeId>,
    never_null: BTreeSet<String>,
    seed: u64,
}

/// A value.
pub enum Data {
    Null,
    /// JSON text.
    Leaf(String),
    Object(u64),
    List(Vec<Data>),
}

impl<'s> Model<'s> {
    pub fn new(supergraph: &'s Supergraph, seed: u64) -> Self {
        let ids = (0u32..).map(TypeId).zip(&supergraph.types);
        let mut never_null = BTreeSet::new();
        for ty in &supergraph.types {
            for key in ty.joins.iter().flat_map(|join| &join.keys) {
                names(supergraph, &key.fields, &mut never_null);
            }
        }
        let objects = ids.filter(|(_, ty)| ty.kind == TypeKind::Object).map(|(id, _)| id).collect();
        Self { supergraph, objects, never_null, seed }
    }

    pub fn all(&self) -> impl Iterator<Item = u64> {
        0..self.objects.len() as u64 * OBJECTS_MAX
    }

    pub fn type_of(&self, object: u64) -> TypeId {
        self.objects[(object % self.objects.len() as u64) as usize]
    }

    pub fn root(&self, ty: TypeId) -> u64 {
        self.objects.iter().position(|object| *object == ty).unwrap() as u64
    }

    pub fn name(&self, ty: TypeId) -> &'s str {
        &self.supergraph.types[ty.0 as usize].name
    }

    pub fn hash(&self, parts: &[&str], number: u64) -> u64 {
        let mut hasher = FxHasher::default();
        (self.seed, parts, number).hash(&mut hasher);
        // The low bits of this hash are poor.
        let hash = hasher.finish();
        (hash ^ (hash >> 29)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20
    }

    /// The type of an object's field, which may be one that only an interface of it declares.
    pub fn field_type(&self, object: u64, field: &str) -> &'s FieldType {
        let ty = self.type_of(object);
        let own = self.supergraph.types[ty.0 as usize].fields.get(field);
        let declared = own.copied().or_else(|| {
            let interfaces = self.supergraph.types.iter().filter(|other| other.possible_types.contains(ty));
            interfaces.filter_map(|interface| interface.fields.get(field)).next().copied()
        });
        let declared = declared.unwrap_or_else(|| panic!("no field {}.{field}", self.name(ty)));
        &self.supergraph.fields[declared.0 as usize].ty
    }

    pub fn value(&self, object: u64, field: &str, arguments: &str) -> Data {
        let ty = self.field_type(object, field);
        let hash = self.hash(&[field], object);
        self.make(object, (field, arguments), ty, hash, 0)
    }

    fn make(&self, object: u64, (field, arguments): (&str, &str), ty: &FieldType, hash: u64, level: usize) -> Data {
        if hash.is_multiple_of(6) && self.may_be_null(field, ty.named(), level) {
            return Data::Null;
        }
        match ty {
            FieldType::List { item, .. } => {
                let item = |index| {
                    let hash = self.hash(&[field, "item"], hash.wrapping_add(index));
                    self.make(object, (field, arguments), item, hash, level + 1)
                };
                // A key that is an empty list would tell nobody apart.
                let least = u64::from(self.never_null.contains(field));
                Data::List((0..least.max(hash / 7 % 4)).map(item).collect())
            }
            FieldType::Named { id, .. } => self.named(object, (field, arguments), *id, hash),
        }
    }

    fn named(&self, object: u64, (field, arguments): (&str, &str), id: TypeId, hash: u64) -> Data {
        let ty = &self.supergraph.types[id.0 as usize];
        let number = object * 1_000 + field.len() as u64;
        let leaf = match ty.kind {
            TypeKind::Scalar(ScalarKind::Int) => number.to_string(),
            TypeKind::Scalar(ScalarKind::Float) => format!("{number}.50"),
            TypeKind::Scalar(ScalarKind::Boolean) => hash.is_multiple_of(2).to_string(),
            TypeKind::Scalar(ScalarKind::Custom) => format!(r#"{{"{field}":[{number}.0]}}"#),
            TypeKind::Scalar(ScalarKind::Id | ScalarKind::String) => format!("\"{field}-{object}{arguments}\""),
            TypeKind::Enum if ty.enum_values.is_empty() => "\"HIDDEN\"".to_owned(),
            TypeKind::Enum => format!("\"{}\"", ty.enum_values[hash as usize % ty.enum_values.len()]),
            _ => {
                let candidates = self.candidates(field, id);
                if candidates.is_empty() {
                    return Data::Null;
                }
                let ty = candidates[hash as usize / 3 % candidates.len()];
                let place = self.objects.iter().position(|object| *object == ty).unwrap() as u64;
                let types = self.objects.len() as u64;
                // What keys hold tells their owners apart.
                let number = if self.never_null.contains(field) { object / types } else { hash / 11 % OBJECTS_MAX };
                return Data::Object(number * types + place);
            }
        };
        Data::Leaf(leaf)
    }

    /// Whether every subgraph that has a field of this name and type may answer null at this level.
    fn may_be_null(&self, field: &str, named: TypeId, level: usize) -> bool {
        let nullable = |mut ty: &FieldType| {
            for _ in 0..level {
                let FieldType::List { item, .. } = ty else { return false };
                ty = item;
            }
            !ty.is_non_null()
        };
        let fields = self.supergraph.fields.iter().filter(|other| other.name == field && other.ty.named() == named);
        !self.never_null.contains(field)
            && fields.into_iter().all(|field| nullable(&field.ty) && field.joins.iter().all(|join| nullable(&join.ty)))
    }

    /// The concrete types that every subgraph which has such a field may give.
    fn candidates(&self, field: &str, named: TypeId) -> Vec<TypeId> {
        let types = &self.supergraph.types;
        let mut possible: TypeSet = types[named.0 as usize].possible_types.clone();
        for other in self.supergraph.fields.iter().filter(|other| other.name == field && other.ty.named() == named) {
            for join in &other.joins {
                let here = types[join.ty.named().0 as usize].joins.iter().find(|ty| ty.subgraph == join.subgraph);
                match here {
                    Some(here) if !here.is_interface_object && !here.possible_types.is_empty() => {
                        possible = possible.intersection(&here.possible_types);
                    }
                    _ => {}
                }
            }
        }
        possible.iter().filter(|ty| self.objects.contains(ty) && !types[ty.0 as usize].inaccessible).collect()
    }
}

fn names(supergraph: &Supergraph, set: &[FieldSetItem], into: &mut BTreeSet<String>) {
    for item in set {
        match item {
            FieldSetItem::Field { field, selection, .. } => {
                into.extend(field.map(|field| supergraph.fields[field.0 as usize].name.to_string()));
                names(supergraph, selection, into);
            }
            FieldSetItem::Fragment { selection, .. } => names(supergraph, selection, into),
        }
    }
}
