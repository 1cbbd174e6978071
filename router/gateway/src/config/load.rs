//! Loads a configuration: the file's text, the environment over it, flags over both.

use super::finding::{ConfigError, Place};
use super::located::{Entry, Located, Node};
use super::schema::{View, json_schema};
use super::validate::{unknown_key, validate};
use super::{Config, Identity, yaml_error};
use crate::GatewayError;

/// Environment variables that begin with this set configuration keys: `SUPERGRAPH__SERVER__LISTEN` is `server.listen`.
pub const ENVIRONMENT_PREFIX: &str = "SUPERGRAPH__";

/// A key set by a flag: its path, such as `["server", "listen"]`, and its value as YAML would write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The key's path, a name a step: names of subgraphs may have dots.
    pub path: Vec<String>,
    /// The value.
    pub value: String,
}

impl Override {
    /// A flag's value for a key.
    pub fn new<N: Into<String>>(path: impl IntoIterator<Item = N>, value: impl Into<String>) -> Self {
        Self { path: path.into_iter().map(Into::into).collect(), value: value.into() }
    }
}

/// Reads a configuration from a file's text (empty for none), the environment and flags, later ones winning.
///
/// # Errors
/// Every finding at once: unknown keys with a suggestion, values of a wrong type or beyond their bounds, each with
/// its line where it has one.
pub fn load(
    yaml: &str,
    environment: impl Iterator<Item = (String, String)>,
    overrides: &[Override],
) -> Result<Config, Vec<ConfigError>> {
    let schema = json_schema();
    let mut findings = Vec::new();
    let mut document = parse(yaml).map_err(|finding| vec![finding])?;
    validate(&document, View(&schema), "", &mut findings);
    for (path, value) in environment_paths(environment) {
        let over = resolve_case(&path, View(&schema));
        apply(&mut document, View(&schema), &Override::new(over, value), &mut findings);
    }
    for over in overrides {
        apply(&mut document, View(&schema), over, &mut findings);
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    let config: Config = serde_json::from_value(without_nulls(document.to_json()))
        .map_err(|error| vec![ConfigError::new("", None, error.to_string())])?;
    check_identity(&config.identity, &mut findings);
    check_cors(&config, &mut findings);
    check_batch(&config, &mut findings);
    findings.extend(crate::gateway::value_errors(&config).into_iter().map(|error| match error {
        GatewayError::Value { key, message } => ConfigError::new(&key, None, format!("is not valid: {message}")),
        other => ConfigError::new("", None, other.to_string()),
    }));
    for finding in &mut findings {
        finding.place = document.place_of(&finding.path);
    }
    if findings.is_empty() { Ok(config) } else { Err(findings) }
}

fn parse(yaml: &str) -> Result<Located, ConfigError> {
    let empty = || Located::unplaced(Node::Map(indexmap::IndexMap::new()));
    if yaml.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#') || line == "---") {
        return Ok(empty());
    }
    let options = serde_saphyr::options! { with_snippet: false };
    match serde_saphyr::from_str_with_options::<Located>(yaml, options) {
        Ok(Located { node: Node::Scalar(serde_json::Value::Null), .. }) => Ok(empty()),
        Ok(document) => Ok(document),
        Err(error) => Err(ConfigError::new("", error.location().map(Place::from), yaml_error::reason(&error))),
    }
}

/// The variables that set keys, as paths, in name order so that the result doesn't depend on the environment's.
fn environment_paths(environment: impl Iterator<Item = (String, String)>) -> Vec<(Vec<String>, String)> {
    let mut paths: Vec<_> = environment
        .filter_map(|(name, value)| {
            let rest = name.strip_prefix(ENVIRONMENT_PREFIX)?;
            Some((rest.split("__").map(str::to_owned).collect(), value))
        })
        .collect();
    paths.sort();
    paths
}

/// Variables are written in capitals, keys are not.
fn resolve_case(path: &[String], root: View<'_>) -> Vec<String> {
    let mut schema = Some(root);
    path.iter()
        .map(|part| {
            let declared = schema.and_then(|s| s.properties().find(|(name, _)| name.eq_ignore_ascii_case(part)));
            let (name, below) = match declared {
                Some((name, below)) => (name.clone(), Some(below)),
                None => (part.to_ascii_lowercase(), schema.and_then(View::free_members)),
            };
            schema = below;
            name
        })
        .collect()
}

/// Sets one key of the document to a value that is not the file's.
fn apply(document: &mut Located, root: View<'_>, over: &Override, findings: &mut Vec<ConfigError>) {
    let (mut schema, path) = (root, over.path.join("."));
    for key in &over.path {
        let Some(below) = schema.member(key) else {
            findings.push(unknown_key(key, &path, None, schema));
            return;
        };
        schema = below;
    }
    let value = if schema.types().contains(&"string") {
        Located::unplaced(Node::Scalar(over.value.clone().into()))
    } else {
        match parse(&over.value) {
            Ok(value) => Located::unplaced(value.node),
            Err(_) => Located::unplaced(Node::Scalar(over.value.clone().into())),
        }
    };
    let before = findings.len();
    validate(&value, schema, &path, findings);
    if findings.len() == before {
        set(document, over.path.iter().map(String::as_str), value);
    }
}

fn set<'a>(document: &mut Located, mut path: impl Iterator<Item = &'a str>, value: Located) {
    let Some(key) = path.next() else {
        *document = value;
        return;
    };
    if !matches!(document.node, Node::Map(_)) {
        document.node = Node::Map(indexmap::IndexMap::new());
    }
    if let Node::Map(entries) = &mut document.node {
        let fresh = || Entry { place: None, value: Located::unplaced(Node::Scalar(serde_json::Value::Null)) };
        set(&mut entries.entry(key.to_owned()).or_insert_with(fresh).value, path, value);
    }
}

/// A key without a value means its default.
fn without_nulls(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(members) => {
            let kept = members.into_iter().filter(|(_, value)| !value.is_null());
            kept.map(|(key, value)| (key, without_nulls(value))).collect()
        }
        serde_json::Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

fn check_identity(identity: &Identity, findings: &mut Vec<ConfigError>) {
    let key = &identity.signing_key;
    if key.file.is_some() && key.environment.is_some() {
        findings.push(ConfigError::new(
            "identity.signing_key",
            None,
            "must have one of \"file\" and \"environment\", not both",
        ));
    }
    for (index, set) in identity.jwt.jwks.iter().enumerate() {
        if set.file.is_some() == set.url.is_some() {
            let path = format!("identity.jwt.jwks[{index}]");
            findings.push(ConfigError::new(&path, None, "must have either \"file\" or \"url\""));
        }
    }
}

fn check_cors(config: &Config, findings: &mut Vec<ConfigError>) {
    let any = config.cors.origins.iter().any(|origin| origin == "*");
    if any && config.cors.credentials {
        findings.push(ConfigError::new("cors.credentials", None, "cannot be on while any origin (\"*\") may call"));
    }
    if any && config.cors.origins.len() > 1 {
        findings.push(ConfigError::new("cors.origins", None, "must be \"*\" alone or a list of origins"));
    }
}

/// A batch that could never be let in would be told to try again.
fn check_batch(config: &Config, findings: &mut Vec<ConfigError>) {
    let (batch, requests_max) = (&config.http.batch, config.limits.concurrent_requests_max);
    if batch.enabled && batch.operations_max > requests_max {
        let message = format!("cannot be more than limits.concurrent_requests_max, which is {requests_max}");
        findings.push(ConfigError::new("http.batch.operations_max", None, message));
    }
}

#[cfg(test)]
mod tests;
