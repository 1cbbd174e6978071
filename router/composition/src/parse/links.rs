//! `INVALID_LINK_DIRECTIVE_USAGE` between links: each name in a schema must have one meaning.
//!
//! A feature linked as `mine` owns `@mine` and every name that starts with `mine__`; an import takes one more name.
//! Two features can't own one name, nor may an import take what another feature owns, or be used beside the name that
//! it replaces.

use federation::link::{ElementKind, Import, Link};
use federation::subgraph::Subgraph;
use federation::vocabulary::LINK_IDENTITY;
use graphql::{Diagnostic, SourceSpan};

use crate::{report, walk};

const CODE: &str = "INVALID_LINK_DIRECTIVE_USAGE";

/// One feature's hold on names: its namespace, and which feature it is.
struct Namespace<'a> {
    name: &'a str,
    identity: &'a str,
    location: Option<SourceSpan>,
}

/// Checks that the links of a subgraph don't claim one name for two things.
pub(crate) fn check<Stage>(subgraph: &Subgraph<Stage>) -> Vec<Diagnostic> {
    let links = &subgraph.links.all;
    let mut namespaces: Vec<Namespace<'_>> = links.iter().map(Namespace::of).collect();
    if let Some(name) = subgraph.links.link_name.as_deref().filter(|name| namespaces.iter().all(|n| n.name != *name)) {
        // `@link` itself needs no link of its own.
        namespaces.push(Namespace { name, identity: LINK_IDENTITY, location: None });
    }
    let mut errors = shared_namespaces(subgraph, &namespaces);
    let imports: Vec<(&Link, &Import)> =
        links.iter().flat_map(|link| link.imports.iter().map(move |import| (link, import))).collect();
    for (index, (link, import)) in imports.iter().enumerate() {
        let earlier = imports.iter().take(index);
        errors.extend(conflict(subgraph, (link, import), earlier));
        errors.extend(confusable(subgraph, link, import, &namespaces));
    }
    errors.extend(unused_imports(subgraph, &imports));
    errors
}

impl<'a> Namespace<'a> {
    fn of(link: &'a Link) -> Self {
        Self { name: &link.namespace, identity: &link.url.identity, location: link.location }
    }
}

fn shared_namespaces<Stage>(subgraph: &Subgraph<Stage>, namespaces: &[Namespace<'_>]) -> Vec<Diagnostic> {
    let shared = |(index, own): (usize, &Namespace<'_>)| {
        let first = namespaces.iter().take(index).find(|other| other.name == own.name)?;
        let message =
            format!("Two linked features share the name \"{}\": {} and {}", own.name, first.identity, own.identity);
        Some(
            report::within(subgraph, CODE, own.location, message)
                .label(subgraph.label(first.location, "taken here"))
                .help("Give one of them another name by `as`."),
        )
    };
    namespaces.iter().enumerate().filter_map(shared).collect()
}

/// Two imports under one name, or one element under two.
fn conflict<'a, Stage>(
    subgraph: &Subgraph<Stage>,
    (link, import): (&Link, &Import),
    mut earlier: impl Iterator<Item = &'a (&'a Link, &'a Import)>,
) -> Option<Diagnostic> {
    let (other_link, other) = earlier.find(|(other_link, other)| {
        let same_element = other_link.url == link.url && other.element == import.element;
        other.kind == import.kind && (other.local == import.local) != same_element
    })?;
    let (message, help) = if other.local == import.local {
        let message = format!(
            "The name \"{}\" is imported for both {other} of {} and {import} of {}",
            local(import),
            other_link.url,
            link.url
        );
        (message, "Import one of them under another name by `as`.")
    } else {
        let message = format!(
            "{import} of {} is imported under two names, \"{}\" and \"{}\"",
            link.url,
            local(other),
            local(import)
        );
        (message, "Import it once.")
    };
    Some(
        report::within(subgraph, CODE, import.location, message)
            .label(subgraph.label(other.location, "imported first here"))
            .help(help),
    )
}

/// An import whose name belongs to some feature's namespace, unless it is the very element that has that name there.
fn confusable<Stage>(
    subgraph: &Subgraph<Stage>,
    link: &Link,
    import: &Import,
    namespaces: &[Namespace<'_>],
) -> Option<Diagnostic> {
    let name = import.local.as_str();
    let owner = namespaces.iter().find(|owner| {
        let own = owner.identity == link.url.identity;
        let main =
            import.kind == ElementKind::Directive && name == owner.name && !(own && *import.element == *link.url.name);
        let prefixed = name.strip_prefix(owner.name).and_then(|rest| rest.strip_prefix("__"));
        main || prefixed.is_some_and(|element| !(own && import.element == element))
    })?;
    let message = format!(
        "Cannot import {import} of {} as \"{}\": that name belongs to the feature {}, which is linked as \"{}\"",
        link.url,
        local(import),
        owner.identity,
        owner.name
    );
    let finding =
        report::within(subgraph, CODE, import.location, message).help("Import it under another name by `as`.");
    Some(if owner.location.is_some() { finding.label(subgraph.label(owner.location, "linked here")) } else { finding })
}

/// An import beside uses of the element's own definition under the name that it would have without the import.
fn unused_imports<Stage>(subgraph: &Subgraph<Stage>, imports: &[(&Link, &Import)]) -> Vec<Diagnostic> {
    let applied = walk::applied_names(&subgraph.schema);
    let directives = imports.iter().filter(|(_, import)| import.kind == ElementKind::Directive);
    let beside = |(link, import): &(&Link, &Import)| {
        let plain = if *import.element == *link.url.name {
            link.namespace.clone()
        } else {
            format!("{}__{}", link.namespace, import.element)
        };
        let definition = subgraph.schema.directive_definitions.get(plain.as_str())?;
        if plain == import.local.as_str() || !applied.contains(&plain) {
            return None;
        }
        let message =
            format!("{import} of {} is imported as \"{}\", but also used as \"@{plain}\"", link.url, local(import));
        Some(
            report::within(subgraph, CODE, definition.location(), message)
                .label(subgraph.label(import.location, "imported here"))
                .help(format!("Write \"{}\" everywhere, or leave the import out.", local(import))),
        )
    };
    directives.filter_map(beside).collect()
}

/// The name in this schema, with its sign.
fn local(import: &Import) -> String {
    let sigil = if import.kind == ElementKind::Directive { "@" } else { "" };
    format!("{sigil}{}", import.local)
}
