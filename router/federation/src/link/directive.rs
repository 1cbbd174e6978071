//! One `@link` application: its URL, alias, imports and purpose.

use std::fmt;

use graphql::ast::{Directive, Value};
use graphql::{Name, Node, SourceSpan};

use super::url::SpecUrl;
use super::{LinkError, LinkFault, Version};

/// What a consumer that does not know a feature must do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Needed to resolve fields securely.
    Security,
    /// Needed to execute operations.
    Execution,
}

/// One imported element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The element's name in its specification, without `@`.
    pub element: Name,
    /// Its name in this schema, without `@`.
    pub local: Name,
    /// Whether it is a directive (written with `@`) rather than a type.
    pub kind: ElementKind,
    /// Where the import stands.
    pub location: Option<SourceSpan>,
}

impl fmt::Display for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sigil = if self.kind == ElementKind::Directive { "@" } else { "" };
        write!(f, "{sigil}{}", self.element)
    }
}

/// The two kinds of element that a specification defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElementKind {
    /// Written `@name`.
    Directive,
    /// Written `Name`.
    Type,
}

/// One linked specification.
#[derive(Clone, Debug)]
pub struct Link {
    /// Which specification at which version.
    pub url: SpecUrl,
    /// The prefix of elements that are not imported: `as`, or else the specification's name.
    pub namespace: String,
    /// The imported elements in the order written.
    pub imports: Vec<Import>,
    /// What it is for.
    pub purpose: Option<Purpose>,
    /// Where the application stands.
    pub location: Option<SourceSpan>,
}

impl Link {
    /// Reads one application of `@link`: as much as can be read of it, and everything that is wrong with how it is
    /// written, which is [`LinkError::Identifier`] for a URL without name or version (then there is no link to speak
    /// of), and [`LinkError::Usage`] for each bad import and for a bad alias.
    pub fn read(directive: &Directive, location: Option<SourceSpan>) -> (Option<Self>, Vec<LinkFault>) {
        let text = |name: &str| directive.specified_argument_by_name(name).and_then(|value| value.as_str());
        let mut faults = Vec::new();
        let mut note = |error, at: Option<SourceSpan>| faults.push(LinkFault { error, location: at.or(location) });
        let url = url(text("url").or_else(|| text("feature"))).map_err(|error| note(error, None)).ok();
        let alias = text("as").map(alias_checked).transpose().map_err(|error| note(error, None)).ok().flatten();
        let mut imports = Vec::new();
        for value in listed(directive.specified_argument_by_name("import")) {
            match import(value) {
                Ok(import) => imports.push(import),
                Err(error) => note(error, value.location()),
            }
        }
        let purpose = match directive.specified_argument_by_name("for").and_then(|value| value.as_enum()) {
            Some(name) if name == "SECURITY" => Some(Purpose::Security),
            Some(name) if name == "EXECUTION" => Some(Purpose::Execution),
            _ => None,
        };
        let link = url.map(|url| {
            let namespace = alias.map_or_else(|| url.name.clone(), |alias| alias.to_string());
            Self { url, namespace, imports, purpose, location }
        });
        (link, faults)
    }

    /// The name in this schema of one of the specification's directives, without `@`.
    pub fn directive_name(&self, element: &str) -> String {
        let imported = self.imports.iter().find(|i| i.kind == ElementKind::Directive && i.element == element);
        match imported {
            Some(import) => import.local.to_string(),
            None if element == self.url.name => self.namespace.clone(),
            None => format!("{}__{element}", self.namespace),
        }
    }

    /// The name in this schema of one of the specification's types.
    pub fn type_name(&self, element: &str) -> String {
        let imported = self.imports.iter().find(|i| i.kind == ElementKind::Type && i.element == element);
        imported.map_or_else(|| format!("{}__{element}", self.namespace), |import| import.local.to_string())
    }

    /// The version linked.
    pub fn version(&self) -> Version {
        self.url.version
    }
}

fn url(raw: Option<&str>) -> Result<SpecUrl, LinkError> {
    let raw = raw.ok_or_else(|| LinkError::Usage("@link needs a string `url`".to_owned()))?;
    SpecUrl::parse(raw).ok_or_else(|| LinkError::Identifier(raw.to_owned()))
}

/// The items of a list; one value counts as a list of it, as GraphQL's input coercion has it.
fn listed(value: Option<&Node<Value>>) -> &[Node<Value>] {
    match value.map(|value| &**value) {
        None | Some(Value::Null) => &[],
        Some(Value::List(items)) => items,
        Some(_) => value.map(std::slice::from_ref).unwrap_or_default(),
    }
}

fn import(value: &Node<Value>) -> Result<Import, LinkError> {
    let (element, alias) = match &**value {
        Value::String(element) => (element.as_str(), None),
        Value::Object(members) => {
            let member = |key: &str| members.iter().find(|(name, _)| name == key).map(|(_, value)| value);
            if let Some((unknown, _)) = members.iter().find(|(name, _)| name != "name" && name != "as") {
                return Err(LinkError::Usage(format!("Unknown member `{unknown}` in a @link import")));
            }
            let Some(element) = member("name").and_then(|value| value.as_str()) else {
                return Err(LinkError::Usage("A @link import needs a string `name`".to_owned()));
            };
            let alias = match member("as") {
                None => None,
                Some(value) => Some(value.as_str().ok_or_else(|| {
                    LinkError::Usage(format!("The alias of the @link import `{element}` must be a string"))
                })?),
            };
            (element, alias)
        }
        _ => {
            let message = "A @link import is either a string or an object {name:, as:}".to_owned();
            return Err(LinkError::Usage(message));
        }
    };
    let local = alias.unwrap_or(element);
    let kind = if element.starts_with('@') { ElementKind::Directive } else { ElementKind::Type };
    if local.starts_with('@') != element.starts_with('@') {
        let should = if kind == ElementKind::Directive { "start" } else { "not start" };
        return Err(LinkError::Usage(format!(
            "The alias `{local}` of the @link import `{element}` must {should} with @"
        )));
    }
    let bare = |text: &str| {
        Name::new(text.strip_prefix('@').unwrap_or(text))
            .map_err(|_| LinkError::Usage(format!("`{text}` in a @link import is not a name")))
    };
    Ok(Import { element: bare(element)?, local: bare(local)?, kind, location: value.location() })
}

fn alias_checked(alias: &str) -> Result<Name, LinkError> {
    let name = Name::new(alias).map_err(|_| LinkError::Usage(format!("The @link alias `{alias}` is not a name")))?;
    if alias.contains("__") || alias.ends_with('_') {
        return Err(LinkError::Usage(format!("The @link alias `{alias}` may neither contain `__` nor end in `_`")));
    }
    Ok(name)
}
