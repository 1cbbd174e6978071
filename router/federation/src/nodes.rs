//! Relay's `node(id:)` and `nodes(ids:)` over all subgraphs (GraphQL Global Object Identification Specification): a subgraph
//! that is the router itself.
//!
//! It has a type for each kind of node, with nothing but its `id`, and a root field that gives one by its global id. To
//! composition and planner it is a subgraph like any other, so that whatever else is asked of a node comes by the type's key
//! from whoever has it, under the rules that hold there. What tells it from others is its address, which also names each
//! type's owner: the one subgraph that knows whether there is such a node, and whether the caller may know.

use std::fmt::Write as _;

use indexmap::IndexMap;

/// What the subgraph is called in a supergraph.
pub const NAME: &str = "nodes";

/// What its address begins with; nobody is called there.
const SCHEME: &str = "nodes:";

/// The kinds of nodes, and who owns them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nodes {
    owners: IndexMap<String, String>,
}

/// Why there are no such nodes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidNodes {
    /// There are no kinds of them.
    #[error("no type is named")]
    Empty,
    /// A name that isn't one.
    #[error("{0:?} is no name of a type")]
    Type(String),
    /// A name that an address can't hold.
    #[error("a subgraph called {0:?} can't own nodes: only letters, digits, _, - and . may stand in its name")]
    Subgraph(String),
}

impl Nodes {
    /// Nodes of these types, each with the name of the subgraph that owns it: which has the type with `@key(fields: "id")`,
    /// resolves it, and gives null for what isn't there or isn't the caller's to see.
    ///
    /// # Errors
    /// [`InvalidNodes`].
    pub fn new(owners: IndexMap<String, String>) -> Result<Self, InvalidNodes> {
        if owners.is_empty() {
            return Err(InvalidNodes::Empty);
        }
        for (ty, owner) in &owners {
            if !is_type_name(ty) {
                return Err(InvalidNodes::Type(ty.clone()));
            }
            if !is_subgraph_name(owner) {
                return Err(InvalidNodes::Subgraph(owner.clone()));
            }
        }
        Ok(Self { owners })
    }

    /// Those of an address; `None` for other subgraphs' addresses.
    #[must_use]
    pub fn of_url(url: &str) -> Option<Self> {
        let pairs = url.strip_prefix(SCHEME)?.split(',').map(|pair| {
            let (ty, owner) = pair.split_once('=')?;
            Some((ty.to_owned(), owner.to_owned()))
        });
        Self::new(pairs.collect::<Option<_>>()?).ok()
    }

    /// The address: `nodes:Order=orders,User=users`.
    #[must_use]
    pub fn url(&self) -> String {
        let pairs: Vec<String> = self.owners.iter().map(|(ty, owner)| format!("{ty}={owner}")).collect();
        format!("{SCHEME}{}", pairs.join(","))
    }

    /// The owner of each type.
    pub fn owners(&self) -> impl Iterator<Item = (&str, &str)> {
        self.owners.iter().map(|(ty, owner)| (ty.as_str(), owner.as_str()))
    }

    /// The subgraph's schema for composition.
    #[must_use]
    pub fn subgraph_sdl(&self) -> String {
        let link = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.0\", import: [\"@key\"])\n\n";
        format!("{link}{}", self.written(" @key(fields: \"id\", resolvable: false)"))
    }

    /// The subgraph's schema without any directive, by which its operations are read.
    #[must_use]
    pub fn sdl(&self) -> String {
        self.written("")
    }

    fn written(&self, directives: &str) -> String {
        let mut sdl = ROOT.to_owned();
        for ty in self.owners.keys() {
            // To a string: it can't fail.
            let _ = write!(sdl, "\ntype {ty} implements Node{directives} {{\n  id: ID!\n}}\n");
        }
        sdl
    }
}

const ROOT: &str = r#""""An object with a global id, by which it can be had again."""
interface Node {
  """The global id."""
  id: ID!
}

type Query {
  """The object of a global id; null if there is none, or none that the caller may see."""
  node(
    """The global id."""
    id: ID!
  ): Node
  """The objects of global ids, in their order; null in the place of each that isn't there, or isn't the caller's to see."""
  nodes(
    """The global ids, at most 100."""
    ids: [ID!]!
  ): [Node]
}
"#;

fn is_type_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && !name.starts_with("__")
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !matches!(name, "Node" | "Query")
}

fn is_subgraph_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(pairs: &[(&str, &str)]) -> Result<Nodes, InvalidNodes> {
        Nodes::new(pairs.iter().map(|(ty, owner)| ((*ty).to_owned(), (*owner).to_owned())).collect())
    }

    #[test]
    fn an_address_reads_back() {
        let all = nodes(&[("Order", "orders"), ("User", "users-2.eu")]).unwrap();
        assert_eq!(all.url(), "nodes:Order=orders,User=users-2.eu");
        assert_eq!(Nodes::of_url(&all.url()), Some(all));
        for other in ["", "nodes:", "nodes:Order", "nodes:=a", "http://nodes:4001/", "nodes:Order=a,", "nodes:a b=c"] {
            assert_eq!(Nodes::of_url(other), None, "{other}");
        }
    }

    #[test]
    fn names_that_are_none_are_refused() {
        assert_eq!(nodes(&[]), Err(InvalidNodes::Empty));
        for ty in ["", "7", "__Type", "A B", "Query", "Node"] {
            assert_eq!(nodes(&[(ty, "a")]), Err(InvalidNodes::Type(ty.to_owned())));
        }
        for owner in ["", "a,b", "a=b", "a b"] {
            assert_eq!(nodes(&[("T", owner)]), Err(InvalidNodes::Subgraph(owner.to_owned())));
        }
    }

    #[test]
    fn its_own_schema_is_one() {
        let sdl = nodes(&[("Order", "orders"), ("User", "users")]).unwrap().sdl();
        let schema = graphql::parse_schema("nodes", &sdl, &graphql::SchemaLimits::default()).unwrap();
        assert_eq!(schema.implementers_map().get("Node").map(|all| all.objects.len()), Some(2));
    }
}
