//! What the API of a supergraph hides, and what its tags are called.

use federation::link::Links;
use federation::vocabulary::SPECS_HOME;
use graphql::ast::Directive;
use graphql::collections::IndexSet;
use graphql::{Name, Schema};

/// Elements that are not in the API.
#[derive(Debug)]
pub(super) struct Hidden {
    /// Types.
    pub(super) types: IndexSet<Name>,
    /// Fields of objects, interfaces and input objects, and values of enums.
    pub(super) members: IndexSet<(Name, Name)>,
    /// Arguments of fields.
    pub(super) arguments: IndexSet<(Name, Name, Name)>,
    /// The links of the supergraph.
    links: Links,
    tag: Option<String>,
    inaccessible: Option<String>,
}

impl Hidden {
    /// Nothing yet, except what the tags' vocabulary needs to know of a supergraph.
    pub(super) fn of(schema: &Schema) -> Self {
        let (links, _) = Links::read(schema);
        let name = |spec: &str| {
            let link = links.by_identity(&format!("{SPECS_HOME}{spec}"))?;
            Some(link.directive_name(spec))
        };
        let (tag, inaccessible) = (name("tag"), name("inaccessible"));
        let (types, members, arguments) = (IndexSet::default(), IndexSet::default(), IndexSet::default());
        Self { types, members, arguments, links, tag, inaccessible }
    }

    /// Whether a type belongs to a linked specification rather than to the API.
    pub(super) fn is_vocabulary(&self, ty: &str) -> bool {
        self.links.type_source(ty).is_some()
    }

    /// What `@inaccessible` is called, where the supergraph links it.
    pub(super) fn inaccessible_name(&self) -> Option<&str> {
        self.inaccessible.as_deref()
    }

    /// The tags on an element.
    pub(super) fn tags<'a, D: AsRef<Directive>>(&self, directives: &'a [D]) -> Vec<&'a str> {
        let Some(tag) = &self.tag else { return Vec::new() };
        let tags = directives.iter().map(AsRef::as_ref).filter(|directive| directive.name == tag.as_str());
        tags.filter_map(|directive| directive.specified_argument_by_name("name")?.as_str()).collect()
    }

    /// Whether an element is hidden by its own directives.
    pub(super) fn is_marked<D: AsRef<Directive>>(&self, directives: &[D]) -> bool {
        let marks = |name: &str| directives.iter().any(|directive| directive.as_ref().name == name);
        self.inaccessible.as_deref().is_some_and(marks)
    }
}
