//! Documents, by the subgraphs' own schemas.

use graphql::executable::Operation;
use graphql::{ExecutableDocument, Node, Valid};

use super::{Asked, Proof, Unsound};
use crate::plan::{BodyStart, Fetch, FetchId, FetchKind};

impl Proof<'_> {
    /// The document of a fetch, if its subgraph takes it.
    pub fn document(&mut self, id: FetchId, fetch: &Fetch, asked: Asked<'_>) -> Option<Valid<ExecutableDocument>> {
        let mut invalid = |why: String| self.found.push(Unsound::Invalid { fetch: id, why });
        let Some(schema) = self.schemas.get(usize::from(fetch.subgraph.0)) else {
            invalid("there is no such subgraph".to_owned());
            return None;
        };
        if fetch.body_start != BodyStart::new(&fetch.document, fetch.operation_name.as_deref()) {
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
        let of_representations = match &fetch.kind {
            FetchKind::Entities(entities) => {
                let read = entities.contexts.iter().map(|argument| argument.variable.as_str());
                std::iter::once(entities.variable.as_str()).chain(read).collect()
            }
            FetchKind::Root { .. } => Vec::new(),
        };
        if operation.name.as_ref().map(|name| name.as_str()) != fetch.operation_name.as_deref() {
            invalid(format!("{} has another name than is sent", fetch.document));
        }
        if let Some(why) = variables((&fetch.variables, of_representations), operation, asked) {
            invalid(why);
        }
        Some(document)
    }
}

/// What is wrong with the variables of a document: it has to declare just those that are sent, and the client's as the
/// client did.
pub fn variables<'v>(
    (client, of_representations): (&'v [String], impl IntoIterator<Item = &'v str>),
    operation: &Node<Operation>,
    asked: Asked<'_>,
) -> Option<String> {
    let mut sent: Vec<&str> = client.iter().map(String::as_str).collect();
    for name in of_representations {
        if client.iter().any(|client| client == name) {
            return Some(format!("${name} is the client's and the representations'"));
        }
        sent.push(name);
    }
    let own = asked.document.operations.get(asked.operation_name).ok()?;
    for name in client {
        let find =
            |operation: &Operation| operation.variables.iter().find(|known| known.name == name.as_str()).cloned();
        let (Some(here), Some(there)) = (find(operation), find(own)) else { continue };
        if here.ty != there.ty || here.default_value != there.default_value {
            return Some(format!("declares ${name} as {here}, the client as {there}"));
        }
    }
    let mut declared: Vec<&str> = operation.variables.iter().map(|variable| variable.name.as_str()).collect();
    sent.sort_unstable();
    declared.sort_unstable();
    (sent != declared).then(|| format!("declares the variables {declared:?} and is sent {sent:?}"))
}
