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
fn unknown_keys_are_refused_with_place_and_suggestion() {
    assert_eq!(
        findings("server:\n  lisen: 127.0.0.1:1\nlimts: {}\ngraphiql: {other: 1}\n"),
        [
            "line 2, column 3: server.lisen is not a known key; did you mean \"listen\"?",
            "line 3, column 1: limts is not a known key; did you mean \"limits\"?",
            "line 4, column 12: graphiql.other is not a known key; known are assets, cdn, enabled, headers, query",
        ]
    );
}

#[test]
fn wrong_types_bounds_and_words_are_refused_with_their_places() {
    assert_eq!(
        findings("limits:\n  depth_max: deep\n  tokens_max: 0\ntelemetry:\n  logs: {format: jsn}\ncors: [1]\n"),
        [
            "line 2, column 14: limits.depth_max must be a whole number",
            "line 3, column 15: limits.tokens_max must be at least 1",
            "line 5, column 18: telemetry.logs.format is \"jsn\"; expected one of auto, json, pretty; did you mean \"json\"?",
            "line 6, column 7: cors must be a section",
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
    for (yaml, says) in [
        ("server: [", "line 1, column 9: a bracket is opened here and never closed"),
        ("server:\n\tlisten: 127.0.0.1:1\n", "line 2, column 2: spaces are needed here, not a tab"),
        (
            "a: b: c",
            "line 1, column 5: no `key: value` can stand here; look at the indentation, or put the text in quotes",
        ),
        ("server:\nlisten\ncors: {}\n", "line 2, column 1: a colon and a space are needed after the key"),
        ("cors: {}\ncors: {}\n", "line 2, column 1: the key cors is written twice"),
        ("server: {}\n---\nserver: {}\n", "line 3, column 1: there is more than one YAML document in the file"),
        ("a: &x [*x]\n", "line 1, column 8: an alias stands within what it names"),
        ("server: @x", "line 1, column 9: this is no YAML: unexpected character: `@'"),
    ] {
        assert_eq!(findings(yaml), [says]);
    }
    assert_eq!(findings("just words"), ["line 1, column 1: must be a section"]);
}

#[test]
fn values_that_no_schema_can_check_are_refused() {
    assert_eq!(
        findings(
            "cors: {origins: [shop.example]}\nheaders: {forward: [Content-Length, x y]}\nsubgraphs: {by_name: {a: {url: 'a:b'}}}\n"
        ),
        [
            "line 1, column 17: cors.origins is not valid: \"shop.example\" is not an origin such as https://shop.example",
            "line 2, column 20: headers.forward is not valid: \"x y\" is not a header name",
            "line 3, column 32: subgraphs.by_name.a.url is not valid: \"a:b\" is not an http or https URL",
        ]
    );
}

#[test]
fn an_address_is_refused_where_it_stands() {
    assert_eq!(
        findings("server: {listen: 4000}\ntelemetry: {metrics: {listen: 'localhost:1'}}\n"),
        [
            "line 1, column 18: server.listen must be a string",
            "line 2, column 31: telemetry.metrics.listen is \"localhost:1\"; expected an address and a port such as 127.0.0.1:4000",
        ]
    );
    let variable = ("SUPERGRAPH__SERVER__LISTEN".to_owned(), "x".to_owned());
    let refused = load("server: {listen: '[::1]:1'}", [variable].into_iter(), &[]).unwrap_err();
    let says = "server.listen is \"x\"; expected an address and a port such as 127.0.0.1:4000";
    assert_eq!(refused.iter().map(ToString::to_string).collect::<Vec<_>>(), [says]);
}

#[test]
fn contradictions_are_refused() {
    assert_eq!(
        findings("cors: {origins: ['*'], credentials: true}\nidentity:\n  jwt: {jwks: [{}]}\n"),
        [
            "line 3, column 16: identity.jwt.jwks[0] must have either \"file\" or \"url\"",
            "line 1, column 37: cors.credentials cannot be on while any origin (\"*\") may call",
        ]
    );
    let more =
        "line 1, column 47: http.batch.operations_max cannot be more than limits.concurrent_requests_max, which is 4";
    assert_eq!(
        findings("http: {batch: {enabled: true, operations_max: 5}}\nlimits: {concurrent_requests_max: 4}\n"),
        [more]
    );
    load("http: {batch: {operations_max: 5}}\nlimits: {concurrent_requests_max: 4}\n", std::iter::empty(), &[])
        .unwrap();
}

#[test]
fn a_word_that_may_be_unset_is_checked_like_any_other() {
    let config = load("errors:\n  messages: pass\n", std::iter::empty(), &[]).unwrap();
    assert_eq!(config.errors.messages, Some(crate::config::ErrorMessages::Pass));
    let findings = load("errors:\n  messages: pas\n", std::iter::empty(), &[]).unwrap_err();
    assert!(findings[0].to_string().contains("expected one of pass, mask"), "{findings:?}");
}
