//! Writing request bodies: `{"operationName":…,"query":…,"variables":{…}}`.

use graphql::json;
use planner::plan::{BodyStart, Fetch, FetchId, FetchKind, Grouped, Joint};
use rustc_hash::FxHashMap;

/// The body of a request.
#[derive(Debug)]
pub struct Body {
    /// Its bytes.
    pub text: Vec<u8>,
    /// How many of them, from the first, are the operation's kind and name.
    pub named: usize,
}

/// A part of the variables that is none of the client's, in JSON.
#[derive(Clone, Copy)]
pub enum Own<'t> {
    /// Representations, with commas between them and no brackets.
    Representations(&'t [u8]),
    /// A value read from a context.
    Value(&'t [u8]),
}

/// The body of one request, given representations and the values of its contextual arguments. Variables that the client
/// left out, and that have no default, are left out.
pub fn body(fetch: &Fetch, variables: &json::Object, (representations, values): (Option<&[u8]>, &[Vec<u8>])) -> Body {
    let mut own = Vec::with_capacity(1 + values.len());
    if let FetchKind::Entities(entities) = &fetch.kind {
        own.extend(representations.map(|text| (entities.variable.as_str(), Own::Representations(text))));
        let values = entities.contexts.iter().zip(values);
        own.extend(values.map(|(argument, value)| (argument.variable.as_str(), Own::Value(value))));
    }
    write(&fetch.body_start, (&fetch.variables, variables), &own)
}

/// The body of a request for several fetches; those without representations get none of their entities.
pub fn joint_body(joint: &Joint, variables: &json::Object, representations: &FxHashMap<FetchId, Vec<u8>>) -> Body {
    let own: Vec<(&str, Own<'_>)> = joint
        .members
        .iter()
        .map(|member| {
            let text = representations.get(&member.fetch).map(Vec::as_slice).unwrap_or_default();
            (member.variable.as_str(), Own::Representations(text))
        })
        .collect();
    write(&joint.body_start, (&joint.variables, variables), &own)
}

/// The body of a request for several groups of entities of one fetch: representations and values of each.
pub fn grouped_body(
    (fetch, grouped): (&Fetch, &Grouped),
    variables: &json::Object,
    groups: &[(Vec<u8>, Vec<Vec<u8>>)],
) -> Body {
    let document = grouped.document(groups.len());
    let mut named: Vec<(String, Own<'_>)> = Vec::new();
    for (group, (representations, values)) in groups.iter().enumerate() {
        named.push((grouped.representations(group), Own::Representations(representations)));
        let values = values.iter().enumerate();
        named.extend(values.map(|(index, value)| (grouped.argument(index, group), Own::Value(value))));
    }
    let own: Vec<(&str, Own<'_>)> = named.iter().map(|(name, own)| (name.as_str(), *own)).collect();
    write(&BodyStart::new(&document, grouped.operation_name.as_deref()), (&fetch.variables, variables), &own)
}

fn write(start: &BodyStart, (names, variables): (&[String], &json::Object), own: &[(&str, Own<'_>)]) -> Body {
    let length = |(_, own): &(&str, Own<'_>)| match own {
        Own::Representations(text) | Own::Value(text) => text.len(),
    };
    let mut out = Vec::with_capacity(start.text.len() + own.iter().map(length).sum::<usize>() + 128);
    out.extend_from_slice(&start.text);
    let mut separator: &[u8] = b",\"variables\":{";
    for name in names {
        if let Some(value) = variables.get(name) {
            out.extend_from_slice(separator);
            json::write_string(name, &mut out);
            out.push(b':');
            json::write(value, &mut out);
            separator = b",";
        }
    }
    for (variable, own) in own {
        out.extend_from_slice(separator);
        json::write_string(variable, &mut out);
        out.push(b':');
        match own {
            Own::Representations(text) => {
                out.push(b'[');
                out.extend_from_slice(text);
                out.push(b']');
            }
            Own::Value(text) => out.extend_from_slice(text),
        }
        separator = b",";
    }
    if separator == b"," {
        out.push(b'}');
    }
    out.push(b'}');
    Body { text: out, named: start.named }
}
