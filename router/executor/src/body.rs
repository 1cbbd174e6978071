//! Writing request bodies: `{"query":…,"operationName":…,"variables":{…}}`.

use graphql::json;
use planner::plan::{Fetch, FetchKind};

use crate::represent::Batch;

/// The body of one request. Variables that the client left out, and that have no default, are left out.
pub fn body(fetch: &Fetch, variables: &json::Object, batch: Option<&Batch>) -> Vec<u8> {
    let representations = batch.map_or(0, |batch| batch.text.len());
    let mut out = Vec::with_capacity(fetch.body_start.len() + representations + 128);
    out.extend_from_slice(&fetch.body_start);
    let mut separator: &[u8] = b",\"variables\":{";
    for name in &fetch.variables {
        if let Some(value) = variables.get(name) {
            out.extend_from_slice(separator);
            json::write_string(name, &mut out);
            out.push(b':');
            json::write(value, &mut out);
            separator = b",";
        }
    }
    if let (FetchKind::Entities(entities), Some(batch)) = (&fetch.kind, batch) {
        out.extend_from_slice(separator);
        json::write_string(&entities.variable, &mut out);
        out.extend_from_slice(b":[");
        out.extend_from_slice(&batch.text);
        out.push(b']');
        separator = b",";
    }
    if separator == b"," {
        out.push(b'}');
    }
    out.push(b'}');
    out
}
