//! What clients are told of subgraphs' faults is the same over every way in: by default nothing but that there was one.

use executor::FetchError;

use crate::Config;
use crate::config::{ErrorMessages, SubgraphNames};
use crate::testing::{Canned, Door};

const QUERY: &str = "{ user(id: 1) { name ... @defer { score } } }";
const REPORTED: &str = r#"{"data":{"_entities":[null]},"errors":[{"message":"a secret","path":["_entities",0,"score"],"extensions":{"code":"SECRET","stack":"a secret","hint":"h"}}]}"#;

/// The subgraph's two ways to fail: it reports an error, or its call fails.
fn faults() -> [Result<&'static str, FetchError>; 2] {
    [Ok(REPORTED), Err(FetchError::Unreachable("a secret".to_owned()))]
}

/// The responses over each way in, each as text.
async fn over_every_way(config: &Config, fault: Result<&'static str, FetchError>) -> Vec<(&'static str, String)> {
    let mut config = config.clone();
    config.http.batch.enabled = true;
    config.subgraphs.circuit.enabled = false;
    let users = Canned::default().answers[1].clone();
    let door = Door::over(config, Canned { answers: [fault, users], ..Canned::default() });
    let body = serde_json::json!({ "query": QUERY }).to_string();
    let url: String = url::form_urlencoded::byte_serialize(QUERY.as_bytes()).collect();
    let accept = |accept: &'static str| [("accept", accept)];
    let older = accept("multipart/mixed;deferSpec=20220824");
    let newer = accept("multipart/mixed;incrementalSpec=v0.2");
    vec![
        ("POST", door.post(&body, &[]).await.text),
        ("POST, newer type", door.post(&body, &accept("application/graphql-response+json")).await.text),
        ("GET", door.get(&format!("/graphql?query={url}"), &[]).await.text),
        ("batch", door.post(&format!("[{body}]"), &[]).await.text),
        ("parts of 2022", door.post(&body, &older).await.text),
        ("parts of 2023", door.post(&body, &newer).await.text),
    ]
}

#[tokio::test]
async fn nothing_is_told_by_default() {
    for fault in faults() {
        for (way, text) in over_every_way(&Config::default(), fault).await {
            assert!(text.contains(r#""name":"Ada""#) && text.contains("\"errors\""), "{way}: {text}");
            for hidden in ["secret", "scores", "stack", "hint"] {
                assert!(!text.contains(hidden), "{way}: {text}");
            }
            assert!(text.contains("A subgraph "), "{way}: {text}");
        }
    }
}

#[tokio::test]
async fn what_is_configured_for_all_counts_everywhere() {
    let mut config = Config::default();
    config.errors.masked_message = Some("Ask the hotline.".to_owned());
    config.errors.extensions = vec!["hint".to_owned()];
    config.errors.default_code = "SHOP_FAULT".to_owned();
    config.errors.subgraph_names = Some(SubgraphNames::Show);
    for (fault, hint) in faults().into_iter().zip([true, false]) {
        for (way, text) in over_every_way(&config, fault).await {
            assert!(text.contains("Ask the hotline.") && text.contains(r#""code":"SHOP_FAULT""#), "{way}: {text}");
            assert!(text.contains(r#""service":"scores""#), "{way}: {text}");
            assert_eq!(text.contains(r#""hint":"h""#), hint, "{way}: {text}");
            assert!(!text.contains("secret") && !text.contains("SUBREQUEST_"), "{way}: {text}");
        }
    }
}

#[tokio::test]
async fn what_is_configured_for_one_subgraph_comes_before() {
    let mut config = Config::default();
    config.errors.masked_message = Some("Ask the hotline.".to_owned());
    let own = &mut config.subgraphs.by_name.entry("scores".into()).or_default().errors;
    own.messages = Some(ErrorMessages::Pass);
    own.subgraph_names = Some(SubgraphNames::Show);
    own.extensions = Some(vec!["code".to_owned(), "hint".to_owned()]);
    let [reported, failed] = faults();
    for (way, text) in over_every_way(&config, reported).await {
        assert!(text.contains("a secret") && text.contains(r#""code":"SECRET","hint":"h""#), "{way}: {text}");
        assert!(text.contains(r#""service":"scores""#) && !text.contains("stack"), "{way}: {text}");
    }
    for (way, text) in over_every_way(&config, failed).await {
        // What a connection says is for the log alone.
        assert!(text.contains("could not be reached") && !text.contains("a secret"), "{way}: {text}");
        assert!(text.contains(r#""code":"SUBREQUEST_UNREACHABLE""#) && !text.contains("hotline"), "{way}: {text}");
    }
}
