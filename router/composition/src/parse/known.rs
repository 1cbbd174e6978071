//! The definitions that federation and the link specification bring, as one subgraph sees them: under its own names, and
//! as of the version that it links.

use federation::link::{Link, Links, Version};
use federation::subgraph::{Generation, Subgraph};
use federation::vocabulary::{CANONICAL_PREFIX, CORE_IDENTITY, DEFINITIONS, LINK_IDENTITY, TYPES};
use graphql::ast::{Definition, DirectiveDefinition, DirectiveLocation, Document};
use graphql::{Name, Node};

/// A schema itself may be tagged from this version on.
const TAGGED_SCHEMA: Version = Version::new(2, 3);

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
    subgraph: &Subgraph<Stage>,
    local: &str,
    plain: &str,
) -> Option<Node<DirectiveDefinition>> {
    let known = DEFINITIONS.iter().find(|definition| definition.name == plain)?;
    let link = subgraph.links.directive_source(local).map(|(link, _)| link);
    let sdl = TYPES.iter().fold(known.sdl(local), |sdl, (ty, _)| {
        let local_type = local_type(link, ty);
        // Only in the arguments: the directive itself may have such a name.
        sdl.replace(&format!("[{CANONICAL_PREFIX}{ty}"), &format!("[{local_type}"))
            .replace(&format!(": {CANONICAL_PREFIX}{ty}"), &format!(": {local_type}"))
    });
    let document = Document::parse(sdl, "federation.graphql").ok()?;
    let Definition::DirectiveDefinition(mut node) = document.definitions.into_iter().next()? else { return None };
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
pub(crate) fn link_sdl(name: &str, links: &Links) -> Option<String> {
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
