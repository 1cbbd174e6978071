//! Loads each subgraph's schema: from a file, from a running subgraph, or out of the compose file itself.

use std::path::Path;

use composition::SubgraphInput;
use federation::Nodes;
use futures::future::join_all;
use indexmap::IndexMap;

use super::introspect;
use super::manifest::{Manifest, Schema, Subgraph};
use crate::failure::Failure;

/// All subgraphs, in the file's order; or why each one that can't be had can't. `path` is the compose file's, which files are relative to.
pub async fn load(manifest: &Manifest, path: &Path) -> Result<Vec<SubgraphInput>, Failure> {
    let loaded = join_all(manifest.subgraphs.keys().map(|name| load_one(manifest, name, path))).await;
    let (mut inputs, mut failures) = (Vec::with_capacity(loaded.len()), Vec::new());
    for one in loaded {
        match one {
            Ok(input) => inputs.push(input),
            Err(failure) => failures.push(failure),
        }
    }
    if failures.is_empty() { Ok(inputs) } else { Err(Failure::together(failures)) }
}

/// One subgraph of a compose file.
pub async fn load_one(manifest: &Manifest, name: &str, path: &Path) -> Result<SubgraphInput, Failure> {
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    let missing = |what: &str| Failure::environment(format!("{what} in {}; add it", path.display()));
    let subgraph = manifest.subgraphs.get(name).ok_or_else(|| missing(&format!("there is no subgraph {name}")))?;
    if let Some(owners) = &subgraph.schema.nodes {
        return nodes(name, subgraph, owners.clone());
    }
    let sdl = sdl(name, subgraph, &manifest.introspection_headers, folder).await?;
    let url = subgraph.routing_url.as_deref().or(subgraph.schema.subgraph_url.as_deref());
    let url = url.ok_or_else(|| missing(&format!("subgraph {name} has no routing_url")))?;
    Ok(SubgraphInput { name: name.to_owned(), url: url.to_owned(), sdl })
}

/// The router's own subgraph, under the name that it has in the compose file.
fn nodes(name: &str, subgraph: &Subgraph, owners: IndexMap<String, String>) -> Result<SubgraphInput, Failure> {
    let Schema { file, subgraph_url, sdl, .. } = &subgraph.schema;
    if file.is_some() || subgraph_url.is_some() || sdl.is_some() || subgraph.routing_url.is_some() {
        let message =
            format!("subgraph {name} has nodes, and so no other schema and no routing_url; correct the compose file");
        return Err(Failure::environment(message));
    }
    let nodes = Nodes::new(owners).map_err(|error| {
        Failure::environment(format!("the nodes of subgraph {name} aren't any: {error}; correct the compose file"))
    })?;
    Ok(SubgraphInput { name: name.to_owned(), ..SubgraphInput::from(&nodes) })
}

async fn sdl(
    name: &str,
    subgraph: &Subgraph,
    common_headers: &IndexMap<String, String>,
    folder: &Path,
) -> Result<String, Failure> {
    let schema = &subgraph.schema;
    match (&schema.file, &schema.subgraph_url, &schema.sdl) {
        (Some(file), None, None) => {
            let file = folder.join(file);
            let advice = format!("correct the file of subgraph {name} in the compose file");
            std::fs::read_to_string(&file).map_err(|error| Failure::path("read", &file, &error, &advice))
        }
        (None, Some(url), None) => {
            let headers = common_headers.iter().chain(&schema.introspection_headers);
            let headers = headers
                .map(|(header, value)| Ok((header.as_str(), expand(value)?)))
                .collect::<Result<Vec<_>, Failure>>()?;
            introspect::sdl(name, url, &headers).await
        }
        (None, None, Some(sdl)) => Ok(sdl.clone()),
        _ => Err(Failure::environment(format!(
            "the schema of subgraph {name} needs exactly one of file, subgraph_url, sdl and nodes; correct the compose file"
        ))),
    }
}

/// Replaces each `${env.NAME}`.
fn expand(value: &str) -> Result<String, Failure> {
    let mut expanded = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("${env.") {
        let Some((variable, after)) = after.split_once('}') else { break };
        let found = std::env::var(variable).map_err(|_| {
            Failure::environment(format!(
                "the compose file uses the environment variable {variable}, which is not set; set it"
            ))
        })?;
        expanded.push_str(before);
        expanded.push_str(&found);
        rest = after;
    }
    expanded.push_str(rest);
    Ok(expanded)
}

#[cfg(test)]
mod tests {
    use super::super::manifest;
    use super::*;

    fn parsed(schema: &str) -> Manifest {
        manifest::parse(&format!("subgraphs: {{all: {schema}}}")).unwrap()
    }

    #[tokio::test]
    async fn nodes_are_a_subgraph_without_an_address_of_its_own() {
        let manifest = parsed("{schema: {nodes: {Order: orders, User: users}}}");
        let input = load_one(&manifest, "all", Path::new("supergraph.yaml")).await.unwrap();
        assert_eq!((input.name.as_str(), input.url.as_str()), ("all", "nodes:Order=orders,User=users"));
        assert!(input.sdl.contains("type User implements Node"), "{}", input.sdl);
        for (schema, says) in [
            ("{routing_url: 'http://a', schema: {nodes: {Order: orders}}}", "no routing_url"),
            ("{schema: {nodes: {Order: orders}, sdl: 'type Query'}}", "no other schema"),
            ("{schema: {nodes: {}}}", "no type is named"),
        ] {
            let failure = load_one(&parsed(schema), "all", Path::new("supergraph.yaml")).await.unwrap_err().to_string();
            assert!(failure.contains(says), "{failure}");
        }
    }

    #[test]
    fn expands_environment_variables_and_names_missing_ones() {
        assert_eq!(expand("plain ${x").unwrap(), "plain ${x");
        let path = std::env::var("PATH").unwrap();
        assert_eq!(expand("<${env.PATH}>").unwrap(), format!("<{path}>"));
        let missing = expand("${env.SURELY_NOT_SET_ANYWHERE}").unwrap_err().to_string();
        assert!(missing.contains("SURELY_NOT_SET_ANYWHERE"), "{missing}");
    }
}
