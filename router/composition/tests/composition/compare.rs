//! Whether two supergraphs mean the same: equal types, fields, arguments, values and joins, in whatever order.

use std::collections::BTreeMap;

use federation::subgraph::{Composite, parse_field_set, print_field_set};
use graphql::Schema;
use graphql::ast::{Directive, InputValueDefinition};
use graphql::schema::ExtendedType;

/// The supergraph's content as sorted lines.
fn content(schema: &Schema) -> BTreeMap<String, Vec<String>> {
    let mut content = BTreeMap::new();
    for (name, ty) in schema.types.iter().filter(|(_, ty)| !ty.is_built_in()) {
        if name.starts_with("link__") || name.starts_with("join__") && name != "join__Graph" {
            continue;
        }
        let kind = match ty {
            ExtendedType::Scalar(_) => "scalar",
            ExtendedType::Object(_) => "type",
            ExtendedType::Interface(_) => "interface",
            ExtendedType::Union(_) => "union",
            ExtendedType::Enum(_) => "enum",
            ExtendedType::InputObject(_) => "input",
        };
        content.insert(format!("{kind} {name}"), directives(ty.directives().iter().map(|directive| &***directive)));
        if let Some(composite) = Composite::of(ty) {
            let interfaces = composite.implements.iter().map(|interface| interface.name.to_string());
            content.insert(format!("{name} implements"), sorted(interfaces));
            for field in composite.fields.values() {
                let key = format!("{name}.{}: {}", field.name, field.ty);
                content.insert(key, directives(field.directives.iter().map(|directive| &**directive)));
                for argument in &field.arguments {
                    input(&mut content, &format!("{name}.{}", field.name), argument);
                }
            }
        }
        match ty {
            ExtendedType::Union(union) => {
                content.insert(format!("{name} members"), sorted(union.members.iter().map(|m| m.name.to_string())));
            }
            ExtendedType::Enum(ty) => {
                for value in ty.values.values() {
                    let key = format!("{name}.{}", value.value);
                    content.insert(key, directives(value.directives.iter().map(|directive| &**directive)));
                }
            }
            ExtendedType::InputObject(ty) => {
                ty.fields.values().for_each(|field| input(&mut content, name, field));
            }
            _ => {}
        }
    }
    let links = schema.schema_definition.directives.iter().map(|directive| &***directive);
    content.insert("schema".to_owned(), directives(links));
    content
}

fn input(content: &mut BTreeMap<String, Vec<String>>, parent: &str, value: &InputValueDefinition) {
    let default = value.default_value.as_ref().map(|value| value.to_string()).unwrap_or_default();
    let key = format!("{parent}({}: {} = {default})", value.name, value.ty);
    content.insert(key, directives(value.directives.iter().map(|directive| &**directive)));
}

fn directives<'a>(list: impl Iterator<Item = &'a Directive>) -> Vec<String> {
    sorted(list.map(|directive| {
        // Whether a key stands on an extension is told by some composers and not by others; nobody reads it.
        let told = directive.arguments.iter().filter(|argument| {
            let default = argument.name == "resolvable" && argument.value.to_bool() == Some(true);
            argument.name != "extension" && !default
        });
        let arguments = told.map(|argument| {
            let is_set = ["key", "requires", "provides"].contains(&argument.name.as_str());
            let set = argument.value.as_str().filter(|_| is_set).and_then(|text| parse_field_set(text).ok());
            let value = set.map_or_else(|| argument.value.to_string(), |set| print_field_set(&set));
            format!("{}: {value}", argument.name)
        });
        format!("@{}({})", directive.name, sorted(arguments).join(", "))
    }))
}

fn sorted(items: impl Iterator<Item = String>) -> Vec<String> {
    let mut items: Vec<String> = items.collect();
    items.sort();
    items
}

/// The differences between a reference and ours, as lines; empty when they mean the same.
pub fn differences(reference: &Schema, ours: &Schema) -> Vec<String> {
    let (reference, ours) = (content(reference), content(ours));
    let mut found = Vec::new();
    for (key, value) in &reference {
        match ours.get(key) {
            None => found.push(format!("missing {key}: {value:?}")),
            Some(other) if other != value => {
                found.push(format!("{key}:\n  reference {value:?}\n  ours      {other:?}"))
            }
            Some(_) => {}
        }
    }
    found.extend(
        ours.iter().filter(|(key, _)| !reference.contains_key(*key)).map(|(key, v)| format!("extra {key}: {v:?}")),
    );
    found
}
