//! Whether a router could call what a compose file gives as a subgraph's URL.
//!
//! Any text is composed: a router's configuration may have another URL for the subgraph. It is seldom meant, so it is told.

use std::path::Path;

use composition::SubgraphInput;
use federation::Nodes;
use url::Url;

/// What is wrong with the URL of a subgraph of the compose file at `path`.
pub fn warning(subgraph: &SubgraphInput, path: &Path) -> Option<String> {
    let SubgraphInput { name, url, .. } = subgraph;
    if Nodes::of_url(url).is_some() {
        return None;
    }
    let reason = reason(url)?;
    Some(format!(
        "warning: {}: subgraphs.{name}.routing_url {reason}; a router that is to call {name} needs \
         subgraphs.by_name.{name}.url in its configuration",
        path.display()
    ))
}

fn reason(url: &str) -> Option<String> {
    if url.is_empty() {
        return Some("is empty".to_owned());
    }
    if url.contains("${") {
        return Some(format!("is \"{url}\", where variables are not replaced"));
    }
    match Url::parse(url) {
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https") => None,
        Ok(_) => Some(format!("is \"{url}\", which is not an http or https URL")),
        Err(error) => Some(format!("is \"{url}\", which is not a URL ({error})")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_no_router_could_call() {
        let told = |url: &str| {
            let subgraph = SubgraphInput { name: "a".to_owned(), url: url.to_owned(), sdl: String::new() };
            warning(&subgraph, Path::new("supergraph.yaml"))
        };
        for url in ["http://a", "https://a:4001/graphql?x=y", "HTTP://[::1]/"] {
            assert_eq!(told(url), None, "{url}");
        }
        for (url, says) in [
            ("", "is empty"),
            ("not a url", "not a URL"),
            ("file:///etc/passwd", "not an http or https URL"),
            ("http://a:99999/", "invalid port number"),
            ("http://a/${env.HOME}", "variables are not replaced"),
        ] {
            let told = told(url).unwrap();
            assert!(
                told.starts_with("warning: supergraph.yaml: subgraphs.a.routing_url") && told.contains(says),
                "{told}"
            );
        }
    }
}
