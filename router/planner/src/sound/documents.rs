//! Documents, by the subgraphs' own schemas.

use graphql::executable::Operation;
use graphql::{ExecutableDocument, Node, Valid};

use super::{Proof, Unsound};
use crate::plan::{Fetch, FetchId, FetchKind, body_start};

impl Proof<'_> {
    /// The document of a fetch, if its subgraph takes it.
    pub fn document(&mut self, id: FetchId, fetch: &Fetch) -> Option<Valid<ExecutableDocument>> {
        let mut invalid = |why: String| self.found.push(Unsound::Invalid { fetch: id, why });
        let Some(schema) = self.schemas.get(usize::from(fetch.subgraph.0)) else {
            invalid("there is no such subgraph".to_owned());
            return None;
        };
        if fetch.body_start != body_start(&fetch.document, fetch.operation_name.as_deref()) {
            invalid("the body of its requests begins with another document".to_owned());
        }
        let document = match ExecutableDocument::parse_and_validate(schema, &fetch.document, "fetch.graphql") {
            Ok(document) => document,
            Err(found) => {
                invalid(format!("{}\n{}", fetch.document, found.errors));
                return None;
            }
        };
        let Ok(operation) = document.operations.get(None) else {
            invalid(format!("{} is not one operation", fetch.document));
            return None;
        };
        if let Some(why) = variables(fetch, operation) {
            invalid(why);
        }
        Some(document)
    }
}

/// What is wrong with a fetch's variables: the document has to declare just those that are sent.
fn variables(fetch: &Fetch, operation: &Node<Operation>) -> Option<String> {
    let mut sent: Vec<&str> = fetch.variables.iter().map(String::as_str).collect();
    if let FetchKind::Entities(entities) = &fetch.kind {
        if sent.contains(&entities.variable.as_str()) {
            return Some(format!("${} is the client's and the representations'", entities.variable));
        }
        sent.push(&entities.variable);
    }
    let mut declared: Vec<&str> = operation.variables.iter().map(|variable| variable.name.as_str()).collect();
    sent.sort_unstable();
    declared.sort_unstable();
    (sent != declared).then(|| format!("declares the variables {declared:?} and is sent {sent:?}"))
}
