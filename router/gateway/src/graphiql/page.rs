//! The page's text and its content security policy.

use std::fmt::Write;

use super::ASSETS;
use crate::config;

/// The script that starts GraphiQL; served by the router itself, so that the policy needs no inline script.
pub(crate) const START_SCRIPT: &str = include_str!("start.js");

const CDN: &str = "https://cdn.jsdelivr.net/npm";

/// A page and the policy it is served under.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub html: String,
    pub policy: String,
}

/// Where the page's files come from.
#[derive(Clone, Copy)]
enum Origin {
    Router,
    Cdn,
}

impl Page {
    pub(super) fn new(config: &config::Graphiql) -> Self {
        match (&config.assets, config.cdn) {
            (Some(_), _) => Self::graphiql(config, Origin::Router),
            (None, true) => Self::graphiql(config, Origin::Cdn),
            (None, false) => Self::plain(config),
        }
    }

    fn graphiql(config: &config::Graphiql, origin: Origin) -> Self {
        let mut links = String::new();
        let (mut scripts, mut styles) = (vec!["'self'".to_owned()], vec!["'self'".to_owned()]);
        for asset in &ASSETS {
            let url = match origin {
                Origin::Router => format!("/graphiql/{}", asset.name),
                Origin::Cdn => format!("{CDN}/{}@{}/{}", asset.package, asset.version, asset.file),
            };
            let attributes = format!("integrity=\"sha384-{}\" crossorigin=\"anonymous\"", asset.sha384);
            let is_style = asset.name.ends_with(".css");
            let _ = if is_style {
                writeln!(links, "<link rel=\"stylesheet\" href=\"{url}\" {attributes}>")
            } else {
                writeln!(links, "<script src=\"{url}\" {attributes} defer></script>")
            };
            if matches!(origin, Origin::Cdn) {
                if is_style { styles.push(url) } else { scripts.push(url) }
            }
        }
        // The editor sets styles on its elements; scripts are never inline.
        styles.push("'unsafe-inline'".to_owned());
        let headers = if config.headers.is_empty() { String::new() } else { pretty(&config.headers) };
        let html = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>GraphiQL</title>\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n\
             <link rel=\"icon\" href=\"data:,\">\n\
             <style>html,body,#graphiql{{height:100%;margin:0}}</style>\n\
             {links}<script src=\"/graphiql/start.js\" defer></script>\n</head>\n<body>\n\
             <div id=\"graphiql\" data-headers=\"{}\" data-query=\"{}\">Loading GraphiQL…</div>\n</body>\n</html>\n",
            escape(&headers),
            escape(&config.query),
        );
        let policy = format!(
            "default-src 'none'; script-src {}; style-src {}; font-src 'self' data:; img-src 'self' data:; \
             connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            scripts.join(" "),
            styles.join(" "),
        );
        Self { html, policy }
    }

    /// Without any files: how to get them, and how to do without.
    fn plain(config: &config::Graphiql) -> Self {
        let mut curl = String::from("curl http://HOST/graphql -H 'content-type: application/json' \\\n");
        for (name, value) in &config.headers {
            let _ = writeln!(curl, "  -H '{name}: {value}' \\");
        }
        curl.push_str("  -d '{\"query\": \"{ __typename }\"}'");
        let mut packages = ASSETS.map(|asset| format!("{}@{}", asset.package, asset.version)).to_vec();
        packages.sort();
        packages.dedup();
        let packages = packages.join(" ");
        let html = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Supergraph</title>\n\
             <link rel=\"icon\" href=\"data:,\">\n</head>\n\
             <body>\n<h1>GraphQL is served at <code>/graphql</code></h1>\n\
             <p>GraphiQL's files are not at hand. To have them, run</p>\n\
             <pre>npm install --prefix assets {packages}</pre>\n\
             <p>and start with <code>--graphiql-assets assets</code>, or set <code>graphiql.cdn: true</code>.</p>\n\
             <p>Without a browser:</p>\n<pre>{}</pre>\n\
             <p>A GET does as well: <a href=\"/graphql?query=%7B__typename%7D\">/graphql?query={{__typename}}</a></p>\n\
             </body>\n</html>\n",
            escape(&curl),
        );
        let policy =
            "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'".to_owned();
        Self { html, policy }
    }
}

fn pretty(headers: &indexmap::IndexMap<String, String>) -> String {
    serde_json::to_string_pretty(headers).unwrap_or_default()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cdn_page_pins_each_file_and_allows_nothing_else() {
        let page = Page::new(&config::Graphiql { enabled: true, ..Default::default() });
        assert_eq!(page.html.matches("integrity=\"sha384-").count(), ASSETS.len());
        assert!(page.html.contains("https://cdn.jsdelivr.net/npm/graphiql@4.1.2/graphiql.min.js"), "{}", page.html);
        let scripts = page.policy.split(';').find(|part| part.trim().starts_with("script-src")).unwrap();
        assert!(!scripts.contains("unsafe"), "{scripts}");
        assert!(!page.html.contains("<script>"));
    }

    #[test]
    fn the_folder_page_loads_from_the_router_alone() {
        let config = config::Graphiql { enabled: true, assets: Some("x".into()), ..Default::default() };
        let page = Page::new(&config);
        assert!(!page.html.contains("https://") && !page.policy.contains("https://"));
        assert!(page.html.contains("\"/graphiql/react-dom.production.min.js\""));
    }

    #[test]
    fn preset_headers_cannot_break_out() {
        let headers = [("authorization".to_owned(), "\"><script>alert(1)</script>".to_owned())].into_iter().collect();
        let page = Page::new(&config::Graphiql { enabled: true, headers, ..Default::default() });
        assert!(!page.html.contains("<script>alert"), "{}", page.html);
    }

    #[test]
    fn without_files_the_page_says_so_and_shows_curl() {
        let page = Page::new(&config::Graphiql { enabled: true, cdn: false, ..Default::default() });
        assert!(page.html.contains("--graphiql-assets") && page.html.contains("curl "), "{}", page.html);
    }
}
