//! All links of one schema, read from its schema definition and extensions.

use graphql::Schema;

use super::directive::{ElementKind, Link};
use super::url::SpecUrl;
use super::{LinkError, LinkFault};
use crate::vocabulary::{self, CORE_IDENTITY, FEDERATION_IDENTITY, LINK_IDENTITY};

/// The links of one schema.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// In the order written; the link specification itself included when linked.
    pub all: Vec<Link>,
    /// The name under which `@link` itself is used.
    pub link_name: Option<String>,
}

impl Links {
    /// Reads the links of a schema that need not be valid yet.
    pub fn read(schema: &Schema) -> (Self, Vec<LinkFault>) {
        let mut links = Self { all: Vec::new(), link_name: link_directive_name(schema) };
        let mut faults = Vec::new();
        let Some(name) = links.link_name.clone() else { return (links, faults) };
        for directive in schema.schema_definition.directives.get_all(&name) {
            let (link, mut found) = Link::read(directive, directive.location());
            found.extend(link.iter().flat_map(|link| links.check(link)));
            links.all.extend(link.filter(|_| found.is_empty()));
            faults.extend(found);
        }
        (links, faults)
    }

    /// The link to a specification, by its identity.
    pub fn by_identity(&self, identity: &str) -> Option<&Link> {
        self.all.iter().find(|link| link.url.identity == identity)
    }

    /// The link to federation; a schema without one is written for federation 1.
    pub fn federation(&self) -> Option<&Link> {
        self.by_identity(FEDERATION_IDENTITY)
    }

    /// The linked specification that a directive of this schema belongs to, and its canonical name there.
    pub fn directive_source(&self, local: &str) -> Option<(&Link, String)> {
        self.element_source(local, ElementKind::Directive)
    }

    /// The linked specification that a type of this schema belongs to, and its canonical name there.
    pub fn type_source(&self, local: &str) -> Option<(&Link, String)> {
        self.element_source(local, ElementKind::Type)
    }

    fn element_source(&self, local: &str, kind: ElementKind) -> Option<(&Link, String)> {
        for link in &self.all {
            if let Some(import) = link.imports.iter().find(|i| i.kind == kind && i.local == local) {
                return Some((link, import.element.to_string()));
            }
        }
        self.all.iter().find_map(|link| {
            if kind == ElementKind::Directive && local == link.namespace {
                return Some((link, link.url.name.clone()));
            }
            let element = local.strip_prefix(link.namespace.as_str())?.strip_prefix("__")?;
            Some((link, element.to_owned()))
        })
    }

    /// What is wrong with one more link: its version, or what it imports. How names clash is the caller's to judge.
    fn check(&self, link: &Link) -> Vec<LinkFault> {
        let identity = link.url.identity.as_str();
        let whole = |error| vec![LinkFault { error, location: link.location }];
        if self.by_identity(identity).is_some() {
            return whole(LinkError::Usage(format!("Duplicate @link of `{identity}`")));
        }
        if identity == FEDERATION_IDENTITY && !vocabulary::federation_version_known(link.url.version) {
            return whole(LinkError::FederationVersion(link.url.version));
        }
        if !vocabulary::link_version_known(&link.url) {
            return whole(LinkError::LinkVersion(link.url.version));
        }
        let unknown = link.imports.iter().filter(|import| match import.kind {
            ElementKind::Directive => !vocabulary::knows_directive(&link.url, &import.element),
            ElementKind::Type => !vocabulary::knows_type(&link.url, &import.element),
        });
        let report = |import: &super::Import| LinkFault {
            error: LinkError::Usage(format!("Cannot import unknown element `{import}` from {}", link.url)),
            location: import.location.or(link.location),
        };
        unknown.map(report).collect()
    }
}

/// What `@link` is called here: the application that links the link specification says so itself.
fn link_directive_name(schema: &Schema) -> Option<String> {
    let directives = &schema.schema_definition.directives;
    let own = directives.iter().find_map(|directive| {
        let argument = |name: &str| directive.specified_argument_by_name(name).and_then(|value| value.as_str());
        let url = SpecUrl::parse(argument("url").or_else(|| argument("feature"))?)?;
        let named = argument("as").unwrap_or(&url.name) == directive.name.as_str();
        // The core specification, unlike its successor, asks for the definition to be written out.
        let defined = || schema.directive_definitions.contains_key(&directive.name);
        let bootstraps = url.identity == LINK_IDENTITY || url.identity == CORE_IDENTITY && defined();
        (bootstraps && named).then(|| directive.name.to_string())
    });
    own.or_else(|| directives.has("link").then(|| "link".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sdl: &str) -> (Links, Vec<LinkFault>) {
        let schema = Schema::builder().adopt_orphan_extensions().parse(sdl, "test.graphql").build();
        Links::read(&schema.unwrap())
    }

    #[test]
    fn resolves_imports_renames_and_prefixes() {
        let (links, faults) = read(
            r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", {name: "@tag", as: "@label"}]) type Query { a: Int }"#,
        );
        assert!(faults.is_empty());
        let link = links.federation().unwrap();
        assert_eq!(link.directive_name("key"), "key");
        assert_eq!(link.directive_name("tag"), "label");
        assert_eq!(link.directive_name("shareable"), "federation__shareable");
        assert_eq!(links.directive_source("label").unwrap().1, "tag");
        assert_eq!(links.directive_source("federation__shareable").unwrap().1, "shareable");
        assert!(links.directive_source("shareable").is_none());
    }

    #[test]
    fn reports_each_bad_link_with_its_code() {
        let code = |link: &str| {
            let (_, faults) = read(&format!("extend schema @link({link}) type Query {{ a: Int }}"));
            faults.first().map(|fault| fault.error.code())
        };
        assert_eq!(code(r#"url: "https://specs.apollo.dev/federation""#), Some("INVALID_LINK_IDENTIFIER"));
        assert_eq!(
            code(r#"url: "https://specs.apollo.dev/federation/v2.99""#),
            Some("UNKNOWN_FEDERATION_LINK_VERSION")
        );
        assert_eq!(
            code(r#"url: "https://specs.apollo.dev/federation/v2.0", import: ["@interfaceObject"]"#),
            Some("INVALID_LINK_DIRECTIVE_USAGE")
        );
        assert_eq!(
            code(r#"url: "https://specs.apollo.dev/federation/v2.3", import: [{name: "@key", as: "k"}]"#),
            Some("INVALID_LINK_DIRECTIVE_USAGE")
        );
        assert_eq!(
            code(r#"url: "https://specs.apollo.dev/federation/v2.3", import: [7]"#),
            Some("INVALID_LINK_DIRECTIVE_USAGE")
        );
        assert_eq!(code(r#"url: "https://specs.apollo.dev/link/v9.0""#), Some("UNKNOWN_LINK_VERSION"));
    }

    #[test]
    fn reports_everything_that_is_wrong_with_one_link() {
        let (links, faults) = read(
            r#"extend schema @link(url: "nowhere", as: "a__b", import: [7, "@key", {name: "@tag", as: "t"}])
            @link(url: "https://specs.apollo.dev/federation/v2.3", import: [8, "@nowhere"]) type Query { a: Int }"#,
        );
        assert!(links.all.is_empty());
        let codes: Vec<&str> = faults.iter().map(|fault| fault.error.code()).collect();
        let usage = "INVALID_LINK_DIRECTIVE_USAGE";
        assert_eq!(codes, ["INVALID_LINK_IDENTIFIER", usage, usage, usage, usage, usage]);
    }
}
