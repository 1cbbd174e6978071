//! Writing request bodies: `{"query":…,"operationName":…,"variables":{…}}`.

use graphql::json;
use planner::plan::{Fetch, FetchId, FetchKind, Joint};
use rustc_hash::FxHashMap;

/// The body of one request. Variables that the client left out, and that have no default, are left out.
pub fn body(fetch: &Fetch, variables: &json::Object, representations: Option<&[u8]>) -> Vec<u8> {
    let entities = match &fetch.kind {
        FetchKind::Entities(entities) => representations.map(|text| (entities.variable.as_str(), text)),
        FetchKind::Root { .. } => None,
    };
    write(&fetch.body_start, (&fetch.variables, variables), entities.into_iter())
}

/// The body of a request for several fetches; those without representations get none of their entities.
pub fn joint_body(joint: &Joint, variables: &json::Object, representations: &FxHashMap<FetchId, Vec<u8>>) -> Vec<u8> {
    let entities = joint.members.iter().map(|member| {
        let text = representations.get(&member.fetch).map(Vec::as_slice).unwrap_or_default();
        (member.variable.as_str(), text)
    });
    write(&joint.body_start, (&joint.variables, variables), entities)
}

fn write<'e>(
    start: &[u8],
    (names, variables): (&[String], &json::Object),
    entities: impl Iterator<Item = (&'e str, &'e [u8])> + Clone,
) -> Vec<u8> {
    let representations: usize = entities.clone().map(|(_, text)| text.len()).sum();
    let mut out = Vec::with_capacity(start.len() + representations + 128);
    out.extend_from_slice(start);
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
    for (variable, text) in entities {
        out.extend_from_slice(separator);
        json::write_string(variable, &mut out);
        out.extend_from_slice(b":[");
        out.extend_from_slice(text);
        out.push(b']');
        separator = b",";
    }
    if separator == b"," {
        out.push(b'}');
    }
    out.push(b'}');
    out
}
