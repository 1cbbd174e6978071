//! A subgraph's schema with its federation meaning: [`Subgraph<Parsed>`] becomes [`Subgraph<Validated>`].
//!
//! In both, federation directives go by their canonical names ([`crate::vocabulary`]), root types are called
//! `Query`, `Mutation` and `Subscription`, and nothing that federation itself defines is left in the schema.

mod composite;
mod facts;
mod field_set;
mod from_context;

use graphql::collections::{IndexMap, IndexSet};
use graphql::{Label, Location, Schema, SourceSpan};

pub use composite::Composite;
pub use facts::{FieldFacts, Key, Override, TypeFacts, facts};
pub(crate) use field_set::plain_names;
pub use field_set::{parse as parse_field_set, print as print_field_set, target_fields};
pub use from_context::FromContext;

use crate::link::{Links, Version};
use crate::vocabulary::{COMPOSED_SPECS, ComposedSpec, SPECS_HOME};
use graphql::Name;

/// A subgraph at a stage of its way into the supergraph.
#[derive(Clone, Debug)]
pub struct Subgraph<Stage> {
    /// The name that people gave it.
    pub name: String,
    /// Where it is served; may be empty.
    pub url: String,
    /// Its schema.
    pub schema: Schema,
    /// Its links, as written.
    pub links: Links,
    /// Which federation it was written for.
    pub generation: Generation,
    /// The federation version it links, or is upgraded to.
    pub federation: Version,
    /// What its directives are called in its own text, by canonical name, where that differs from the plain name.
    pub local_names: IndexMap<String, String>,
    /// What the stage adds.
    pub stage: Stage,
}

/// Which federation a schema was written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// No link to the federation specification.
    One,
    /// Links it.
    Two,
}

/// Parsed, completed and valid GraphQL; federation's own rules not yet checked.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// Types with a definition, as opposed to extensions only.
    pub defined: IndexSet<Name>,
}

/// Federation's rules hold within the subgraph.
#[derive(Clone, Debug)]
pub struct Validated {
    /// Types with a definition, as opposed to extensions only.
    pub defined: IndexSet<Name>,
    /// What federation directives say of object and interface types.
    pub types: IndexMap<Name, TypeFacts>,
}

impl<Stage> Subgraph<Stage> {
    /// A label on a span of this subgraph's text; on its start when the span is not known.
    pub fn label(&self, location: Option<SourceSpan>, text: impl Into<String>) -> Label {
        let text = text.into();
        // A definition that GraphQL or federation brings has another source.
        let own = |label: &Label| label.source == self.name;
        let found = location.and_then(|span| graphql::label(span, &self.schema.sources, text.clone())).filter(own);
        let start = Location { line: 1, column: 1 };
        found.unwrap_or_else(|| Label { source: self.name.clone(), start, end: start, text })
    }

    /// The federation version that its links imply: the one it links, or a later one that another specification that it
    /// links came with.
    pub fn implied_federation(&self) -> Version {
        let linked = |spec: &&ComposedSpec| self.links.by_identity(&format!("{SPECS_HOME}{}", spec.name)).is_some();
        COMPOSED_SPECS.iter().filter(linked).map(|spec| spec.since).fold(self.federation, Version::max)
    }

    /// What a canonical directive is called in this subgraph's own text, without `@`.
    pub fn local_name<'a>(&'a self, canonical: &'a str) -> &'a str {
        match self.local_names.get(canonical) {
            Some(local) => local,
            None => canonical.strip_prefix(crate::vocabulary::CANONICAL_PREFIX).unwrap_or(canonical),
        }
    }

    /// The same subgraph at another stage.
    pub fn with_stage<Next>(self, stage: Next) -> Subgraph<Next> {
        Subgraph {
            name: self.name,
            url: self.url,
            schema: self.schema,
            links: self.links,
            generation: self.generation,
            federation: self.federation,
            local_names: self.local_names,
            stage,
        }
    }
}

impl Subgraph<Validated> {
    /// What federation directives say of a field.
    pub fn field_facts(&self, parent: &str, field: &str) -> Option<&FieldFacts> {
        self.stage.types.get(parent)?.fields.get(field)
    }
}
