//! The JSON Schema of [`Config`](super::Config), and the little of JSON Schema that checking and the reference need.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::Config;

/// The JSON Schema (draft 2020-12) of the configuration, without references, with defaults.
pub fn json_schema() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<Config>().to_value();
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".into(), "Supergraph configuration".into());
    }
    schema
}

/// A view of one schema, with an alternative of null already looked through.
#[derive(Clone, Copy)]
pub(super) struct View<'a>(pub &'a Value);

impl<'a> View<'a> {
    /// What may stand here beside null: a key that may be unset has both as alternatives.
    pub fn value(self) -> &'a Value {
        let alternatives = self.0.get("anyOf").and_then(Value::as_array).into_iter().flatten();
        let is_null = |one: &&Value| one.get("type").and_then(Value::as_str) == Some("null");
        alternatives.into_iter().find(|one| !is_null(one)).unwrap_or(self.0)
    }

    /// The schema of one key: a declared one, or that of any key of a free map.
    pub fn member(self, key: &str) -> Option<View<'a>> {
        self.property(key).or_else(|| self.free_members())
    }

    /// The schema of a declared key.
    pub fn property(self, key: &str) -> Option<View<'a>> {
        self.value().get("properties")?.get(key).map(View)
    }

    /// The schema of every key of a map whose keys are free.
    pub fn free_members(self) -> Option<View<'a>> {
        self.value().get("additionalProperties").filter(|schema| schema.is_object()).map(View)
    }

    /// The declared keys.
    pub fn properties(self) -> impl Iterator<Item = (&'a String, View<'a>)> {
        self.value().get("properties").and_then(Value::as_object).into_iter().flatten().map(|(k, v)| (k, View(v)))
    }

    /// The schema of a list's items.
    pub fn items(self) -> Option<View<'a>> {
        self.value().get("items").map(View)
    }

    /// The names of the types allowed, `null` among them.
    pub fn types(self) -> Vec<&'a str> {
        match self.value().get("type") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
            _ if self.value().get("oneOf").is_some() || self.value().get("enum").is_some() => vec!["string"],
            _ => Vec::new(),
        }
    }

    /// The words allowed; empty when any.
    pub fn words(self) -> Vec<&'a str> {
        let listed = self.value().get("enum").and_then(Value::as_array).into_iter().flatten();
        let described = self.value().get("oneOf").and_then(Value::as_array).into_iter().flatten();
        listed.chain(described.filter_map(|one| one.get("const"))).filter_map(Value::as_str).collect()
    }

    /// Whether a text is an address with a port.
    pub fn is_address(self) -> bool {
        self.0.get("format").and_then(Value::as_str) == Some("ip-and-port")
    }

    /// The bound of a number, `minimum` or `maximum`.
    pub fn bound(self, name: &str) -> Option<&'a serde_json::Number> {
        self.value().get(name).and_then(Value::as_number)
    }

    /// What a person is told.
    pub fn description(self) -> &'a str {
        self.0.get("description").and_then(Value::as_str).unwrap_or_default()
    }

    /// The default.
    pub fn default(self) -> Option<&'a Value> {
        self.0.get("default")
    }
}
