//! What a handler wants.

use wire::schema::catalogue;

use crate::consumer::Handler;

/// Those of all types that travel which a handler wants, by their names, sorted.
#[must_use]
pub fn wanted(handler: &impl Handler) -> Vec<String> {
    let names = catalogue().map(|(_, kind)| kind.type_name());
    let mut wanted: Vec<String> = names.filter(|name| handler.wants(name)).collect();
    wanted.sort();
    wanted
}
