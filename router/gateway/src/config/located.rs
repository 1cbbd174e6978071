//! A YAML document with the place of each key and value, so that findings can point at it.

use std::fmt;

use indexmap::IndexMap;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::finding::Place;

/// A YAML value; its children carry their places.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Scalar(serde_json::Value),
    List(Vec<Located>),
    Map(IndexMap<String, Entry>),
}

/// A value and where it starts, if it stands in a file.
#[derive(Debug, Clone)]
pub(super) struct Located {
    pub place: Option<Place>,
    pub node: Node,
}

/// A member of a map, and where its key stands.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub place: Option<Place>,
    pub value: Located,
}

impl Located {
    /// A value that no file holds.
    pub fn unplaced(node: Node) -> Self {
        Self { place: None, node }
    }

    /// Where the value of a key stands, by the key's path, such as `identity.jwt.jwks[0]`.
    pub fn place_of(&self, path: &str) -> Option<Place> {
        match &self.node {
            _ if path.is_empty() => self.place,
            Node::Scalar(_) => None,
            // Names may have dots, so that more than one key may be the path's first step.
            Node::Map(entries) => entries.iter().find_map(|(key, entry)| {
                let rest = path.strip_prefix(key.as_str())?;
                let below =
                    rest.strip_prefix('.').or(Some(rest).filter(|rest| rest.is_empty() || rest.starts_with('[')));
                entry.value.place_of(below?)
            }),
            Node::List(items) => {
                let (index, rest) = path.strip_prefix('[')?.split_once(']')?;
                items.get(index.parse::<usize>().ok()?)?.place_of(rest.strip_prefix('.').unwrap_or(rest))
            }
        }
    }

    /// The value without its places.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.node {
            Node::Scalar(value) => value.clone(),
            Node::List(items) => items.iter().map(Self::to_json).collect(),
            Node::Map(entries) => {
                serde_json::Value::Object(entries.iter().map(|(k, e)| (k.clone(), e.value.to_json())).collect())
            }
        }
    }
}

impl<'de> Deserialize<'de> for Located {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Node>::deserialize(deserializer)?;
        Ok(Self { place: Some(spanned.referenced.into()), node: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar(serde_json::Value::Null))
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar(serde_json::Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut entries = IndexMap::new();
        while let Some((key, value)) = access.next_entry::<Spanned<String>, Located>()? {
            entries.insert(key.value, Entry { place: Some(key.referenced.into()), value });
        }
        Ok(Node::Map(entries))
    }
}
