//! Defaults of input objects that hold themselves. Coercion would have to write out a value without end, so the
//! specification refuses them; its library here doesn't.

use apollo_compiler::ast::{Type, Value};
use apollo_compiler::collections::HashMap;
use apollo_compiler::schema::InputObjectType;
use apollo_compiler::{Name, Schema};
use indexmap::IndexSet;

/// Cycles told at most.
const CYCLES_MAX: usize = 50;

/// A field of an input object.
type Field<'s> = (&'s Name, &'s Name);

/// Where the field stands in the search.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// On the path that is being followed.
    Open,
    /// Everything that it leads to is known.
    Closed,
}

/// The cycles, each as the (type, field) pairs whose defaults lead to each other in turn: each is told once, from the field where
/// the search, in the schema's order, met it first. At most [`CYCLES_MAX`].
pub fn default_cycles(schema: &Schema) -> Vec<Vec<(Name, Name)>> {
    let mut marks: HashMap<Field<'_>, Mark> = HashMap::default();
    let mut cycles = Vec::new();
    let inputs = schema.types.values().filter_map(|ty| ty.as_input_object());
    for first in inputs.flat_map(|input| input.fields.keys().map(|name| (&input.name, name))) {
        if marks.contains_key(&first) {
            continue;
        }
        // By hand, not by recursion: a cycle may be as long as the schema.
        let mut path = vec![(first, leads(schema, first))];
        marks.insert(first, Mark::Open);
        while let Some((field, to)) = path.last_mut() {
            let Some(to) = to.pop() else {
                marks.insert(*field, Mark::Closed);
                path.pop();
                continue;
            };
            match marks.get(&to) {
                None => {
                    marks.insert(to, Mark::Open);
                    path.push((to, leads(schema, to)));
                }
                Some(Mark::Open) => {
                    let cycle = path.iter().map(|(field, _)| *field).skip_while(|field| *field != to);
                    cycles.push(cycle.map(|(ty, field)| (ty.clone(), field.clone())).collect());
                    if cycles.len() >= CYCLES_MAX {
                        return cycles;
                    }
                }
                Some(Mark::Closed) => {}
            }
        }
    }
    cycles
}

/// The fields whose defaults are applied where a field's own default is, the last one first.
fn leads<'s>(schema: &'s Schema, (ty, name): Field<'s>) -> Vec<Field<'s>> {
    let field = schema.types.get(ty).and_then(|ty| ty.as_input_object()).and_then(|input| input.fields.get(name));
    let mut found = IndexSet::new();
    if let Some(field) = field
        && let (Some(default), Some(input)) = (&field.default_value, input_object(schema, &field.ty))
    {
        applied(schema, input, default, &mut found);
    }
    found.into_iter().rev().collect()
}

fn input_object<'s>(schema: &'s Schema, ty: &Type) -> Option<&'s InputObjectType> {
    schema.types.get(ty.inner_named_type())?.as_input_object()
}

/// Adds the fields that a value leaves to their defaults. Nests no deeper than the parser allows.
fn applied<'s>(schema: &'s Schema, input: &'s InputObjectType, value: &Value, found: &mut IndexSet<Field<'s>>) {
    match value {
        Value::List(items) => items.iter().for_each(|item| applied(schema, input, item, found)),
        Value::Object(members) => {
            for (name, field) in &input.fields {
                let given = members.iter().find(|(member, _)| member == name);
                match (given, input_object(schema, &field.ty)) {
                    (Some((_, value)), Some(inner)) => applied(schema, inner, value, found),
                    (None, Some(_)) if field.default_value.is_some() => drop(found.insert((&input.name, name))),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cycles(inputs: &str) -> Vec<String> {
        let schema = Schema::parse(format!("type Query {{ f(x: I): Int }} {inputs}"), "").unwrap();
        let text = |cycle: Vec<(Name, Name)>| {
            cycle.iter().map(|(ty, field)| format!("{ty}.{field}")).collect::<Vec<_>>().join(" ")
        };
        default_cycles(&schema).into_iter().map(text).collect()
    }

    #[test]
    fn defaults_that_hold_themselves_are_found() {
        assert_eq!(cycles("input I { a: I = {} b: I = {} }"), ["I.a", "I.a I.b", "I.b"]);
        assert_eq!(cycles("input I { a: [J!] = [{ n: 1 }] } input J { n: Int i: I! = {} }"), ["I.a J.i"]);
        assert_eq!(cycles("input I { a: I = { a: { b: 1 } } b: Int }"), ["I.a"]);
        assert_eq!(cycles("input I { a: I = { b: { b: null } } b: I }"), ["I.a"]);
    }

    #[test]
    fn what_ends_is_left_alone() {
        assert_eq!(cycles("input I { a: I = null b: J = {} } input J { i: I n: Int = 1 }").len(), 0);
        assert_eq!(
            cycles("input I { a: J = {} b: J = {} } input J { a: K = {} b: K = {} } input K { a: Int = 1 }").len(),
            0
        );
        assert_eq!(cycles("input I { a: I = { a: null } b: I }").len(), 0);
    }
}
