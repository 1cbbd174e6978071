//! How much memory a plan takes, about: what a cache of plans is bounded by. A short document can make a large plan.

use super::{Entities, Fetch, FetchKind, QueryPlan, Representation, RepresentationMember, Selection, Shape};

impl QueryPlan {
    /// Bytes of memory, but for what allocators add and sets of types keep beside themselves.
    pub fn memory_bytes(&self) -> usize {
        let joint = self.joint.iter().map(|joint| {
            size_of_val(joint)
                + joint.document.len()
                + joint.body_start.text.len()
                + size_of_val(joint.members.as_slice())
                + texts(&joint.variables)
        });
        size_of_val(self)
            + texts(&self.keys)
            + self.fetches.iter().map(of_fetch).sum::<usize>()
            + of_shape(&self.response)
            + size_of_val(self.blocks.as_slice())
            + self.blocks.iter().map(|block| size_of_val(block.needs.as_slice())).sum::<usize>()
            + self.groups.iter().map(|group| size_of_val(group) + size_of_val(group.as_slice())).sum::<usize>()
            + joint.sum::<usize>()
    }
}

fn texts(texts: &[String]) -> usize {
    size_of_val(texts) + texts.iter().map(String::len).sum::<usize>()
}

fn of_fetch(fetch: &Fetch) -> usize {
    let kind = match &fetch.kind {
        FetchKind::Root { path } => size_of_val(path.as_slice()),
        FetchKind::Entities(entities) => of_entities(entities),
    };
    size_of_val(fetch)
        + kind
        + fetch.document.len()
        + fetch.body_start.text.len()
        + texts(&fetch.variables)
        + of_selection(&fetch.output)
        + size_of_val(fetch.after.as_slice())
        + fetch.apart.iter().map(of_fetch).sum::<usize>()
}

fn of_entities(entities: &Entities) -> usize {
    let paths = entities.paths.iter().map(|path| size_of_val(path) + size_of_val(path.as_slice()));
    let representations = entities.representations.iter().map(|representation: &Representation| {
        size_of_val(representation) + representation.members.iter().map(of_member).sum::<usize>()
    });
    paths.sum::<usize>() + representations.sum::<usize>() + size_of_val(entities.contexts.as_slice())
}

fn of_member(member: &RepresentationMember) -> usize {
    let selection = member.selection.iter();
    let selection = selection.map(|part| size_of_val(part) + part.members.iter().map(of_member).sum::<usize>());
    size_of_val(member) + member.name.len() + selection.sum::<usize>()
}

fn of_selection(selection: &Selection) -> usize {
    let fields = selection
        .fields
        .iter()
        .map(|field| size_of_val(field) + field.response_key.len() + field.selection.as_ref().map_or(0, of_selection));
    fields.sum()
}

fn of_shape(shape: &Shape) -> usize {
    let fields = shape.variants.iter().flat_map(|variant| &variant.fields).map(|field| {
        size_of_val(field)
            + field.response_key.len()
            + size_of_val(field.locations.as_slice())
            + field.selection.as_deref().map_or(0, of_shape)
    });
    size_of_val(shape.variants.as_slice()) + fields.sum::<usize>()
}
