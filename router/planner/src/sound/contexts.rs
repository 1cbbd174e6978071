//! Arguments that are read from contexts: each is given, of the nearest ancestor that sets its context, and what is
//! read there is known by then.

use federation::supergraph::{ContextArgument, FieldJoin, FieldSet, FieldSetItem};
use federation::{SubgraphId, TypeId};
use graphql::ExecutableDocument;
use graphql::executable::{Field, Selection, SelectionSet};

use super::data::Class;
use super::represented::{Nulls, Sender};
use super::{Proof, Unsound};
use crate::plan::{ContextSource, ContextualArgument, Entities, Fetch, FetchId, FetchKind};

impl Proof<'_> {
    /// Whether a fetch reads of the ancestors of its entities.
    pub fn reads_above(&self, fetch: FetchId) -> bool {
        let fetch = self.plan.fetches.get(fetch.0 as usize);
        matches!(fetch.map(|fetch| &fetch.kind), Some(FetchKind::Entities(entities)) if !entities.contexts.is_empty())
    }

    /// Checks the arguments of a field that are read from contexts.
    pub fn contextual(
        &mut self,
        fetch: FetchId,
        (join, field): (&FieldJoin, &Field),
        given: &[ContextualArgument],
    ) -> Result<(), String> {
        for argument in &join.context_arguments {
            let written = field.arguments.iter().find(|written| written.name == argument.name);
            let variable = written.and_then(|written| written.value.as_variable());
            let found = variable.and_then(|name| given.iter().find(|given| given.variable == name.as_str()));
            let found = found.ok_or_else(|| format!("{} is not given from its context", argument.name))?;
            if found.ty != argument.ty {
                return Err(format!("{} is given as of another type", argument.name));
            }
            self.nearest(fetch, argument, found).map_err(|why| format!("{}: {why}", argument.name))?;
        }
        Ok(())
    }

    /// Checks that an argument is read of the nearest ancestor that sets its context.
    fn nearest(
        &mut self,
        fetch: FetchId,
        argument: &ContextArgument,
        given: &ContextualArgument,
    ) -> Result<(), String> {
        let ancestors = std::mem::take(&mut self.above);
        let mut checked = Err("no ancestor sets the context".to_owned());
        for (up, class) in (1..).zip(ancestors.iter().rev()) {
            match self.level(fetch, argument, (class, given.sources.iter().filter(|source| source.up == up))) {
                Ok(Reach::Here) => {
                    checked = Ok(());
                    break;
                }
                Ok(Reach::Further) => {}
                Err(why) => {
                    checked = Err(why);
                    break;
                }
            }
        }
        self.above = ancestors;
        checked
    }

    /// Checks what is read at one place above: of just those that set the context. Says whether some don't.
    fn level<'s>(
        &mut self,
        fetch: FetchId,
        argument: &ContextArgument,
        (class, sources): (&Class, impl Iterator<Item = &'s ContextSource> + Clone),
    ) -> Result<Reach, String> {
        let mut reach = Reach::Here;
        for ty in class.types.iter() {
            let name = &self.supergraph.ty(ty).name;
            let source = sources.clone().find(|source| source.types.is_empty() || source.types.contains(ty));
            match (self.supergraph.sets_context(ty, argument.context), source) {
                (false, None) => reach = Reach::Further,
                (false, Some(_)) => return Err(format!("it is read of {name}, which doesn't set the context")),
                (true, None) => return Err(format!("it is not read of {name}, which sets the context")),
                (true, Some(source)) => {
                    if !source.types.is_empty() && !self.tells(fetch, &class.tellers) {
                        return Err(format!("{name} can't be told from others"));
                    }
                    self.is_read(fetch, argument, (class, ty), source)?;
                }
            }
        }
        Ok(reach)
    }

    /// Checks that what is read of an object is what the argument selects there.
    fn is_read(
        &mut self,
        fetch: FetchId,
        argument: &ContextArgument,
        (class, ty): (&Class, TypeId),
        source: &ContextSource,
    ) -> Result<(), String> {
        // The argument's own type says whether null is sent.
        let subgraph = self.plan.fetches.get(fetch.0 as usize).map_or(SubgraphId(0), |fetch| fetch.subgraph);
        let sender = Sender { fetch, subgraph };
        let selected = argument.selection_of(self.supergraph, ty).map(|selection| &selection.fields);
        let set = selected.filter(|set| self.selects(set, ty));
        match (set, &source.value) {
            (None, None) => Ok(()),
            (None, Some(_)) => Err("something is read where nothing is selected".to_owned()),
            (Some(_), None) => Err("nothing is read where something is selected".to_owned()),
            (Some(set), Some(value)) => self
                .given((sender, Nulls::Ignored), set, (class, ty), std::slice::from_ref(value))
                .map_err(|what| format!("it reads {what}")),
        }
    }

    /// Whether a field set selects anything of an object. Recursion is bounded by the set's depth.
    fn selects(&self, set: &FieldSet, ty: TypeId) -> bool {
        set.iter().any(|item| match item {
            FieldSetItem::Field { .. } => true,
            FieldSetItem::Fragment { on, selection } => self.supergraph.is_of(ty, *on) && self.selects(selection, ty),
        })
    }

    /// Checks that a fetch asks several groups of entities what it asks one.
    pub fn grouped(&mut self, id: FetchId, fetch: &Fetch) {
        let FetchKind::Entities(entities) = &fetch.kind else { return };
        let why = match (&entities.grouped, entities.contexts.is_empty()) {
            (None, true) => None,
            (Some(_), false) => self.differs_grouped(fetch.subgraph, fetch, entities),
            _ => Some("what asks groups of entities is there without contexts, or lacks with them".to_owned()),
        };
        self.found.extend(why.map(|why| Unsound::Invalid { fetch: id, why }));
    }

    fn differs_grouped(&self, subgraph: SubgraphId, fetch: &Fetch, entities: &Entities) -> Option<String> {
        let grouped = entities.grouped.as_ref()?;
        let text = grouped.document(2);
        let schema = self.schemas.get(usize::from(subgraph.0))?;
        let document = match ExecutableDocument::parse_and_validate(schema, &text, "groups.graphql") {
            Ok(document) => document,
            Err(found) => return Some(format!("{text}\n{}", found.errors)),
        };
        let alone = ExecutableDocument::parse(schema, &fetch.document, "fetch.graphql").ok()?;
        let alone = entities_of(&alone.operations.get(None).ok()?.selection_set).into_iter().next()?;
        let groups = entities_of(&document.operations.get(None).ok()?.selection_set);
        if groups.len() != 2 {
            return Some(format!("{text} is not for two groups"));
        }
        for (group, together) in groups.into_iter().enumerate() {
            let names = entities.contexts.iter().enumerate();
            let names = names.map(|(index, given)| (grouped.argument(index, group), given.variable.as_str()));
            let names: Vec<(String, &str)> = names.collect();
            let renamed = |text: String| {
                names.iter().fold(text, |text, (from, to)| text.replace(&format!("${from}"), &format!("${to}")))
            };
            if renamed(together.selection_set.to_string()) != renamed(alone.selection_set.to_string()) {
                return Some(format!("{together} is not {alone}"));
            }
        }
        None
    }
}

/// How far up a context is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// All objects at the place set it.
    Here,
    /// Some leave it to those above.
    Further,
}

fn entities_of(set: &SelectionSet) -> Vec<&Field> {
    set.selections.iter().filter_map(Selection::as_field).map(AsRef::as_ref).collect()
}
