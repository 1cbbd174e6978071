//! Loads a configuration: the file's text, the environment over it, flags over both.

use std::fmt;

use super::located::{Entry, Located, Node};
use super::schema::{View, json_schema};
use super::validate::{nearest, validate};
use super::{Config, Identity};
use crate::GatewayError;

/// Environment variables that begin with this set configuration keys: `SUPERGRAPH__SERVER__LISTEN` is `server.listen`.
pub const ENVIRONMENT_PREFIX: &str = "SUPERGRAPH__";

/// A key set by a flag: its path, such as `server.listen`, and its value as YAML would write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The key's path, with dots.
    pub path: String,
    /// The value.
    pub value: String,
}

impl Override {
    /// A flag's value for a key.
    pub fn new(path: impl Into<String>, value: impl Into<String>) -> Self {
        Self { path: path.into(), value: value.into() }
    }
}

/// One thing that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// The key's path, such as `server.listen`; empty for the document as a whole.
    pub path: String,
    /// The line in the file, from 1; 0 when the value comes from elsewhere.
    pub line: u64,
    /// What is wrong.
    pub message: String,
    /// The name that was probably meant.
    pub suggestion: Option<String>,
}

impl ConfigError {
    pub(super) fn new(path: &str, line: u64, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into(), suggestion: None }
    }

    pub(super) fn suggest(mut self, suggestion: Option<String>) -> Self {
        self.suggestion = suggestion;
        self
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        if !self.path.is_empty() {
            write!(f, "{} ", self.path)?;
        }
        f.write_str(&self.message)?;
        match &self.suggestion {
            Some(suggestion) => write!(f, "; did you mean \"{suggestion}\"?"),
            None => Ok(()),
        }
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
        let over = resolve_case(&path, View(&schema)).join(".");
        apply(&mut document, View(&schema), &Override::new(over, value), &mut findings);
    }
    for over in overrides {
        apply(&mut document, View(&schema), over, &mut findings);
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    let config: Config = serde_json::from_value(without_nulls(document.to_json()))
        .map_err(|error| vec![ConfigError::new("", 0, error.to_string())])?;
    check_identity(&config.identity, &mut findings);
    check_cors(&config, &mut findings);
    findings.extend(crate::gateway::value_errors(&config).into_iter().map(|error| match error {
        GatewayError::Value { key, message } => ConfigError::new(&key, 0, format!("is not valid: {message}")),
        other => ConfigError::new("", 0, other.to_string()),
    }));
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
        Err(error) => {
            let line = error.location().map_or(0, |location| location.line());
            Err(ConfigError::new("", line, format!("is not valid YAML: {error}")))
        }
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
    let mut schema = root;
    for key in over.path.split('.') {
        let Some(below) = schema.member(key) else {
            let suggestion = nearest(key, schema.properties().map(|(name, _)| name.as_str()));
            findings.push(ConfigError::new(&over.path, 0, "is not a known key").suggest(suggestion));
            return;
        };
        schema = below;
    }
    let value = if schema.types().contains(&"string") {
        Located::unplaced(Node::Scalar(over.value.clone().into()))
    } else {
        match parse(&over.value) {
            Ok(value) => strip_lines(value),
            Err(_) => Located::unplaced(Node::Scalar(over.value.clone().into())),
        }
    };
    let before = findings.len();
    validate(&value, schema, &over.path, findings);
    if findings.len() == before {
        set(document, over.path.split('.'), value);
    }
}

fn strip_lines(mut value: Located) -> Located {
    value.line = 0;
    value
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
        let fresh = || Entry { line: 0, value: Located::unplaced(Node::Scalar(serde_json::Value::Null)) };
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
            0,
            "must have one of \"file\" and \"environment\", not both",
        ));
    }
    for (index, set) in identity.jwt.jwks.iter().enumerate() {
        if set.file.is_some() == set.url.is_some() {
            let path = format!("identity.jwt.jwks[{index}]");
            findings.push(ConfigError::new(&path, 0, "must have either \"file\" or \"url\""));
        }
    }
}

