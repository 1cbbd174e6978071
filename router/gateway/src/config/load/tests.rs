use super::*;

fn none() -> std::iter::Empty<(String, String)> {
    std::iter::empty()
}

fn findings(yaml: &str) -> Vec<String> {
    load(yaml, none(), &[]).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn an_empty_file_is_the_default() {
    assert_eq!(load("", none(), &[]).unwrap(), Config::default());
    assert_eq!(load("# nothing\nserver:\n", none(), &[]).unwrap(), Config::default());
}

#[test]
fn flags_win_over_environment_and_environment_over_the_file() {
    let yaml = "server:\n  listen: 127.0.0.1:1\n  drain_timeout_ms: 7\nlimits:\n  depth_max: 9\n";
    let environment = [
        ("SUPERGRAPH__SERVER__LISTEN", "127.0.0.1:2"),
        ("SUPERGRAPH__LIMITS__DEPTH_MAX", "10"),
        ("SUPERGRAPH__CORS__ORIGINS", "[\"https://a.example\"]"),
        ("SUPERGRAPH__SUBGRAPHS__BY_NAME__USERS__URL", "http://127.0.0.1:3/graphql"),
        ("UNRELATED", "x"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = load(yaml, environment.into_iter(), &[Override::new(["server", "listen"], "127.0.0.1:3")]).unwrap();
    assert_eq!(config.server.listen.port(), 3);
    assert_eq!(config.server.drain_timeout_ms, 7);
    assert_eq!(config.limits.depth_max, 10);
    assert_eq!(config.cors.origins, ["https://a.example"]);
    assert_eq!(config.subgraphs.by_name["users"].url.as_deref(), Some("http://127.0.0.1:3/graphql"));
}

#[test]
fn names_with_dots_are_one_step_of_a_path() {
    let variable = ("SUPERGRAPH__SUBGRAPHS__BY_NAME__shop.users__URL".to_owned(), "http://a/".to_owned());
    let flag = Override::new(["subgraphs", "by_name", "shop.orders", "url"], "http://b/");
    let config = load("", [variable].into_iter(), &[flag]).unwrap();
    let urls: Vec<_> = config.subgraphs.by_name.iter().map(|(name, own)| (&**name, own.url.as_deref())).collect();
    assert_eq!(urls, [("shop.orders", Some("http://b/")), ("shop.users", Some("http://a/"))]);
}

#[test]
fn unknown_keys_are_refused_with_line_and_suggestion() {
    assert_eq!(
        findings("server:\n  lisen: 127.0.0.1:1\nlimts: {}\n"),
        [
            "line 2: server.lisen is not a known key; did you mean \"listen\"?",
            "line 3: limts is not a known key; did you mean \"limits\"?",
        ]
    );
}

#[test]
fn wrong_types_bounds_and_words_are_refused_with_their_lines() {
    assert_eq!(
        findings("limits:\n  depth_max: deep\n  tokens_max: 0\ntelemetry:\n  logs: {format: jsn}\ncors: [1]\n"),
        [
            "line 2: limits.depth_max must be a whole number",
            "line 3: limits.tokens_max must be at least 1",
            "line 5: telemetry.logs.format is \"jsn\"; expected one of auto, json, pretty; did you mean \"json\"?",
            "line 6: cors must be a section",
        ]
    );
}

#[test]
fn unknown_environment_variables_are_refused() {
    let environment = [("SUPERGRAPH__SERVER__LISTN".to_owned(), "x".to_owned())];
    let findings = load("", environment.into_iter(), &[]).unwrap_err();
    assert_eq!(findings[0].to_string(), "server.listn is not a known key; did you mean \"listen\"?");
}

#[test]
fn text_that_is_no_yaml_is_one_finding() {
    assert_eq!(load("server: [", none(), &[]).unwrap_err().len(), 1);
    assert_eq!(findings("just words"), ["line 1: must be a section"]);
}

#[test]
fn values_that_no_schema_can_check_are_refused() {
    assert_eq!(
        findings(
            "cors: {origins: [shop.example]}\nheaders: {forward: [Content-Length, x y]}\nsubgraphs: {by_name: {a: {url: 'a:b'}}}\n"
        ),
        [
            "cors.origins is not valid: \"shop.example\" is not an origin such as https://shop.example",
            "headers.forward is not valid: \"x y\" is not a header name",
            "subgraphs.by_name.a.url is not valid: \"a:b\" is not an http or https URL",
        ]
    );
}

#[test]
fn contradictions_are_refused() {
    assert_eq!(
        findings("cors: {origins: ['*'], credentials: true}\nidentity:\n  jwt: {jwks: [{}]}\n"),
        [
            "identity.jwt.jwks[0] must have either \"file\" or \"url\"",
            "cors.credentials cannot be on while any origin (\"*\") may call",
        ]
    );
}

#[test]
fn a_word_that_may_be_unset_is_checked_like_any_other() {
    let config = load("errors:\n  messages: pass\n", std::iter::empty(), &[]).unwrap();
    assert_eq!(config.errors.messages, Some(crate::config::ErrorMessages::Pass));
    let findings = load("errors:\n  messages: pas\n", std::iter::empty(), &[]).unwrap_err();
    assert!(findings[0].to_string().contains("expected one of pass, mask"), "{findings:?}");
}
