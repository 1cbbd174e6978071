//! What both forms write alike.

use graphql::json;
use planner::plan::Shape;

use crate::errors::{ClientStep, Errors};

/// Writes `,"errors":[…]` if there are any.
pub fn write_errors(errors: Errors<'_>, shape: &Shape, out: &mut Vec<u8>) {
    if !errors.is_empty() {
        out.extend_from_slice(b",\"errors\":");
        errors.write(shape, out);
    }
}

/// Writes `,"label":…` if there is one.
pub fn write_label(label: Option<&String>, out: &mut Vec<u8>) {
    if let Some(label) = label {
        out.extend_from_slice(b",\"label\":");
        json::write_string(label, out);
    }
}

/// Writes a path as a JSON list.
pub fn write_path(path: &[ClientStep<'_>], out: &mut Vec<u8>) {
    out.push(b'[');
    for (index, step) in path.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        match step {
            ClientStep::Key(field) => json::write_string(&field.response_key, out),
            ClientStep::Index(index) => out.extend_from_slice(index.to_string().as_bytes()),
        }
    }
    out.push(b']');
}