fn check_cors(config: &Config, findings: &mut Vec<ConfigError>) {
    let any = config.cors.origins.iter().any(|origin| origin == "*");
    if any && config.cors.credentials {
        findings.push(ConfigError::new("cors.credentials", 0, "cannot be on while any origin (\"*\") may call"));
    }
    if any && config.cors.origins.len() > 1 {
        findings.push(ConfigError::new("cors.origins", 0, "must be \"*\" alone or a list of origins"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none() -> std::iter::Empty<(String, String)> {
        std::iter::empty()
    }

    fn findings(yaml: &str) -> Vec<String> {
        load(yaml, none(), &[]).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_empty_file_is_the_default() {
        assert_eq!(load("", none(), &[]).unwrap(), Config::default());
        assert_eq!(load("# nothing\nserver:\n", none(), &[]).unwrap(), Config::default());
    }

    #[test]
    fn flags_win_over_environment_and_environment_over_the_file() {
        let yaml = "server:\n  listen: 127.0.0.1:1\n  drain_timeout_ms: 7\nlimits:\n  depth_max: 9\n";
        let environment = [
            ("SUPERGRAPH__SERVER__LISTEN", "127.0.0.1:2"),
            ("SUPERGRAPH__LIMITS__DEPTH_MAX", "10"),
            ("SUPERGRAPH__CORS__ORIGINS", "[\"https://a.example\"]"),
            ("SUPERGRAPH__SUBGRAPHS__BY_NAME__USERS__URL", "http://127.0.0.1:3/graphql"),
            ("UNRELATED", "x"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let config = load(yaml, environment.into_iter(), &[Override::new("server.listen", "127.0.0.1:3")]).unwrap();
        assert_eq!(config.server.listen.port(), 3);
        assert_eq!(config.server.drain_timeout_ms, 7);
        assert_eq!(config.limits.depth_max, 10);
        assert_eq!(config.cors.origins, ["https://a.example"]);
        assert_eq!(config.subgraphs.by_name["users"].url.as_deref(), Some("http://127.0.0.1:3/graphql"));
    }

    #[test]
    fn unknown_keys_are_refused_with_line_and_suggestion() {
        assert_eq!(
            findings("server:\n  lisen: 127.0.0.1:1\nlimts: {}\n"),
            [
                "line 2: server.lisen is not a known key; did you mean \"listen\"?",
                "line 3: limts is not a known key; did you mean \"limits\"?",
            ]
        );
    }

    #[test]
    fn wrong_types_bounds_and_words_are_refused_with_their_lines() {
        assert_eq!(
            findings("limits:\n  depth_max: deep\n  tokens_max: 0\ntelemetry:\n  logs: {format: jsn}\ncors: [1]\n"),
            [
                "line 2: limits.depth_max must be a whole number",
                "line 3: limits.tokens_max must be at least 1",
                "line 5: telemetry.logs.format is \"jsn\"; expected one of auto, json, pretty; did you mean \"json\"?",
                "line 6: cors must be a section",
            ]
        );
    }

    #[test]
    fn unknown_environment_variables_are_refused() {
        let environment = [("SUPERGRAPH__SERVER__LISTN".to_owned(), "x".to_owned())];
        let findings = load("", environment.into_iter(), &[]).unwrap_err();
        assert_eq!(findings[0].to_string(), "server.listn is not a known key; did you mean \"listen\"?");
    }

    #[test]
    fn text_that_is_no_yaml_is_one_finding() {
        assert_eq!(load("server: [", none(), &[]).unwrap_err().len(), 1);
        assert_eq!(findings("just words"), ["line 1: must be a section"]);
    }

    #[test]
    fn values_that_no_schema_can_check_are_refused() {
        assert_eq!(
            findings(
                "cors: {origins: [shop.example]}\nheaders: {forward: [Content-Length, x y]}\nsubgraphs: {by_name: {a: {url: 'a:b'}}}\n"
            ),
            [
                "cors.origins is not valid: \"shop.example\" is not an origin such as https://shop.example",
                "headers.forward is not valid: \"x y\" is not a header name",
                "subgraphs.by_name.a.url is not valid: \"a:b\" is not an http or https URL",
            ]
        );
    }

    #[test]
    fn contradictions_are_refused() {
        assert_eq!(
            findings("cors: {origins: ['*'], credentials: true}\nidentity:\n  jwt: {jwks: [{}]}\n"),
            [
                "identity.jwt.jwks[0] must have either \"file\" or \"url\"",
                "cors.credentials cannot be on while any origin (\"*\") may call",
            ]
        );
    }
}
