//! Which names the supergraph gives to the elements of the specifications that it links.
//!
//! A specification is known by its URL, never by the name that it happens to have here: `@link(as:)` and
//! `@link(import:)` rename.

use graphql::ast::{Directive, Value};
use graphql::{Diagnostic, Schema};
use indexmap::IndexMap;

use super::INVALID;
use super::arguments::{enum_value, string, value};

/// Where the specifications of federation have their home.
const SPECS_HOME: &str = "https://specs.apollo.dev/";

/// A linked specification.
#[derive(Clone, Debug)]
struct Feature {
    namespace: String,
    /// Local name by element name; directives with their `@`.
    imports: IndexMap<String, String>,
}

/// The linked specifications: those of federation by name (`join`, `inaccessible`, …), others by their URL without the version,
/// since they may be called the same.
#[derive(Clone, Debug)]
pub struct Features {
    by_name: IndexMap<String, Feature>,
    /// Whether the supergraph is written in join v0.1, federation 1's, where types have an owner.
    owners: bool,
}

impl Features {
    /// Reads `@link` and `@core` on the schema definition.
    pub fn of(schema: &Schema) -> Result<Self, Vec<Diagnostic>> {
        let mut by_name = IndexMap::new();
        let mut findings = Vec::new();
        let mut owners = false;
        for directive in &schema.schema_definition.directives.0 {
            let Some(url) = url_of(directive) else { continue };
            let Some((identity, version)) = split(url) else { continue };
            let name = identity.strip_prefix(SPECS_HOME).unwrap_or(identity);
            if name == "join" && !matches!(version, "v0.1" | "v0.2" | "v0.3" | "v0.4" | "v0.5") {
                findings.push(Diagnostic::error(INVALID, format!("join {version} is not known; v0.1 to v0.5 are")));
            }
            owners |= name == "join" && version == "v0.1";
            let purpose = enum_value(directive, "for").map(|purpose| purpose.as_str());
            if matches!(purpose, Some("EXECUTION" | "SECURITY")) && !is_known(name) {
                let message = format!("the supergraph needs the feature {url}, which is not supported");
                findings.push(Diagnostic::error("UNSUPPORTED_LINKED_FEATURE", message));
            }
            let namespace = string(directive, "as").or(identity.rsplit('/').next()).unwrap_or(name).to_owned();
            by_name.insert(name.to_owned(), Feature { namespace, imports: imports_of(directive) });
        }
        if !by_name.contains_key("join") {
            findings.push(Diagnostic::error(INVALID, "the schema links no join specification: it is no supergraph"));
        }
        if findings.is_empty() { Ok(Self { by_name, owners }) } else { Err(findings) }
    }

    /// Whether types have an owner, and fields without a word are the owner's (join v0.1).
    pub fn has_owners(&self) -> bool {
        self.owners
    }

    /// The local name of a directive of a specification, such as `join__type` of `("join", "type")`.
    pub fn directive(&self, feature: &str, element: &str) -> Option<String> {
        let linked = self.by_name.get(feature)?;
        if let Some(name) = linked.imports.get(&format!("@{element}")) {
            return Some(name.trim_start_matches('@').to_owned());
        }
        Some(if element == feature { linked.namespace.clone() } else { format!("{}__{element}", linked.namespace) })
    }

    /// The local name of a type of a specification.
    pub fn type_name(&self, feature: &str, element: &str) -> Option<String> {
        let linked = self.by_name.get(feature)?;
        let default = || format!("{}__{element}", linked.namespace);
        Some(linked.imports.get(element).cloned().unwrap_or_else(default))
    }

    /// Whether a type belongs to a specification, and so not to the API.
    pub fn owns_type(&self, name: &str) -> bool {
        self.by_name.values().any(|feature| {
            in_namespace(name, &feature.namespace) || feature.imports.values().any(|import| import == name)
        })
    }

    /// Whether a directive belongs to a specification, and so not to the API.
    pub fn owns_directive(&self, name: &str) -> bool {
        self.by_name.values().any(|feature| {
            name == feature.namespace
                || in_namespace(name, &feature.namespace)
                || feature.imports.values().any(|import| import.strip_prefix('@') == Some(name))
        })
    }
}

fn in_namespace(name: &str, namespace: &str) -> bool {
    name.strip_prefix(namespace).is_some_and(|rest| rest.starts_with("__"))
}

fn is_known(name: &str) -> bool {
    matches!(
        name,
        "core"
            | "link"
            | "join"
            | "tag"
            | "inaccessible"
            | "authenticated"
            | "requiresScopes"
            | "policy"
            | "context"
            | "cost"
            | "cacheTag"
    )
}

fn url_of(directive: &Directive) -> Option<&str> {
    string(directive, "url").or_else(|| string(directive, "feature"))
}

/// A specification's URL without its version, and that.
fn split(url: &str) -> Option<(&str, &str)> {
    let (identity, version) = url.trim_end_matches('/').rsplit_once('/')?;
    (version.starts_with('v') && !identity.ends_with('/')).then_some((identity, version))
}

fn imports_of(directive: &Directive) -> IndexMap<String, String> {
    let Some(Value::List(items)) = value(directive, "import") else { return IndexMap::new() };
    items.iter().filter_map(|item| import_of(item)).collect()
}

fn import_of(item: &Value) -> Option<(String, String)> {
    match item {
        Value::String(name) => Some((name.clone(), name.clone())),
        Value::Object(members) => {
            let get = |key: &str| members.iter().find(|(name, _)| name == key).and_then(|(_, value)| value.as_str());
            let name = get("name")?;
            Some((name.to_owned(), get("as").unwrap_or(name).to_owned()))
        }
        _ => None,
    }
}
