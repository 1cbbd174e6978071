//! Writing a selection.
//!
//! Each response name stands once in a selection of the answer: where two types ask different things under one name,
//! or the subgraph types the same thing differently for them, the later gets an alias.

use federation::supergraph::TypeKind;
use federation::{FieldId, SubgraphId, TypeId};
use graphql::Name;
use indexmap::IndexSet;

use super::fold::ByType;
use super::names::{Named, Names};
use crate::draft::{Draft, Entry, Knows, SourceId, Used};
use crate::emit::Keys;
use crate::emit::contexts::Contexts;
use crate::emit::value::{write_arguments, write_directives};
use crate::plan::{OutputField, Selection, Target};

/// Writes the selections of one request.
pub struct Writer<'d, 'a> {
    pub draft: &'d Draft<'a>,
    pub used: &'d Used,
    pub only: Option<(SourceId, &'d [usize])>,
    pub keys: &'d mut Keys,
    pub subgraph: SubgraphId,
    pub variables: IndexSet<Name>,
    pub contexts: Contexts,
}

impl Writer<'_, '_> {
    /// Writes the selection of a source in braces. Recursion is bounded by the operation's depth.
    pub fn selection(&mut self, source: SourceId, is_plain: bool, out: &mut String) -> Selection {
        let supergraph = self.draft.supergraph;
        let at = self.draft.state.source(source).clone();
        let is_entities = at.parent.is_none() && !is_plain;
        let mut selection = Selection::default();
        let mut named = Names::default();
        let mut common = Vec::new();
        let mut by_type = ByType::new();
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
                    && self.gives(at.ty, entry));
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
        self.fold(&at, &named, &mut by_type);
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

    /// Whether an interface of the subgraph has the field of an entry, with its arguments and what is selected below it.
    pub fn gives(&self, interface: TypeId, entry: &Entry) -> bool {
        let supergraph = self.draft.supergraph;
        let ty = supergraph.ty(interface);
        let field = ty.fields.get(&entry.call.name).map(|&field| supergraph.field(field));
        let below = entry.child.map(|below| self.draft.state.source(below).ty);
        let is_there = field.and_then(|field| field.join(self.subgraph)).is_some_and(|join| {
            // Its type may be wider than those of its implementations.
            !join.external && below.is_none_or(|below| below == join.ty.named())
        });
        let arguments = self.draft.operation.arguments(entry.call.arguments);
        // Implementations may take more arguments.
        let definition = || supergraph.api_schema.type_field(&ty.name, &entry.call.name).ok();
        let takes = || {
            let definition = definition()?;
            Some(arguments.iter().all(|(name, _)| definition.argument_by_name(name).is_some()))
        };
        is_there && entry.readings.is_empty() && (arguments.is_empty() || takes() == Some(true))
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
