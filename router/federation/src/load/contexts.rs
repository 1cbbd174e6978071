//! Contexts: which types set them, and which arguments of subgraphs' fields are read from them (join v0.5).

use graphql::Name;
use graphql::ast::{Directive, Value};

use super::arguments::string;
use super::fields::{Fields, parse_type};
use super::{Loading, field_sets};
use crate::supergraph::{ContextArgument, ContextSelection, FieldSet, FieldSetItem, Type};
use crate::{ContextId, TypeId};

/// Enters every context that a type sets, there and in the list of all.
pub fn load(loading: &mut Loading<'_>, types: &mut [Type]) {
    let Some(name) = loading.features.directive("context", "context") else { return };
    let schema = loading.schema;
    for (ty, &id) in &loading.type_by_name {
        let applied = schema.types.get(ty).map(|ty| ty.directives().0.as_slice()).unwrap_or_default();
        for directive in applied.iter().filter(|directive| directive.name == name.as_str()) {
            let (Some(context), Some(ty)) = (string(directive, "name"), types.get_mut(id.0 as usize)) else { continue };
            let entry = loading.contexts.entry(context.to_owned());
            let context = ContextId(entry.index() as u32);
            let setters = entry.or_default();
            if !ty.contexts.contains(&context) {
                ty.contexts.push(context);
                setters.push(id);
            }
        }
    }
}

/// The arguments that one `@join__field` says are read from contexts, with their selections' texts.
pub fn arguments(loading: &mut Loading<'_>, directive: &Directive, field: &Name) -> Vec<(ContextArgument, String)> {
    let Some(Value::List(written)) = super::arguments::value(directive, "contextArguments") else { return Vec::new() };
    let mut read = Vec::new();
    for argument in written {
        match read_argument(loading, argument) {
            Some(argument) => read.push(argument),
            None => loading.invalid(format!("an argument of {field} is read from a context in a way not understood")),
        }
    }
    read
}

fn read_argument(loading: &Loading<'_>, written: &Value) -> Option<(ContextArgument, String)> {
    let Value::Object(members) = written else { return None };
    let text = |key: &str| members.iter().find(|(name, _)| name == key).and_then(|(_, value)| value.as_str());
    let context = loading.contexts.get_index_of(text("context")?)?;
    let argument = ContextArgument {
        name: Name::new(text("name")?).ok()?,
        ty: parse_type(loading, text("type")?)?,
        context: ContextId(context as u32),
        selections: Vec::new(),
    };
    Some((argument, text("selection")?.to_owned()))
}

/// Binds the selections of all arguments that are read from contexts: once for each type that sets the context.
pub fn bind(loading: &mut Loading<'_>, types: &[Type], fields: &mut Fields) {
    for (field, join, mut argument, text) in std::mem::take(&mut fields.unbound_arguments) {
        let setters = loading.contexts.get_index(argument.context.0 as usize).map(|(_, setters)| setters.clone());
        let what = format!("the argument {}, read from a context,", argument.name);
        let text = text.trim();
        let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
        for on in setters.unwrap_or_default() {
            let Some(set) = field_sets::parse(loading, types, on, inner, &what) else { continue };
            let fields = applicable(types, on, set);
            if !fields.is_empty() {
                argument.selections.push(ContextSelection { on, fields });
            }
        }
        let join = fields.loaded.get_mut(field.0 as usize).and_then(|field| field.joins.get_mut(join));
        if let Some(join) = join {
            join.context_arguments.push(argument);
        }
    }
}

/// Without the fragments that no value of the type fits: those are for other types that set the context.
fn applicable(types: &[Type], on: TypeId, set: FieldSet) -> FieldSet {
    let possible = |id: TypeId| types.get(id.0 as usize).map(|ty| &ty.possible_types);
    let fits = |item: &FieldSetItem| match item {
        FieldSetItem::Field { .. } => true,
        FieldSetItem::Fragment { on: condition, .. } => match (possible(on), possible(*condition)) {
            (Some(own), Some(others)) => own.iter().any(|id| others.contains(id)),
            _ => false,
        },
    };
    set.into_iter().filter(fits).collect()
}
