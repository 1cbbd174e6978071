//! What is deployed, as its files say: read once, and copied by whoever wants to bend it.

use std::path::Path;

use serde_json::{Map, Value};

/// The files.
#[derive(Clone)]
pub struct Deployment {
    /// `compose.yml`, its merges made.
    pub compose: Value,
    /// The services' file.
    pub services_file: Value,
    /// The router's configuration.
    pub router: Value,
    /// What `schema/supergraph.graphql` is composed of.
    pub supergraph: Value,
    /// The variables that `.env` has to set.
    pub env_example: String,
    /// What runs in the container that makes the keys.
    pub share_keys: String,
    pub dockerfile: String,
    pub dockerignore: String,
    /// The workspace's manifest.
    pub manifest: String,
    pub toolchain: String,
}

/// A service of `compose.yml`.
pub struct Service<'a> {
    pub name: &'a str,
    pub body: &'a Value,
}

impl Deployment {
    /// Reads the checkout's.
    pub fn read() -> Self {
        Self {
            compose: yaml("compose.yml"),
            services_file: yaml("deploy/compose/services.yaml"),
            router: yaml("deploy/compose/router.yaml"),
            supergraph: yaml("schema/supergraph.yaml"),
            env_example: text("deploy/compose/env.example"),
            share_keys: text("deploy/compose/share-keys"),
            dockerfile: text("Dockerfile"),
            dockerignore: text(".dockerignore"),
            manifest: text("Cargo.toml"),
            toolchain: text("rust-toolchain.toml"),
        }
    }

    /// All services.
    pub fn services(&self) -> impl Iterator<Item = Service<'_>> {
        let services = self.compose["services"].as_object().into_iter().flatten();
        services.map(|(name, body)| Service { name, body })
    }

    /// Those that are our program.
    pub fn ours(&self) -> impl Iterator<Item = Service<'_>> {
        self.services().filter(|service| service.image().starts_with("supergraph:"))
    }
}

impl<'a> Service<'a> {
    pub fn image(&self) -> &'a str {
        self.body["image"].as_str().unwrap_or_default()
    }

    /// Whether it ends by itself.
    pub fn is_step(&self) -> bool {
        self.body["restart"] == "no"
    }

    /// The words of `command`.
    pub fn command(&self) -> Vec<&'a str> {
        words(&self.body["command"])
    }

    /// The words of its health check.
    pub fn health_check(&self) -> Vec<&'a str> {
        words(&self.body["healthcheck"]["test"])
    }

    pub fn environment(&self) -> impl Iterator<Item = (&'a str, String)> {
        let variables = self.body["environment"].as_object().into_iter().flatten();
        variables.map(|(name, value)| (name.as_str(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
    }

    /// What is mounted: source and target.
    pub fn mounts(&self) -> Vec<(&'a str, &'a str)> {
        let split = |mount: &'a str| {
            let mut parts = mount.split(':');
            Some((parts.next()?, parts.next()?))
        };
        words(&self.body["volumes"]).into_iter().filter_map(split).collect()
    }

    /// Where the services' file is mounted, if it is.
    pub fn services_file(&self) -> Option<&'a str> {
        self.mounts().into_iter().find(|(source, _)| source.ends_with("/services.yaml")).map(|(_, target)| target)
    }
}

/// All texts of a document, each with the key that it stands under.
pub fn texts(value: &Value) -> Vec<(&str, &str)> {
    fn gather<'a>(key: &'a str, value: &'a Value, into: &mut Vec<(&'a str, &'a str)>) {
        match value {
            Value::String(text) => into.push((key, text)),
            Value::Array(items) => items.iter().for_each(|item| gather(key, item, into)),
            Value::Object(members) => members.iter().for_each(|(key, member)| gather(key, member, into)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    gather("", value, &mut found);
    found
}

/// All objects of a document.
pub fn objects(value: &Value) -> Vec<&Map<String, Value>> {
    match value {
        Value::Array(items) => items.iter().flat_map(objects).collect(),
        Value::Object(members) => std::iter::once(members).chain(members.values().flat_map(objects)).collect(),
        _ => Vec::new(),
    }
}

fn words(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn yaml(path: &str) -> Value {
    serde_saphyr::from_str(&text(path)).expect("YAML")
}

fn text(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}
