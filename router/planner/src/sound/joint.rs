//! Fetches that are sent as one request: it says together what each says alone.

use graphql::ast::Argument;
use graphql::executable::{DirectiveList, Field, Selection, SelectionSet};
use graphql::{ExecutableDocument, Name, Node};

use super::documents::variables;
use super::{Asked, Proof, Unsound};
use crate::plan::{BodyStart, FetchId, FetchKind, Joint};

impl Proof<'_> {
    /// Checks every joint request.
    pub fn joint(&mut self, asked: Asked<'_>) {
        let mut seen: Vec<FetchId> = Vec::new();
        for joint in &self.plan.joint {
            let fetch = joint.members.first().map_or(FetchId(0), |member| member.fetch);
            let twice = joint.members.iter().any(|member| seen.contains(&member.fetch));
            seen.extend(joint.members.iter().map(|member| member.fetch));
            let why = match twice || joint.members.is_empty() {
                true => Some("a fetch is sent twice, or none at all".to_owned()),
                false => self.differs(joint, asked),
            };
            self.found.extend(why.map(|why| Unsound::Invalid { fetch, why }));
        }
    }

    /// How a joint request differs from what its fetches ask.
    fn differs(&self, joint: &Joint, asked: Asked<'_>) -> Option<String> {
        let fetches: Vec<_> =
            joint.members.iter().map(|member| self.plan.fetches.get(member.fetch.0 as usize)).collect();
        let first = fetches.first().copied().flatten()?;
        if joint.body_start != BodyStart::new(&joint.document, joint.operation_name.as_deref()) {
            return Some("the body of its requests begins with another document".to_owned());
        }
        let schema = self.schemas.get(usize::from(first.subgraph.0))?;
        let document = match ExecutableDocument::parse_and_validate(schema, &joint.document, "joint.graphql") {
            Ok(document) => document,
            Err(found) => return Some(format!("{}\n{}", joint.document, found.errors)),
        };
        let Ok(operation) = document.operations.get(None) else {
            return Some(format!("{} is not one operation", joint.document));
        };
        if operation.name.as_ref().map(|name| name.as_str()) != joint.operation_name.as_deref() {
            return Some(format!("{} has another name than is sent", joint.document));
        }
        let of_representations = joint.members.iter().map(|member| member.variable.as_str());
        if let Some(why) = variables((&joint.variables, of_representations), operation, asked) {
            return Some(why);
        }
        let parts = self.parts_of(joint.members.first()?.fetch);
        if joint.members.iter().any(|member| self.parts_of(member.fetch) != parts) {
            return Some("a part of the response would wait for what another one reads".to_owned());
        }
        let fields = &operation.selection_set.selections;
        if fields.len() < 2 || fields.len() != joint.members.len() {
            return Some(format!("{} is not for {} fetches", joint.document, joint.members.len()));
        }
        for ((member, fetch), selection) in joint.members.iter().zip(fetches).zip(fields) {
            let Some(fetch) = fetch else { return Some("it is for a fetch that there isn't".to_owned()) };
            if fetch.subgraph != first.subgraph || fetch.after != first.after {
                return Some(format!("#{} can't go with the others", member.fetch.0));
            }
            let FetchKind::Entities(entities) = &fetch.kind else {
                return Some(format!("#{} asks for no entities", member.fetch.0));
            };
            let alone_document =
                ExecutableDocument::parse_and_validate(schema, &fetch.document, "fetch.graphql").ok()?;
            let alone = alone_document.operations.get(None).ok()?.selection_set.selections.first().cloned()?;
            let (Selection::Field(alone), Selection::Field(together)) = (alone, selection) else {
                return Some(format!("{} has a fragment at its top", joint.document));
            };
            let given = |field: &Field, variable: &str| match field.arguments.as_slice() {
                [only] => {
                    only.name == "representations" && only.value.as_variable().is_some_and(|name| name == variable)
                }
                _ => false,
            };
            if together.response_key().as_str() != member.response_key
                || !given(together, &member.variable)
                || !given(&alone, &entities.variable)
                || together.name != alone.name
                || flat(&together.selection_set, &document) != flat(&alone.selection_set, &alone_document)
            {
                return Some(format!("{together} is not what #{} asks", member.fetch.0));
            }
        }
        None
    }
}

/// A selection without the names of fragments, which differ where more is written in a document.
#[derive(PartialEq)]
enum Flat<'d> {
    /// A field: its response key, name, arguments and directives, and what is below.
    Field(&'d Name, &'d Name, (&'d [Node<Argument>], &'d DirectiveList), Vec<Flat<'d>>),
    /// What is asked of some types only.
    On(&'d Name, Vec<Flat<'d>>),
}

/// Recursion is bounded by the document's depth.
fn flat<'d>(set: &'d SelectionSet, document: &'d ExecutableDocument) -> Vec<Flat<'d>> {
    let mut all = Vec::with_capacity(set.selections.len());
    for selection in &set.selections {
        let below = match selection {
            Selection::Field(field) => {
                let below = flat(&field.selection_set, document);
                let given = (field.arguments.as_slice(), &field.directives);
                all.push(Flat::Field(field.response_key(), &field.name, given, below));
                continue;
            }
            Selection::InlineFragment(inline) => Some(&inline.selection_set),
            Selection::FragmentSpread(spread) => {
                document.fragments.get(&spread.fragment_name).map(|f| &f.selection_set)
            }
        };
        match below {
            Some(below) if below.ty == set.ty => all.extend(flat(below, document)),
            Some(below) => all.push(Flat::On(&below.ty, flat(below, document))),
            None => {}
        }
    }
    all
}
