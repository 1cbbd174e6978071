use std::time::Instant;

use super::*;

const SCHEMA: &str = "type Query { user(id: ID!): User users: [User!] } type User { id: ID! name: String friend: User } enum Role { ADMIN }";

fn parse(text: &str) -> Result<Valid<ExecutableDocument>, Vec<RequestError>> {
    let schema = Schema::parse_and_validate(SCHEMA, "").unwrap();
    parse_operation(&schema, text, &OperationLimits::default(), Suggestions::On)
}

fn first(text: &str) -> RequestError {
    parse(text).unwrap_err().remove(0)
}

#[test]
fn names_what_was_probably_meant() {
    let error = first("{ users { nmae } }");
    assert_eq!(error.code, code::VALIDATION_FAILED);
    assert_eq!(error.message, "Cannot query field \"nmae\" on type \"User\". Did you mean \"name\"?");
    assert_eq!(error.locations, [Location { line: 1, column: 11 }]);
    let messages: Vec<String> =
        parse("{ user(di: 1, id: 2) { id } }").unwrap_err().into_iter().map(|error| error.message).collect();
    assert_eq!(messages, ["Unknown argument \"di\" on field \"Query.user\". Did you mean \"id\"?"]);
    assert_eq!(first("{ ... on Usr { id } }").message, "Unknown type \"Usr\". Did you mean \"User\"?");
}

#[test]
fn suggestions_can_be_off() {
    let schema = Schema::parse_and_validate(SCHEMA, "").unwrap();
    let errors = parse_operation(&schema, "{ users { nmae } }", &OperationLimits::default(), Suggestions::Off);
    assert_eq!(errors.unwrap_err()[0].message, "Cannot query field \"nmae\" on type \"User\".");
}

#[test]
fn syntax_errors_have_their_code_and_place() {
    let error = first("{ users {");
    assert_eq!(error.code, code::PARSE_FAILED);
    assert!(error.message.starts_with("Syntax error: "), "{}", error.message);
    assert_eq!(first("").code, code::PARSE_FAILED);
}

#[test]
fn limits_have_their_codes() {
    let deep = format!("{{ users {}", "{ friend ".repeat(60) + "{ id }" + &"}".repeat(61));
    assert_eq!(first(&deep).code, code::MAX_DEPTH_LIMIT);
    let aliases: String = (0..201).map(|i| format!("a{i}: id ")).collect();
    assert_eq!(first(&format!("{{ users {{ {aliases} }} }}")).code, code::MAX_ALIASES_LIMIT);
    assert_eq!(first(&format!("{{ {} }}", "users { id } ".repeat(101))).code, code::MAX_ROOT_FIELDS_LIMIT);
    assert_eq!(first(&"{ users { id } } ".repeat(10_000)).code, code::MAX_TOKENS_LIMIT);
    let error = first("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }");
    assert_eq!(error.code, code::MAX_INTROSPECTION_DEPTH_LIMIT);
}

#[test]
fn nesting_never_overflows_the_stack() {
    for text in [
        "{".repeat(100_000),
        "{a".repeat(100_000),
        format!("{{ user(id: {}", "[".repeat(100_000)),
        format!("{{ user(id: {}", "{a:".repeat(100_000)),
        format!("query ($v: {}", "[".repeat(100_000)),
        "{ ... ".repeat(100_000),
        "{ ...{".repeat(100_000),
        "}".repeat(100_000),
        format!("{{ user(id: {}{}) {{ id }} }}", "[".repeat(7_000), "]".repeat(7_000)),
    ] {
        assert!(parse(&text).is_err(), "{}", &text[..20]);
    }
    let schema = Schema::parse_and_validate(SCHEMA, "").unwrap();
    let limits = OperationLimits { tokens_max: 10_000_000, depth_max: 500, ..OperationLimits::default() };
    for text in ["{a".repeat(100_000), format!("{{ user(id: {}", "[".repeat(100_000)), "{ ...{".repeat(100_000)] {
        assert!(parse_operation(&schema, &text, &limits, Suggestions::On).is_err());
    }
    let chain: String = (0..3_000).map(|i| format!("fragment F{i} on User {{ ...F{} }} ", i + 1)).collect();
    let error = parse_operation(&schema, &format!("{{ users {{ ...F0 }} }} {chain}"), &limits, Suggestions::On);
    assert!(error.is_err());
}

#[test]
fn doubling_fragments_cost_nothing() {
    let schema = Schema::parse_and_validate(SCHEMA, "").unwrap();
    let generous = OperationLimits {
        depth_max: 500,
        aliases_max: usize::MAX,
        selections_max: usize::MAX,
        ..OperationLimits::default()
    };
    for pair in ["a: friend { ...F b: friend { ...F } }", "...F ...F", "a: friend { ...F } b: friend { ...F }"] {
        let fragments: String = (0..30)
            .map(|i| format!("fragment F{i} on User {{ {} }} ", pair.replace("...F", &format!("...F{}", i + 1))))
            .collect();
        let text = format!("{{ users {{ ...F0 }} }} {fragments} fragment F30 on User {{ id }}");
        let started = Instant::now();
        let _ = parse_operation(&schema, &text, &generous, Suggestions::On);
        let elapsed = started.elapsed();
        // Unoptimised builds are some ten times slower than what is served from.
        assert!(elapsed.as_millis() < 500, "{pair}: {elapsed:?}");
    }
}

#[test]
fn fragment_cycles_are_refused() {
    assert_eq!(
        first("{ users { ...A } } fragment A on User { ...B } fragment B on User { ...A }").code,
        code::VALIDATION_FAILED
    );
}
