//! The document of a fetch, and what of its answer goes where.
//!
//! Each response name stands once in a selection of the answer: where two types ask different things under one name,
//! or the subgraph types the same thing differently for them, the later gets an alias.

use std::collections::BTreeSet;

use federation::supergraph::{FieldType, TypeKind};
use federation::{FieldId, SubgraphId, TypeId};
use graphql::Name;
use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxHashMap;

use super::contexts::Contexts;
use super::representations;
use super::value::{self, write_arguments, write_directives};
use super::{Keys, Kind, Unnamed, keyword, path};
use crate::PlanError;
use crate::draft::{Draft, Knows, RequestId, SourceId, Used};
use crate::operation::{Applied, NodeId};
use crate::plan::{OperationKind, OutputField, Selection, Target};

struct Writer<'d, 'a> {
    draft: &'d Draft<'a>,
    used: &'d Used,
    only: Option<(SourceId, &'d [usize])>,
    keys: &'d mut Keys,
    subgraph: SubgraphId,
    variables: IndexSet<Name>,
    contexts: Contexts,
}

/// A field of a selection under its response name.
struct Named {
    /// The index of the entry.
    entry: usize,
    /// The index of its output.
    output: usize,
    /// Its type in the subgraph.
    ty: FieldType,
    /// The field with its arguments and what is below, without alias.
    call: String,
    /// The same with its alias.
    text: String,
}

/// The response names of a selection.
#[derive(Default)]
struct Names {
    by_name: IndexMap<String, Named>,
    by_key: FxHashMap<Name, Vec<usize>>,
}

impl Names {
    /// What gives values of a key.
    fn under<'n>(&'n self, key: &Name) -> impl Iterator<Item = (&'n String, &'n Named)> + use<'n> {
        let indexes = self.by_key.get(key).map(Vec::as_slice).unwrap_or_default();
        indexes.iter().filter_map(|&index| self.by_name.get_index(index))
    }

    fn push(&mut self, key: &Name, name: String, named: Named) {
        let (index, _) = self.by_name.insert_full(name, named);
        self.by_key.entry(key.clone()).or_default().push(index);
    }

    fn text(&self, name: &str) -> &str {
        self.by_name.get(name).map(|named| named.text.as_str()).unwrap_or_default()
    }
}

/// A part of a request.
#[derive(Clone, Copy)]
pub struct Only<'o> {
    /// Which of the fields at its top.
    pub entries: &'o [usize],
    /// What those require.
    pub requires: &'o BTreeSet<NodeId>,
}

/// Writes a request, or a part of it, as a fetch, its place in the order still to come.
pub fn write(
    draft: &Draft<'_>,
    used: &Used,
    keys: &mut Keys,
    id: RequestId,
    only: Option<Only<'_>>,
) -> Result<Unnamed, PlanError> {
    let request = draft.state.request(id);
    let place = draft.state.source(request.top).place;
    let top = only.map(|only| (request.top, only.entries));
    let (variables, contexts) = (IndexSet::new(), Contexts::default());
    let mut writer = Writer { draft, used, only: top, keys, subgraph: request.subgraph, variables, contexts };
    let mut body = String::new();
    let is_root = request.inputs.is_empty();
    let output = writer.selection(request.top, is_root, &mut body);
    let (mut variables, contexts) = (writer.variables, writer.contexts);
    let top = draft.state.source(request.top);
    let mut declarations = Vec::new();
    let (kind, keyword) = if is_root {
        let operation = match top.ty {
            ty if Some(ty) == draft.supergraph.mutation => OperationKind::Mutation,
            ty if Some(ty) == draft.supergraph.subscription => OperationKind::Subscription,
            _ => OperationKind::Query,
        };
        (Kind::Root(path(draft, keys, place)), keyword(operation))
    } else {
        let representations = representations::write(draft, used, keys, id, only)?;
        let paths = vec![path(draft, keys, place)];
        let contexts = contexts.bind(draft, keys)?;
        (Kind::Entities { paths, representations, contexts }, "query")
    };
    let mut directives = String::new();
    let own = draft.operation.directives(draft.operation.own_directives);
    // What a mutation asks after its root fields is a query, on which the directive may not stand.
    let own: Vec<Applied> = own.iter().filter(|one| one.may_stand_on(draft.supergraph, keyword)).cloned().collect();
    write_directives(&own, &mut variables, &mut directives);
    for name in &variables {
        let Some(definition) = draft.operation.variables.get(name) else {
            return Err(PlanError::Internal("a variable that the operation doesn't declare"));
        };
        let mut text = format!("${name}:{}", definition.ty);
        if let Some(default) = &definition.default_value {
            text.push('=');
            value::write(default, &mut IndexSet::new(), &mut text);
        }
        declarations.push(text);
    }
    Ok(Unnamed {
        subgraph: request.subgraph,
        stage: request.stage,
        kind,
        keyword,
        declarations,
        directives,
        body,
        variables: variables.into_iter().collect(),
        output,
        after: Default::default(),
        requests: Vec::new(),
        readers: Default::default(),
        apart: Vec::new(),
    })
}

