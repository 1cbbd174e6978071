//! Fetches that are sent as one request: it says together what each says alone.

use graphql::ExecutableDocument;
use graphql::executable::{Field, Selection};

use super::{Proof, Unsound};
use crate::plan::{FetchId, FetchKind, Joint, body_start};

impl Proof<'_> {
    /// Checks every joint request.
    pub fn joint(&mut self) {
        let mut seen: Vec<FetchId> = Vec::new();
        for joint in &self.plan.joint {
            let fetch = joint.members.first().map_or(FetchId(0), |member| member.fetch);
            let twice = joint.members.iter().any(|member| seen.contains(&member.fetch));
            seen.extend(joint.members.iter().map(|member| member.fetch));
            let why = match twice {
                true => Some("a fetch is sent twice".to_owned()),
                false => self.differs(joint),
            };
            self.found.extend(why.map(|why| Unsound::Invalid { fetch, why }));
        }
    }

    /// How a joint request differs from what its fetches ask.
    fn differs(&self, joint: &Joint) -> Option<String> {
        let fetches: Vec<_> =
            joint.members.iter().map(|member| self.plan.fetches.get(member.fetch.0 as usize)).collect();
        let first = fetches.first().copied().flatten()?;
        if joint.body_start != body_start(&joint.document, joint.operation_name.as_deref()) {
            return Some("the body of its requests begins with another document".to_owned());
        }
        let schema = self.schemas.get(usize::from(first.subgraph.0))?;
        let document = match ExecutableDocument::parse_and_validate(schema, &joint.document, "joint.graphql") {
            Ok(document) => document,
            Err(found) => return Some(format!("{}\n{}", joint.document, found.errors)),
        };
        let fields = &document.operations.get(None).ok()?.selection_set.selections;
        if fields.len() != joint.members.len() {
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
            let alone = ExecutableDocument::parse_and_validate(schema, &fetch.document, "fetch.graphql").ok()?;
            let alone = alone.operations.get(None).ok()?.selection_set.selections.first().cloned()?;
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
                || together.selection_set != alone.selection_set
            {
                return Some(format!("{together} is not what #{} asks", member.fetch.0));
            }
        }
        None
    }
}
