//! The page's text and its content security policy.

use std::fmt::Write;

use super::ASSETS;
use crate::config;

/// The script that starts GraphiQL; served by the router itself, so that the policy needs no inline script.
pub(crate) const START_SCRIPT: &str = include_str!("start.js");

/// The script of the page that stands in for GraphiQL while there is no supergraph.
pub(crate) const WAITING_SCRIPT: &str = include_str!("waiting.js");

const CDN: &str = "https://cdn.jsdelivr.net/npm";

/// The page takes the window, less what the banner of findings needs.
const STYLE: &str = "html,body{height:100%;margin:0}body{display:flex;flex-direction:column}#graphiql{flex:1;min-height:0}\
                     #findings{margin:0;padding:12px 16px;max-height:40%;overflow:auto;flex:none;background:#fff4f2;\
                     color:#8a1c0c;border-bottom:2px solid #d64292;font:13px/1.5 ui-monospace,monospace;\
                     white-space:pre-wrap}.plan{font:13px/1.5 ui-monospace,monospace;white-space:pre-wrap;\
                     overflow-wrap:anywhere}";

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
    pub(super) fn new(config: &config::Graphiql, plans: &config::QueryPlans) -> Self {
        match (&config.assets, config.cdn) {
            (Some(_), _) => Self::graphiql(config, plans, Origin::Router),
            (None, true) => Self::graphiql(config, plans, Origin::Cdn),
            (None, false) => Self::plain(config),
        }
    }

    fn graphiql(config: &config::Graphiql, plans: &config::QueryPlans, origin: Origin) -> Self {
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
        let plans = if plans.enabled { " data-plans" } else { "" };
        let headers = if config.headers.is_empty() { String::new() } else { pretty(&config.headers) };
        let html = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>GraphiQL</title>\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n\
             <link rel=\"icon\" href=\"data:,\">\n\
             <style>{STYLE}</style>\n\
             {links}<script src=\"/graphiql/start.js\" defer></script>\n</head>\n<body>\n<pre id=\"findings\" hidden></pre>\n\
             <div id=\"graphiql\" data-headers=\"{}\" data-query=\"{}\"{plans}>Loading GraphiQL…</div>\n</body>\n</html>\n",
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

    /// While there is no supergraph: why. It gives way to GraphiQL by itself.
    pub(crate) fn waiting(findings: &str) -> Self {
        let findings = if findings.is_empty() { "The subgraphs are being read." } else { findings };
        let html = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Supergraph</title>\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<link rel=\"icon\" href=\"data:,\">\n\
             <style>{STYLE}body{{margin:40px;font:15px/1.5 system-ui,sans-serif}}#findings{{border:0;max-height:none}}</style>\n\
             <script src=\"/graphiql/waiting.js\" defer></script>\n</head>\n<body>\n\
             <h1>There is no supergraph yet</h1>\n\
             <p>This page goes on by itself once the subgraphs compose.</p>\n\
             <pre id=\"findings\">{}</pre>\n</body>\n</html>\n",
            escape(findings),
        );
        let policy = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            .to_owned();
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
        let page = Page::new(&config::Graphiql { enabled: true, ..Default::default() }, &Default::default());
        assert_eq!(page.html.matches("integrity=\"sha384-").count(), ASSETS.len());
        assert!(page.html.contains("https://cdn.jsdelivr.net/npm/graphiql@4.1.2/graphiql.min.js"), "{}", page.html);
        let scripts = page.policy.split(';').find(|part| part.trim().starts_with("script-src")).unwrap();
        assert!(!scripts.contains("unsafe"), "{scripts}");
        assert!(!page.html.contains("<script>"));
    }

    #[test]
    fn the_folder_page_loads_from_the_router_alone() {
        let config = config::Graphiql { enabled: true, assets: Some("x".into()), ..Default::default() };
        let page = Page::new(&config, &Default::default());
        assert!(!page.html.contains("https://") && !page.policy.contains("https://"));
        assert!(page.html.contains("\"/graphiql/react-dom.production.min.js\""));
    }

    #[test]
    fn preset_headers_cannot_break_out() {
        let headers = [("authorization".to_owned(), "\"><script>alert(1)</script>".to_owned())].into_iter().collect();
        let page = Page::new(&config::Graphiql { enabled: true, headers, ..Default::default() }, &Default::default());
        assert!(!page.html.contains("<script>alert"), "{}", page.html);
    }

    #[test]
    fn without_files_the_page_says_so_and_shows_curl() {
        let page =
            Page::new(&config::Graphiql { enabled: true, cdn: false, ..Default::default() }, &Default::default());
        assert!(page.html.contains("--graphiql-assets") && page.html.contains("curl "), "{}", page.html);
    }
}
