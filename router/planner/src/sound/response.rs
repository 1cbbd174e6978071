//! The response's shape, held against the operation and against what the fetches bring.

use std::collections::BTreeSet;
use std::rc::Rc;

use federation::{TypeId, TypeSet};
use graphql::ast::OperationType;
use graphql::executable::{DirectiveList, Field, Operation, Selection, SelectionSet};

use super::collect::Reading;
use super::data::{Call, Class, Data};
use super::parts::Part;
use super::{Asked, Proof, Unsound};
use crate::plan::{IntrospectionId, OperationKind, Shape, ShapeField, Source};

/// Selection sets of the operation, each with the part of the response that it stands in.
type Sets<'d> = [(&'d SelectionSet, Part)];

impl Proof<'_> {
    /// Whether the plan is for an operation of its kind.
    pub fn is_kind(&self, operation: &Operation) -> bool {
        let (kind, root) = match operation.operation_type {
            OperationType::Query => (OperationKind::Query, Some(self.supergraph.query)),
            OperationType::Mutation => (OperationKind::Mutation, self.supergraph.mutation),
            OperationType::Subscription => (OperationKind::Subscription, self.supergraph.subscription),
        };
        self.plan.kind == kind && Some(self.plan.root) == root
    }

    /// Checks the whole response.
    pub fn response(&mut self, data: &mut Data, operation: &Operation, asked: Asked<'_>) {
        let reading = self.api(asked);
        let shape = &self.plan.response;
        self.shape(data, shape, (&[(&operation.selection_set, Part::First)], &reading), &mut Vec::new());
        let answered: BTreeSet<&str> = self.introspection().map(|field| field.response_key().as_str()).collect();
        if answered.len() != self.introspected.len() {
            self.found.push(Unsound::Introspection);
        }
    }

    /// Checks a position. Recursion is bounded by the shape's depth.
    fn shape(
        &mut self,
        data: &mut Data,
        shape: &Shape,
        (sets, reading): (&Sets<'_>, &Reading<'_>),
        path: &mut Vec<String>,
    ) {
        self.conditions(sets.iter().map(|(set, _)| *set), reading).iter().for_each(|types| data.split(types));
        shape.variants.iter().for_each(|variant| data.split(&variant.types));
        let supergraph = self.supergraph;
        let hidden = |ty: &TypeId| supergraph.ty(*ty).inaccessible;
        data.split(&data.classes.iter().flat_map(|class| class.types.iter()).filter(hidden).collect());
        let declared = data.declared;
        for class in &mut data.classes {
            if (self.stop)() {
                return;
            }
            // What is of a hidden type is null, whatever is asked.
            let Some(first) = class.types.iter().next().filter(|first| !hidden(first)) else { continue };
            let Some(variant) = shape.variants.iter().find(|variant| variant.types.contains(first)) else {
                self.wrong(path, &class.types, "no variant is for them".to_owned());
                continue;
            };
            let is_told = self.sees(None, &class.tellers);
            if shape.variants.len() > 1 && !is_told {
                self.wrong(path, &class.types, "no fetch tells the type that decides what is answered".to_owned());
            }
            let mut begun = variant.begun.as_slice();
            let (deferral, conditions) = (reading.deferral, reading.conditions);
            let mut begin =
                |directives: &DirectiveList, around| self.begin(&mut begun, deferral, (directives, around), conditions);
            let fields = self.collect_parts(sets, first, reading, &mut begin);
            if let Some(first) = begun.first() {
                self.wrong(path, &class.types, format!("{first:?} begins, for which nothing is deferred"));
            }
            let keys = fields.keys().map(|key| key.as_str());
            if !keys.eq(variant.fields.iter().map(|field| &*field.response_key)) {
                let keys: Vec<&str> = variant.fields.iter().map(|field| &*field.response_key).collect();
                self.wrong(path, &class.types, format!("has the keys {keys:?}, should have {:?}", fields.keys()));
                continue;
            }
            for (fields, answered) in fields.values().zip(&variant.fields) {
                path.push(answered.response_key.to_string());
                let is_decided = shape.variants.len() > 1;
                let found = self.field(class, (declared, answered), (fields, reading), path);
                let parts: Vec<Part> = fields.iter().map(|(_, part)| *part).collect();
                match is_decided {
                    true => self.part_must(&parts, &class.tellers),
                    false => self.part_may(&parts, &class.tellers),
                }
                if let Err(why) = found {
                    self.wrong(path, &class.types, why);
                }
                path.pop();
            }
        }
    }

    fn field(
        &mut self,
        class: &mut Class,
        (declared, answered): (TypeId, &ShapeField),
        (fields, reading): (&[(&Field, Part)], &Reading<'_>),
        path: &mut Vec<String>,
    ) -> Result<(), String> {
        let Some((first, _)) = fields.first() else { return Ok(()) };
        let parts: Vec<Part> = fields.iter().map(|(_, part)| *part).collect();
        self.delivered(&parts, answered.deferred.as_ref())?;
        let key = match (answered.source, first.name.as_str()) {
            (Source::Introspection(id), "__schema" | "__type") => return self.introspects(id, fields),
            (Source::Typename, "__typename") => {
                let is_object = !self.supergraph.ty(declared).is_abstract();
                let is_known = is_object || self.sees(None, &class.tellers);
                if !is_object {
                    self.part_must(&parts, &class.tellers);
                }
                return if is_known { Ok(()) } else { Err("no fetch tells the type".to_owned()) };
            }
            (Source::Data(key), name) if !name.starts_with("__") => key,
            (source, name) => return Err(format!("{name} is not answered from {source:?}")),
        };
        for ty in class.types.iter() {
            let field = self.supergraph.ty(ty).fields.get(&first.name).map(|&id| self.supergraph.field(id));
            if field.is_none_or(|field| field.ty != answered.ty) {
                return Err(format!("is of another type for {}", self.supergraph.ty(ty).name));
            }
        }
        let nodes: Vec<&Field> = fields.iter().map(|(field, _)| *field).collect();
        let Some(call) = Call::of(&self.supergraph.api_schema, &nodes) else { return Ok(()) };
        let Some(value) = class.values.get_mut(&key) else { return Err(format!("no fetch brings {call}")) };
        if value.call != call {
            return Err(format!("is {}, should be {call}", value.call));
        }
        self.sees(None, &value.producers);
        self.part_must(&parts, &value.producers);
        match (&mut value.below, &answered.selection) {
            (None, None) => {}
            (Some(below), Some(shape)) => {
                let sets: Vec<_> = fields.iter().map(|(field, part)| (&field.selection_set, *part)).collect();
                let below = Rc::make_mut(below);
                // Whoever has the object may have to know its type to write it, and to tell what begins in it.
                below.classes.iter().for_each(|class| self.part_may(&parts, &class.tellers));
                self.shape(below, shape, (&sets, reading), path);
            }
            _ => return Err("is a leaf for one and an object for the other".to_owned()),
        }
        Ok(())
    }

    /// What the plan answers by itself.
    fn introspection(&self) -> impl Iterator<Item = &'_ Field> {
        let plan = self.plan;
        let operations = plan.introspection.iter().flat_map(|document| document.operations.iter());
        operations.flat_map(|operation| &operation.selection_set.selections).filter_map(|selection| match selection {
            Selection::Field(field) => Some(field.as_ref()),
            Selection::FragmentSpread(_) | Selection::InlineFragment(_) => None,
        })
    }

    /// Whether the plan answers by itself just what is asked here.
    fn introspects(&mut self, id: IntrospectionId, asked: &[(&Field, Part)]) -> Result<(), String> {
        let key = id.key();
        let answered = self.introspection().filter(|field| *field.response_key() == key.as_str());
        let call = |field: &Field| (field.name.clone(), field.arguments.clone(), field.selection_set.clone());
        if !answered.map(call).eq(asked.iter().map(|(field, _)| call(field))) {
            return Err(format!("is not what {key} of the introspection asks"));
        }
        self.introspected.insert(id);
        Ok(())
    }

    fn wrong(&mut self, path: &[String], types: &TypeSet, why: String) {
        let types = self.type_names(types);
        self.found.push(Unsound::Response { path: path.join("/"), types, why });
    }
}
