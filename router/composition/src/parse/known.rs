//! The definitions that federation and the link specification bring, as one subgraph sees them: under its own names, and
//! as of the version that it links. Most subgraphs call things alike, so each text is parsed once for all of them.

use std::sync::{Arc, Mutex, PoisonError};

use federation::link::{Link, Links, Version};
use federation::subgraph::{Generation, Subgraph};
use federation::vocabulary::{CANONICAL_PREFIX, CORE_IDENTITY, DEFINITIONS, LINK_IDENTITY, TYPES};
use graphql::ast::{Definition, DirectiveDefinition, DirectiveLocation, Document};
use graphql::collections::HashMap;
use graphql::{Name, Node, Schema};

/// A schema itself may be tagged from this version on.
const TAGGED_SCHEMA: Version = Version::new(2, 3);

/// What was parsed for some subgraph already, by its text.
#[derive(Default)]
pub(crate) struct Known {
    directives: Texts<Node<DirectiveDefinition>>,
    links: Texts<Arc<Schema>>,
}

/// What texts say; `None` for those that say nothing of the kind.
type Texts<T> = Mutex<HashMap<String, Option<T>>>;

impl Known {
    /// The directive that a text defines.
    fn directive(&self, sdl: String) -> Option<Node<DirectiveDefinition>> {
        once(&self.directives, sdl, |sdl| {
            let document = Document::parse(sdl, "federation.graphql").ok()?;
            match document.definitions.into_iter().next()? {
                Definition::DirectiveDefinition(definition) => Some(definition),
                _ => None,
            }
        })
    }

    /// The definitions of the link specification as a subgraph sees them.
    pub(crate) fn link<Stage>(&self, subgraph: &Subgraph<Stage>) -> Option<Arc<Schema>> {
        let sdl = link_sdl(subgraph.links.link_name.as_ref()?, &subgraph.links)?;
        once(&self.links, sdl, |sdl| Schema::builder().parse(sdl, "link.graphql").build().ok().map(Arc::new))
    }
}

/// Parses a text unless that was done already. Two threads may both do it, which is no harm.
fn once<T: Clone>(texts: &Texts<T>, sdl: String, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    let locked = || texts.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = locked().get(&sdl) {
        return known.clone();
    }
    let parsed = parse(&sdl);
    locked().insert(sdl, parsed.clone());
    parsed
}

/// The scalars of federation's own that a known directive takes, by their names in the subgraph.
pub(crate) fn known_scalars<Stage>(subgraph: &Subgraph<Stage>, local: &str, plain: &str) -> Vec<Name> {
    let Some(known) = DEFINITIONS.iter().find(|definition| definition.name == plain) else { return Vec::new() };
    let link = subgraph.links.directive_source(local).map(|(link, _)| link);
    let taken = TYPES.iter().filter(|(ty, _)| known.arguments.contains(&format!("{CANONICAL_PREFIX}{ty}")));
    taken.filter_map(|(ty, _)| Name::new(&local_type(link, ty)).ok()).collect()
}

/// What a type of federation's own is called in a subgraph.
fn local_type(link: Option<&Link>, ty: &str) -> String {
    link.map_or_else(|| format!("_{ty}"), |link| link.type_name(ty))
}

/// The definition of a known directive, by its local name and its plain one.
pub(crate) fn known_definition<Stage>(
    known_texts: &Known,
    subgraph: &Subgraph<Stage>,
    (local, plain): (&str, &str),
) -> Option<Node<DirectiveDefinition>> {
    let known = DEFINITIONS.iter().find(|definition| definition.name == plain)?;
    let link = subgraph.links.directive_source(local).map(|(link, _)| link);
    let sdl = TYPES.iter().fold(known.sdl(local), |sdl, (ty, _)| {
        let local_type = local_type(link, ty);
        // Only in the arguments: the directive itself may have such a name.
        sdl.replace(&format!("[{CANONICAL_PREFIX}{ty}"), &format!("[{local_type}"))
            .replace(&format!(": {CANONICAL_PREFIX}{ty}"), &format!(": {local_type}"))
    });
    let mut node = known_texts.directive(sdl)?;
    let definition = node.make_mut();
    let later = |name: &str| {
        known.later_arguments.iter().any(|(argument, since)| *argument == name && *since > subgraph.federation)
    };
    definition.arguments.retain(|argument| !later(&argument.name));
    if plain == "tag" && (subgraph.generation == Generation::One || subgraph.federation < TAGGED_SCHEMA) {
        definition.locations.retain(|location| *location != DirectiveLocation::Schema);
    }
    definition.repeatable = known.repeatable_since.is_some_and(|since| since <= subgraph.federation);
    Some(node)
}

/// The definitions of the link specification under a name, or of the core specification if that is what is linked.
fn link_sdl(name: &str, links: &Links) -> Option<String> {
    let bootstrap = links.all.iter().find(|link| link.namespace == name);
    let identity = bootstrap.map_or(LINK_IDENTITY, |link| link.url.identity.as_str());
    let type_name = |plain: &str| bootstrap.map_or_else(|| format!("{name}__{plain}"), |link| link.type_name(plain));
    let purpose = format!("enum {} {{ SECURITY EXECUTION }}", type_name("Purpose"));
    match identity {
        LINK_IDENTITY => Some(format!(
            "directive @{name}(url: String, as: String, for: {}, import: [{1}]) repeatable on SCHEMA {purpose} scalar {1}",
            type_name("Purpose"),
            type_name("Import"),
        )),
        CORE_IDENTITY => Some(format!(
            "directive @{name}(feature: String!, as: String, for: {}) repeatable on SCHEMA {purpose}",
            type_name("Purpose"),
        )),
        _ => None,
    }
}
