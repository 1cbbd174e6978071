//! Gives every known directive its canonical name, and takes what federation defines out of the schema.

use federation::link::Links;
use federation::subgraph::{Generation, Subgraph};
use federation::vocabulary::{CANONICAL_PREFIX, COMPOSED_SPECS, DEFINITIONS, LINK_IDENTITY, SPECS_HOME, TYPES};
use graphql::Name;
use graphql::collections::IndexMap;

use crate::walk;

/// Directives of a subgraph that federation knows: local name to plain name of the definition.
pub(crate) type KnownDirectives = IndexMap<String, &'static str>;

/// Finds what each known directive is called in a subgraph.
pub(crate) fn known_directives<Stage>(subgraph: &Subgraph<Stage>) -> KnownDirectives {
    let mut names = KnownDirectives::default();
    let available = |name: &&'static str| {
        DEFINITIONS.iter().any(|definition| definition.name == *name && definition.since <= subgraph.federation)
    };
    match subgraph.links.federation() {
        Some(link) => {
            for definition in DEFINITIONS.iter().filter(|definition| definition.since <= subgraph.federation) {
                names.insert(link.directive_name(definition.name), definition.name);
            }
        }
        None => {
            let plain = ["key", "requires", "provides", "external", "extends", "tag"];
            names.extend(plain.into_iter().filter(available).map(|name| (name.to_owned(), name)));
        }
    }
    for spec in COMPOSED_SPECS {
        let Some(link) = subgraph.links.by_identity(&format!("{SPECS_HOME}{}", spec.name)) else { continue };
        if link.version().major != spec.version.major || link.version() > spec.version {
            continue;
        }
        for directive in spec.directives {
            names.entry(link.directive_name(directive)).or_insert(directive);
        }
    }
    names
}

/// Renames applications, and removes definitions and types that belong to known specifications.
pub(crate) fn canonicalise<Stage>(subgraph: &mut Subgraph<Stage>, names: &KnownDirectives) {
    for local in names.keys() {
        subgraph.schema.directive_definitions.shift_remove(local.as_str());
    }
    if let Some(link) = &subgraph.links.link_name {
        subgraph.schema.directive_definitions.shift_remove(link.as_str());
    }
    // A specification may be linked both by itself and within federation's; what is written decides on the name.
    let local_names = &mut subgraph.local_names;
    let canonical = |plain: &str| Name::new(&format!("{CANONICAL_PREFIX}{plain}")).ok();
    let canonical: IndexMap<&str, Name> =
        names.iter().filter_map(|(local, plain)| Some((local.as_str(), canonical(plain)?))).collect();
    walk::directives_mut(&mut subgraph.schema, &mut |directive| {
        if let Some(canonical) = canonical.get(directive.name.as_str()) {
            let renamed = canonical.strip_prefix(CANONICAL_PREFIX) != Some(directive.name.as_str());
            if renamed && !local_names.contains_key(canonical.as_str()) {
                local_names.insert(canonical.to_string(), directive.name.to_string());
            }
            // The location stays on the node; the name's own one is lost, which no rule points at.
            directive.make_mut().name = canonical.clone();
        }
    });
    let (links, generation) = (subgraph.links.clone(), subgraph.generation);
    subgraph.schema.types.retain(|name, ty| ty.is_built_in() || !of_known_spec(&links, generation, name));
}

fn of_known_spec(links: &Links, generation: Generation, name: &str) -> bool {
    if generation == Generation::One && name == "_FieldSet" {
        return true;
    }
    let of_link =
        |link: &String| name.strip_prefix(link.as_str()).is_some_and(|rest| matches!(rest, "__Import" | "__Purpose"));
    if links.link_name.as_ref().is_some_and(of_link) {
        return true;
    }
    let Some((link, element)) = links.type_source(name) else { return false };
    let identity = link.url.identity.as_str();
    identity == LINK_IDENTITY
        || identity == federation::vocabulary::FEDERATION_IDENTITY && TYPES.iter().any(|(known, _)| *known == element)
        || COMPOSED_SPECS.iter().any(|spec| identity.strip_prefix(SPECS_HOME) == Some(spec.name))
}
