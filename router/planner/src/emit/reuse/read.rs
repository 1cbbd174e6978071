//! Reading a document that this planner wrote, with the type of each selection.
//!
//! It needs no more of the language than [`super::super::document`] writes. What it doesn't understand it gives up on: the
//! document then stays as it is.

use federation::{SubgraphId, Supergraph};
use indexmap::IndexSet;

use super::{Item, Set};
use crate::plan::Selection;

/// A document up to its selections, all sets of those, children first, and the topmost.
type Document<'t> = (&'t str, IndexSet<Set<'t>>, usize);

/// What is taken of the entities of a response key.
type OutputOf<'o> = &'o dyn Fn(&str) -> Option<&'o Selection>;

/// Reads one document.
pub struct Reader<'t> {
    text: &'t str,
    at: usize,
    supergraph: &'t Supergraph,
    subgraph: SubgraphId,
    sets: IndexSet<Set<'t>>,
}

impl<'t> Reader<'t> {
    /// At the document's start.
    pub fn new(text: &'t str, (supergraph, subgraph): (&'t Supergraph, SubgraphId)) -> Self {
        Self { text, at: 0, supergraph, subgraph, sets: IndexSet::new() }
    }

    /// Fields of a root type.
    pub fn root(mut self, output: &Selection) -> Option<Document<'t>> {
        let head = self.head()?;
        let top = self.set("", output)?;
        Some((head, self.sets, top))
    }

    /// `_entities` fields, each with what is taken of its entities.
    pub fn entities(mut self, output: OutputOf<'_>) -> Option<Document<'t>> {
        let head = self.head()?;
        let mut items = Vec::new();
        self.take("{")?;
        loop {
            let (key, field) = self.field()?;
            let below = self.set("_Entity", output(key)?)?;
            items.push(Item::Field(field, Some(below)));
            if self.take("}").is_some() {
                break;
            }
            self.take(" ")?;
        }
        let (top, _) = self.sets.insert_full(Set { ty: "", items });
        Some((head, self.sets, top))
    }

    /// What stands before the selections: the keyword, a name, declarations of variables in parentheses, and directives.
    fn head(&mut self) -> Option<&'t str> {
        let start = self.at;
        self.word();
        if !self.rest().starts_with(" @") && self.take(" ").is_some() {
            self.word();
        }
        self.parentheses()?;
        self.directives()?;
        self.text.get(start..self.at)
    }

    /// A selection set in braces. Recursion is bounded by the document's depth.
    fn set(&mut self, ty: &'t str, output: &Selection) -> Option<usize> {
        let mut items = Vec::new();
        self.take("{")?;
        loop {
            if self.take("...on ").is_some() {
                let on = self.word();
                items.push(Item::On(self.set(on, output)?));
            } else {
                let (key, field) = self.field()?;
                let below = match self.rest().starts_with('{') {
                    true => Some(self.below(key, output)?),
                    false => None,
                };
                items.push(Item::Field(field, below));
            }
            if self.take("}").is_some() {
                return Some(self.sets.insert_full(Set { ty, items }).0);
            }
            self.take(" ")?;
        }
    }

    /// The set below a field, of the field's type in the subgraph.
    fn below(&mut self, key: &str, output: &Selection) -> Option<usize> {
        let taken = output.fields.iter().find(|field| field.response_key == key)?;
        let supergraph = self.supergraph;
        let ty = supergraph.field(taken.field?).join(self.subgraph)?.ty.named();
        // What a subgraph calls its root types is its own affair: sets of those have no name to write.
        let name = if supergraph.is_root(ty) { "" } else { supergraph.ty(ty).name.as_str() };
        self.set(name, taken.selection.as_ref()?)
    }

    /// A field without what is below it: its response key, and all of it as written.
    fn field(&mut self) -> Option<(&'t str, &'t str)> {
        let start = self.at;
        let key = self.word();
        if self.take(":").is_some() {
            self.word();
        }
        self.parentheses()?;
        self.directives()?;
        (!key.is_empty()).then_some((key, self.text.get(start..self.at)?))
    }

    /// Goes past directives, if there are any.
    fn directives(&mut self) -> Option<()> {
        while self.take(" @").is_some() {
            self.word();
            self.parentheses()?;
        }
        Some(())
    }

    /// Goes past parentheses, if there are any; strings in them may hold anything.
    fn parentheses(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        let mut is_string = false;
        let mut bytes = self.rest().bytes().enumerate();
        while let Some((index, byte)) = bytes.next() {
            match (byte, is_string) {
                (b'\\', true) => drop(bytes.next()),
                (b'"', _) => is_string = !is_string,
                (b'(', false) => depth += 1,
                (b')', false) => depth = depth.checked_sub(1)?,
                _ => {}
            }
            if depth == 0 {
                self.at += if byte == b')' { index + 1 } else { 0 };
                return Some(());
            }
        }
        (depth == 0).then_some(())
    }

    /// A name, or nothing.
    fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn take(&mut self, text: &str) -> Option<()> {
        self.rest().starts_with(text).then(|| self.at += text.len())
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }
}
