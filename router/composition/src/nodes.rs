//! The router's own subgraph, which gives any object by its global id: what it is composed of.

use federation::Nodes;
use federation::nodes::NAME;

use crate::SubgraphInput;

impl From<&Nodes> for SubgraphInput {
    /// To be composed with the subgraphs that own its types. Its address is for the router alone.
    fn from(nodes: &Nodes) -> Self {
        Self { name: NAME.to_owned(), url: nodes.url(), sdl: nodes.subgraph_sdl() }
    }
}

#[cfg(test)]
mod tests {
    use federation::{Limits, Supergraph};

    use super::*;
    use crate::{Options, compose};

    fn subgraph(name: &str, sdl: &str) -> SubgraphInput {
        let link = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.5\", import: [\"@key\"])";
        SubgraphInput { name: name.to_owned(), url: format!("http://{name}/"), sdl: format!("{link}\n{sdl}") }
    }

    fn nodes(pairs: &[(&str, &str)]) -> SubgraphInput {
        let owners = pairs.iter().map(|(ty, owner)| ((*ty).to_owned(), (*owner).to_owned()));
        SubgraphInput::from(&Nodes::new(owners.collect()).unwrap())
    }

    fn shop() -> Vec<SubgraphInput> {
        vec![
            subgraph("users", "type Query { me: User } type User @key(fields: \"id\") { id: ID! name: String }"),
            subgraph(
                "orders",
                "type User @key(fields: \"id\") { id: ID! orders: [Order!] } type Order @key(fields: \"id\") { id: ID! number: String }",
            ),
        ]
    }

    #[test]
    fn compose_with_the_subgraphs_that_own_them() {
        let mut subgraphs = shop();
        subgraphs.push(nodes(&[("Order", "orders"), ("User", "users")]));
        let composed = compose(subgraphs, &Options::default()).unwrap();
        assert!(composed.hints.is_empty(), "{:?}", composed.hints);
        let supergraph = Supergraph::parse(&composed.supergraph_sdl, Limits::default()).unwrap();
        let api = &supergraph.api_schema;
        assert_eq!(api.type_field("Query", "node").unwrap().ty.to_string(), "Node");
        assert_eq!(api.type_field("Query", "nodes").unwrap().ty.to_string(), "[Node]");
        assert_eq!(api.implementers_map().get("Node").map(|all| all.objects.len()), Some(2));
        let urls = supergraph.subgraphs.iter().filter_map(|subgraph| Nodes::of_url(&subgraph.url));
        assert_eq!(urls.count(), 1);
    }
}
