//! `@composeDirective`: the directives that subgraphs ask to keep, and the rules for asking.

mod bystanders;

use federation::link::{Link, Version};
use federation::subgraph::{Subgraph, Validated};
use federation::vocabulary::{CANONICAL_PREFIX, COMPOSE_DIRECTIVE, SPECS_HOME};
use graphql::ast::DirectiveDefinition;
use graphql::{Label, Node, Severity};
use indexmap::IndexMap;

use super::carried;
use super::context::Findings;
use crate::report;

const CODE: &str = "DIRECTIVE_COMPOSITION_ERROR";

/// Directives to keep, by their name in the schemas.
#[derive(Default)]
pub(crate) struct ComposedDirectives {
    by_name: IndexMap<String, Composed>,
}

/// One directive to keep.
#[derive(Clone)]
pub(crate) struct Composed {
    /// The specification.
    pub(crate) link: Link,
    /// The directive's name in the specification.
    pub(crate) element: String,
    /// The definition of the highest minor version.
    pub(crate) definition: Node<DirectiveDefinition>,
}

impl ComposedDirectives {
    /// The definition of a directive to keep.
    pub(crate) fn get(&self, name: &str) -> Option<&DirectiveDefinition> {
        self.by_name.get(name).map(|composed| &*composed.definition)
    }

    /// All of them, in name order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &Composed)> {
        self.by_name.iter()
    }
}

/// Gathers the directives to keep.
pub(crate) fn gather(subgraphs: &[Subgraph<Validated>], findings: &mut Findings) -> ComposedDirectives {
    let mut composed = ComposedDirectives::default();
    let mut names: IndexMap<(String, String), String> = IndexMap::new();
    for subgraph in subgraphs {
        for application in subgraph.schema.schema_definition.directives.get_all(COMPOSE_DIRECTIVE) {
            let labels = vec![subgraph.label(application.location(), "asked for here")];
            let argument = application.specified_argument_by_name("name").and_then(|value| value.as_str());
            match request(subgraph, argument, &labels, findings) {
                Ok(Some(request)) => add(subgraph, request, &mut composed, &mut names, labels, findings),
                Ok(None) => {}
                Err(problem) => {
                    let message = format!("[{}] {problem}", subgraph.name);
                    findings.error(
                        CODE,
                        message,
                        labels,
                        "Link the directive's specification, import it, define it, and name it with its @.",
                    );
                }
            }
        }
    }
    composed.by_name.sort_keys();
    bystanders::hint(subgraphs, &composed, findings);
    composed
}

fn request(
    subgraph: &Subgraph<Validated>,
    argument: Option<&str>,
    labels: &[Label],
    findings: &mut Findings,
) -> Result<Option<(String, Composed)>, String> {
    let given = argument.filter(|name| !name.is_empty());
    let given = given.ok_or("Argument to @composeDirective in the schema definition needs to be a name".to_owned())?;
    let Some(name) = given.strip_prefix('@') else {
        return Err(format!("Argument to @composeDirective \"{given}\" must have a leading \"@\""));
    };
    let canonical = |(link, element): (&Link, String)| link.url.identity.starts_with(SPECS_HOME).then_some(element);
    let source = subgraph.links.directive_source(name);
    if let Some(element) = source.clone().and_then(canonical) {
        let default = federation::vocabulary::COMPOSED_SPECS.iter().any(|spec| {
            spec.directives.contains(&element.as_str()) && !carried::is_carried(&format!("{CANONICAL_PREFIX}{element}"))
        });
        if !default {
            return Err(format!("Composing federation directive \"@{name}\" is not supported"));
        }
        let message = format!(
            "Directive \"@{name}\" should not be explicitly manually composed since it is a federation directive composed by default"
        );
        findings.hint("DIRECTIVE_COMPOSITION_INFO", Severity::Information, message, labels.to_vec());
        return Ok(None);
    }
    let Some(definition) = subgraph.schema.directive_definitions.get(name) else {
        return Err(format!(
            "Could not find matching directive definition for argument to @composeDirective \"@{name}\""
        ));
    };
    let Some((link, element)) = source else {
        return Err(format!(
            "Directive \"@{name}\" in subgraph \"{}\" cannot be composed because it is not a member of a core feature",
            subgraph.name
        ));
    };
    let (link, definition) = (link.clone(), definition.clone());
    Ok(Some((name.to_owned(), Composed { link, element, definition })))
}

fn add(
    subgraph: &Subgraph<Validated>,
    (name, request): (String, Composed),
    composed: &mut ComposedDirectives,
    names: &mut IndexMap<(String, String), String>,
    labels: Vec<Label>,
    findings: &mut Findings,
) {
    let key = (request.link.url.identity.clone(), request.element.clone());
    let known_name = names.entry(key).or_insert_with(|| name.clone());
    let mut error = |message: String, help: &str| findings.error(CODE, message, labels.clone(), help);
    if *known_name != name {
        let message = format!(
            "Composed directive is not named consistently in all subgraphs: it is \"@{known_name}\" elsewhere but \"@{name}\" in {}",
            report::subgraphs([&subgraph.name])
        );
        error(message, "Import it under one name everywhere.");
        return;
    }
    match composed.by_name.get_mut(&name) {
        None => {
            composed.by_name.insert(name, request);
        }
        Some(known) if known.link.url.identity != request.link.url.identity => {
            let message = format!(
                "Composed directive \"@{name}\" is not linked by the same core feature in every subgraph: \"{}\" and \"{}\"",
                known.link.url.identity, request.link.url.identity
            );
            error(message, "Rename one of the two directives.");
        }
        Some(known) => {
            let (have, new): (Version, Version) = (known.link.version(), request.link.version());
            if have.major != new.major {
                let message = format!(
                    "Core feature \"{}\" requested to be merged has major version mismatch across subgraphs: v{have} and v{new}",
                    request.link.url.identity
                );
                error(message, "Use one major version everywhere.");
            } else if new.minor >= have.minor {
                *known = request;
            }
        }
    }
}
