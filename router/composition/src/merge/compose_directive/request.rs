//! One `@composeDirective(name:)`: which directive of which specification it asks for.

use federation::link::Link;
use federation::subgraph::{Subgraph, Validated};
use federation::vocabulary::{
    CANONICAL_PREFIX, COMPOSED_SPECS, COST, FEDERATION_IDENTITY, INACCESSIBLE, LINK_IDENTITY, LIST_SIZE, SPECS_HOME,
    TAG,
};
use graphql::ast::Directive;
use graphql::collections::IndexMap;
use graphql::schema::Component;
use graphql::{Label, Severity};

use super::CODE;
use crate::merge::carried;
use crate::merge::context::Findings;
use crate::merge::links::SpecNames;
use crate::report;

/// What one subgraph asks to keep.
pub(super) struct Request<'a> {
    pub(super) subgraph: &'a Subgraph<Validated>,
    /// The directive's name in the schemas.
    pub(super) name: &'a str,
    pub(super) link: &'a Link,
    /// The directive's name in the specification.
    pub(super) element: String,
    pub(super) label: Label,
}

/// Reads a request; `None` if there is nothing to keep, which findings tell about.
pub(super) fn read<'a>(
    subgraphs: &[Subgraph<Validated>],
    names: &SpecNames,
    subgraph: &'a Subgraph<Validated>,
    application: &'a Component<Directive>,
    findings: &mut Findings,
) -> Option<Request<'a>> {
    let label = subgraph.label(application.location(), "asked for here");
    let argument = application.specified_argument_by_name("name").and_then(|value| value.as_str());
    let problem = match target(subgraph, argument) {
        Ok(Target::OfFederation(name)) => {
            let message = format!(
                "Directive \"@{name}\" should not be explicitly manually composed since it is a federation directive composed by default"
            );
            findings.hint("DIRECTIVE_COMPOSITION_INFO", Severity::Information, message, vec![label]);
            return None;
        }
        Ok(Target::Own(name, link, element)) => match conflict(subgraphs, name) {
            None if names.canonical(name).is_some() => {
                let message = format!(
                    "[{}] Cannot compose \"@{name}\" of {}: another subgraph applies federation's own directive of that name",
                    subgraph.name, link.url
                );
                findings.error("INVALID_LINK_DIRECTIVE_USAGE", message, vec![label], "Import it under another name.");
                return None;
            }
            None => return Some(Request { subgraph, name, link, element, label }),
            Some(problem) => problem,
        },
        Err(problem) => problem,
    };
    findings.error(
        CODE,
        format!("[{}] {problem}", subgraph.name),
        vec![label],
        "Link the directive's specification, import it, define it, and name it with its @.",
    );
    None
}

enum Target<'a> {
    /// Kept without being asked for.
    OfFederation(&'a str),
    /// Name, specification, and name there.
    Own(&'a str, &'a Link, String),
}

fn target<'a>(subgraph: &'a Subgraph<Validated>, argument: Option<&'a str>) -> Result<Target<'a>, String> {
    let given = argument.filter(|name| !name.is_empty());
    let given = given.ok_or("Argument to @composeDirective in the schema definition needs to be a name".to_owned())?;
    let Some(name) = given.strip_prefix('@') else {
        return Err(format!("Argument to @composeDirective \"{given}\" must have a leading \"@\""));
    };
    let source = subgraph.links.directive_source(name);
    if let Some((_, element)) = source.as_ref().filter(|(link, _)| of_federation(link)) {
        let canonical = format!("{CANONICAL_PREFIX}{element}");
        let by_default = COMPOSED_SPECS.iter().any(|spec| spec.directives.contains(&element.as_str()));
        let priced = [COST, LIST_SIZE].contains(&canonical.as_str());
        if by_default && !priced && !carried::is_carried(&canonical) {
            return Ok(Target::OfFederation(name));
        }
        return Err(format!("Composing federation directive \"@{name}\" is not supported"));
    }
    if !subgraph.schema.directive_definitions.contains_key(name) {
        return Err(format!(
            "Could not find matching directive definition for argument to @composeDirective \"@{name}\""
        ));
    }
    match source {
        Some((link, element)) if link.directive_name(&element) == name => Ok(Target::Own(name, link, element)),
        Some((link, _)) => {
            Err(format!("The specification {} has no directive that is called \"@{name}\" here", link.url))
        }
        None => Err(format!(
            "Directive \"@{name}\" cannot be composed because it is not a member of a core feature: its definition is not linked"
        )),
    }
}

fn of_federation(link: &Link) -> bool {
    let identity = link.url.identity.as_str();
    let composed = COMPOSED_SPECS.iter().any(|spec| identity.strip_prefix(SPECS_HOME) == Some(spec.name));
    composed || identity == FEDERATION_IDENTITY || identity == LINK_IDENTITY
}

/// A name that some subgraph knows one of federation's marks by can't have a second meaning in the supergraph.
fn conflict(subgraphs: &[Subgraph<Validated>], name: &str) -> Option<String> {
    let known = |subgraph: &&Subgraph<Validated>, mark: &str| {
        let owner = subgraph.links.directive_source(name).map(|(link, _)| of_federation(link));
        subgraph.local_name(mark) == name && owner.unwrap_or(subgraph.links.federation().is_none())
    };
    let clashing = |mark: &'static str| -> Vec<&str> {
        subgraphs.iter().filter(|other| known(other, mark)).map(|other| other.name.as_str()).collect()
    };
    [TAG, INACCESSIBLE].into_iter().map(clashing).find(|others| !others.is_empty()).map(|others| {
        format!(
            "Directive \"@{name}\" cannot be composed because that is what federation's own directive is called in {}",
            report::subgraphs(others)
        )
    })
}

/// Whether a request fits those of other subgraphs: one name for one directive, and one directive for one name.
pub(super) fn agrees(request: &Request<'_>, known: &IndexMap<String, Request<'_>>, findings: &mut Findings) -> bool {
    let identity = &request.link.url.identity;
    let same = |other: &&Request<'_>| other.link.url.identity == *identity && other.element == request.element;
    if let Some(other) = known.values().find(same).filter(|other| other.name != request.name) {
        let message = format!(
            "Composed directive is not named consistently in all subgraphs: it is \"@{}\" in {} but \"@{}\" in {}",
            other.name,
            report::subgraphs([&other.subgraph.name]),
            request.name,
            report::subgraphs([&request.subgraph.name])
        );
        let labels = vec![other.label.clone(), request.label.clone()];
        findings.error(CODE, message, labels, "Import it under one name everywhere.");
        return false;
    }
    if let Some(other) = known.get(request.name).filter(|other| !same(other)) {
        let message = format!(
            "Composed directive \"@{}\" is not linked by the same core feature in every subgraph: it is of \"{}\" in {} but of \"{identity}\" in {}",
            request.name,
            other.link.url.identity,
            report::subgraphs([&other.subgraph.name]),
            report::subgraphs([&request.subgraph.name])
        );
        let labels = vec![other.label.clone(), request.label.clone()];
        findings.error(CODE, message, labels, "Rename one of the two directives.");
        return false;
    }
    true
}
