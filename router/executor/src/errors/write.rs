//! Writing errors, in an order that doesn't depend on who answered first.

use graphql::json;
use planner::plan::Shape;
use rustc_hash::FxHashSet;

use super::place::{ClientPath, ClientStep, last_field, ordinals};
use super::{Entry, Errors, Subject};

impl Errors<'_> {
    /// Writes them as a JSON list: pathless ones first, then by position in the response, one a position: that of the
    /// plan's first fetch, whichever came first.
    pub fn write(mut self, shape: &Shape, out: &mut Vec<u8>) {
        self.sort(shape);
        let mut told: FxHashSet<ClientPath<'_>> = FxHashSet::default();
        self.entries.retain(|entry| entry.path.as_ref().is_none_or(|path| told.insert(path.clone())));
        if self.entries.len() > self.max {
            self.tell_first();
            self.sort(shape);
        }
        if self.dropped > 0 {
            let message = format!("{} more errors are not shown.", self.dropped);
            self.entries.push(Entry::new("ERRORS_OMITTED", message, None));
        }
        out.push(b'[');
        for (index, entry) in self.entries.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            write_entry(entry, out);
        }
        out.push(b']');
    }

    fn sort(&mut self, shape: &Shape) {
        self.entries.sort_by_cached_key(|entry| {
            let conflict = if let Subject::Conflict(kind) = entry.subject { Some(kind) } else { None };
            let about = entry.fetch.filter(|_| conflict.is_none()).map(|fetch| (fetch, entry.call));
            (entry.path.as_ref().map(|path| ordinals(shape, path)), conflict, about)
        });
    }
}

fn write_entry(entry: &Entry<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"message\":");
    json::write_string(&entry.message, out);
    if let Some(path) = &entry.path {
        let mut separator: &[u8] = b",\"locations\":[";
        for (line, column) in last_field(path).map(|field| field.locations.as_slice()).unwrap_or_default() {
            out.extend_from_slice(separator);
            out.extend_from_slice(format!("{{\"line\":{line},\"column\":{column}}}").as_bytes());
            separator = b",";
        }
        if separator == b"," {
            out.push(b']');
        }
        let mut separator: &[u8] = b",\"path\":[";
        for step in path {
            out.extend_from_slice(separator);
            match step {
                ClientStep::Key(field) => json::write_string(&field.response_key, out),
                ClientStep::Index(index) => out.extend_from_slice(index.to_string().as_bytes()),
            }
            separator = b",";
        }
        out.push(b']');
    }
    let mut separator: &[u8] = b",\"extensions\":{";
    for (key, value) in &entry.extensions {
        out.extend_from_slice(separator);
        json::write_string(key, out);
        out.push(b':');
        json::write(value, out);
        separator = b",";
    }
    if separator == b"," {
        out.push(b'}');
    }
    out.push(b'}');
}
