//! What every merging rule needs to know, and where it puts what it finds.
//!
//! Types are merged side by side: all of them read one [`Context`], and each has [`Findings`] of its own.

use federation::subgraph::{Subgraph, Validated};
use graphql::collections::{IndexMap, IndexSet};
use graphql::{Diagnostic, Label, Name, Severity, SourceSpan};

use super::compose_directive::ComposedDirectives;
use super::graphs;
use super::interface_objects::{self, InterfaceObjects};
use super::kinds::TypeTable;
use super::links::SpecNames;
use super::subtypes::Subtypes;

/// A subgraph's index, in name order.
pub(crate) type Graph = usize;

/// What rules share.
pub(crate) struct Context<'a> {
    pub(crate) subgraphs: &'a [Subgraph<Validated>],
    /// Values of `join__Graph`, by subgraph.
    pub(crate) graphs: Vec<Name>,
    pub(crate) subtypes: Subtypes,
    pub(crate) interface_objects: InterfaceObjects,
    /// What composed specifications' directives are called in the supergraph.
    pub(crate) spec_names: SpecNames,
    /// Directives that subgraphs ask to keep.
    pub(crate) composed: ComposedDirectives,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        subgraphs: &'a [Subgraph<Validated>],
        types: &TypeTable<'a>,
        spec_names: SpecNames,
        composed: ComposedDirectives,
    ) -> Self {
        Self {
            subgraphs,
            graphs: graphs::values(subgraphs),
            subtypes: Subtypes::of(types),
            interface_objects: interface_objects::gather(subgraphs),
            spec_names,
            composed,
        }
    }

    /// A subgraph's name; empty for an index that is none.
    pub(crate) fn name(&self, graph: Graph) -> &str {
        self.subgraphs.get(graph).map(|subgraph| subgraph.name.as_str()).unwrap_or_default()
    }

    /// Names of subgraphs.
    pub(crate) fn names(&self, graphs: impl IntoIterator<Item = Graph>) -> Vec<String> {
        graphs.into_iter().map(|graph| self.name(graph).to_owned()).collect()
    }

    /// A label in one subgraph.
    pub(crate) fn label(&self, graph: Graph, location: Option<SourceSpan>, text: impl Into<String>) -> Vec<Label> {
        self.subgraphs.get(graph).map(|subgraph| subgraph.label(location, text)).into_iter().collect()
    }

    /// `type "Int" in subgraph "a" but type "Int!" in subgraphs "b" and "c"`: what differs, and where.
    pub(crate) fn variants(&self, noun: &str, by_graph: impl IntoIterator<Item = (Graph, String)>) -> String {
        let mut groups: IndexMap<String, Vec<Graph>> = IndexMap::default();
        for (graph, text) in by_graph {
            groups.entry(text).or_default().push(graph);
        }
        let parts: Vec<String> = groups
            .iter()
            .map(|(text, graphs)| {
                let list = crate::report::subgraphs(self.names(graphs.iter().copied()));
                format!("{noun} \"{text}\" in {list}")
            })
            .collect();
        parts.join(" but ")
    }
}

/// What merging found so far, in order.
#[derive(Default)]
pub(crate) struct Findings {
    all: Vec<Diagnostic>,
    /// Canonical names of composed specifications' directives that are applied somewhere: only these are linked.
    applied: IndexSet<Name>,
}

/// Hints of one element that are looked at for being the same again: rules tell them once for each subgraph.
const SAME_HINTS_WITHIN: usize = 8;

impl Findings {
    /// Adds an error.
    pub(crate) fn error(&mut self, code: &'static str, message: String, labels: Vec<Label>, help: &str) {
        self.add(code, Severity::Error, message, labels, help);
    }

    /// Adds a hint, once.
    pub(crate) fn hint(&mut self, code: &'static str, severity: Severity, message: String, labels: Vec<Label>) {
        let same = |known: &Diagnostic| known.code == code && known.message == message;
        if !self.all.iter().rev().take(SAME_HINTS_WITHIN).any(same) {
            self.add(code, severity, message, labels, "");
        }
    }

    /// Notes that a composed specification's directive is applied.
    pub(crate) fn note_applied(&mut self, canonical: &Name) {
        if !self.applied.contains(canonical) {
            self.applied.insert(canonical.clone());
        }
    }

    /// Canonical names of composed specifications' directives that are applied somewhere.
    pub(crate) fn applied(&self) -> &IndexSet<Name> {
        &self.applied
    }

    /// Adds what was found elsewhere.
    pub(crate) fn append(&mut self, other: Self) {
        self.all.extend(other.all);
        self.applied.extend(other.applied);
    }

    fn add(&mut self, code: &'static str, severity: Severity, message: String, labels: Vec<Label>, help: &str) {
        let help = (!help.is_empty()).then(|| help.to_owned());
        self.all.push(Diagnostic { code, severity, message, labels, help });
    }

    /// Ends the stage when any finding so far is an error.
    pub(crate) fn stop_on_error(&mut self) -> Result<(), Vec<Diagnostic>> {
        if self.all.iter().any(|finding| finding.severity == Severity::Error) {
            return Err(std::mem::take(&mut self.all));
        }
        Ok(())
    }

    /// The hints of a merge without errors.
    pub(crate) fn into_hints(self) -> Vec<Diagnostic> {
        self.all
    }
}