impl Writer<'_, '_> {
    /// Writes the selection of a source in braces. Recursion is bounded by the operation's depth.
    fn selection(&mut self, source: SourceId, is_plain: bool, out: &mut String) -> Selection {
        let supergraph = self.draft.supergraph;
        let at = self.draft.state.source(source).clone();
        let is_entities = at.parent.is_none() && !is_plain;
        let mut selection = Selection::default();
        let mut named = Names::default();
        let mut common = Vec::new();
        let mut by_type: IndexMap<TypeId, Vec<String>> = IndexMap::new();
        let kind = supergraph.ty(at.ty).kind;
        let is_concrete = at.knows == Knows::Interface || (kind == TypeKind::Object && !is_entities);
        let via = self.draft.state.request(at.request).via;
        let mut entries: Vec<_> = at.entries.iter().enumerate().collect();
        if !self.draft.state.request(at.request).inputs.is_empty() {
            // One order for what is asked of entities, however it was found: equal fetches are merged.
            entries.sort_by_key(|(_, entry)| (entry.field, entry.call.arguments, entry.key.clone()));
        }
        for (index, entry) in entries {
            let is_left_out = self.only.is_some_and(|(top, entries)| top == source && !entries.contains(&index));
            if is_left_out || !self.used.entries.contains(&(source, index)) {
                continue;
            }
            let types = entry.types.intersection(&at.types);
            let interface_field = supergraph.ty(at.ty).fields.get(&entry.call.name).copied();
            let is_common = is_concrete
                || (kind == TypeKind::Interface
                    && (!is_entities || via.is_some())
                    && at.types.is_subset(&types)
                    && self.gives(interface_field, entry.child));
            if is_common {
                let field = interface_field.unwrap_or(entry.field);
                let name = self.name(source, index, field, &mut named, &mut selection);
                common.extend(name);
                continue;
            }
            for ty in types.iter() {
                let Some(&field) = supergraph.ty(ty).fields.get(&entry.call.name) else { continue };
                let name = self.name(source, index, field, &mut named, &mut selection);
                by_type.entry(ty).or_default().extend(name);
            }
        }
        by_type.sort_keys();
        // What a subgraph calls its root types is its own affair.
        let tells = self.used.typenames.contains(&source) && !supergraph.is_root(at.ty);
        if tells {
            let response_key = "__typename".to_owned();
            let field = OutputField { response_key, target: Target::Typename, field: None, selection: None };
            selection.fields.insert(0, field);
        }
        out.push('{');
        let wrap = if is_entities { via } else { None };
        if let Some(interface) = wrap {
            out.push_str("...on ");
            out.push_str(&supergraph.ty(interface).name);
            out.push('{');
        }
        let mut gap = Gap::default();
        if tells || (common.is_empty() && by_type.is_empty()) {
            gap.write("__typename", out);
        }
        for name in &common {
            gap.write(named.text(name), out);
        }
        for (ty, names) in &by_type {
            gap.write("...on ", out);
            out.push_str(&supergraph.ty(*ty).name);
            out.push('{');
            let mut gap = Gap::default();
            for name in names {
                gap.write(named.text(name), out);
            }
            out.push('}');
        }
        if wrap.is_some() {
            out.push('}');
        }
        out.push('}');
        selection
    }

    /// Whether an interface's field in the subgraph gives what is selected below it, its type not being wider.
    fn gives(&self, field: Option<FieldId>, below: Option<SourceId>) -> bool {
        let join = field.and_then(|field| self.draft.supergraph.field(field).join(self.subgraph));
        let below = below.map(|below| self.draft.state.source(below).ty);
        join.is_some_and(|join| !join.external && below.is_none_or(|below| below == join.ty.named()))
    }

    /// The response name of an entry for objects that have this field: made at first sight.
    fn name(
        &mut self,
        source: SourceId,
        index: usize,
        field: FieldId,
        named: &mut Names,
        selection: &mut Selection,
    ) -> Option<String> {
        let at = self.draft.state.source(source);
        let entry = at.entries.get(index)?.clone();
        let field_of = self.draft.supergraph.field(field);
        let ty = field_of.join(self.subgraph).map(|join| join.ty.clone()).unwrap_or_else(|| field_of.ty.clone());
        let same = named.under(&entry.key).find(|(_, known)| known.entry == index && known.ty == ty);
        if let Some((name, _)) = same {
            return Some(name.clone());
        }
        let mut call = entry.call.name.to_string();
        let arguments = self.draft.operation.arguments(entry.call.arguments).to_vec();
        write_arguments(&arguments, &mut self.variables, &mut call);
        self.contexts.write(&entry.readings, &mut call);
        write_directives(self.draft.operation.directives(entry.call.directives), &mut self.variables, &mut call);
        let below = entry.child.map(|child| self.selection(child, true, &mut call));
        let target = Target::Key(self.keys.id(&entry.key));
        let equal = named.under(&entry.key).find(|(_, known)| {
            let output = selection.fields.get(known.output);
            known.ty == ty && known.call == call && output.is_some_and(|output| output.selection == below)
        });
        if let Some((name, _)) = equal {
            return Some(name.clone());
        }
        let mut name = entry.key.to_string();
        let mut number = 0_u32;
        // Ends: there are fewer names than numbers.
        while name == "__typename" || named.by_name.contains_key(&name) {
            name = format!("_{}_{number}", entry.key.trim_start_matches('_'));
            number = number.wrapping_add(1);
        }
        let text = if name == entry.call.name.as_str() { call.clone() } else { format!("{name}:{call}") };
        selection.fields.push(OutputField { response_key: name.clone(), target, field: Some(field), selection: below });
        named.push(
            &entry.key,
            name.clone(),
            Named { entry: index, output: selection.fields.len() - 1, ty, call, text },
        );
        Some(name)
    }
}

/// Puts spaces between the items of a selection.
#[derive(Default)]
struct Gap {
    after: bool,
}

impl Gap {
    fn write(&mut self, text: &str, out: &mut String) {
        if std::mem::replace(&mut self.after, true) {
            out.push(' ');
        }
        out.push_str(text);
    }
}
