use std::time::{Duration, Instant};

use super::*;
use crate::Location;

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
    let after_wide_characters = first("{ user(id: \"🦀ä\") { nmae } }");
    assert_eq!(after_wide_characters.locations, [Location { line: 1, column: 20 }]);
    let messages: Vec<String> =
        parse("{ user(di: 1, id: 2) { id } }").unwrap_err().into_iter().map(|error| error.message).collect();
    assert_eq!(messages, ["Unknown argument \"di\" on field \"Query.user\". Did you mean \"id\"?"]);
    assert_eq!(first("{ ... on Usr { id } }").message, "Unknown type \"Usr\". Did you mean \"User\"?");
}

#[test]
fn quotes_both_of_two_types_that_conflict() {
    let schema = "type Query { a: Pet } interface Pet { id: Int! } type Cat implements Pet { id: Int! x: Int! } type Dog implements Pet { id: Int! x: Boolean }";
    let schema = Schema::parse_and_validate(schema, "").unwrap();
    let text = "{ a { ... on Cat { x } ... on Dog { x } } }";
    let errors = parse_operation(&schema, text, &OperationLimits::default(), Suggestions::On).unwrap_err();
    let told = "Fields \"x\" conflict because they return conflicting types \"Int!\" and \"Boolean\". Use different aliases on the fields to fetch both if this was intentional.";
    assert_eq!(errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>(), [told]);
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
    assert!(!first("").message.ends_with(".."), "{}", first("").message);
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

/// CVE-2024-47614
#[test]
fn limits_hold_for_directives() {
    let error = first(&format!("{{ users {{ id {} }} }}", "@a ".repeat(20_000)));
    assert_eq!(error.code, code::MAX_TOKENS_LIMIT);
    let started = Instant::now();
    let errors = parse(&format!("{{ users {{ id {} }} }}", "@skip(if: false) ".repeat(1_000))).unwrap_err();
    assert!(errors.len() <= 50 && errors.iter().all(|error| error.code == code::VALIDATION_FAILED), "{errors:?}");
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
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

#[test]
fn the_costliest_documents_within_the_limits_stay_cheap() {
    let schema = Schema::parse_and_validate(SCHEMA, "").unwrap();
    let many = |count: usize, text: &dyn Fn(usize) -> String| (0..count).map(text).collect::<String>();
    let documents = [
        format!(
            "{{ users {{ {} }} }} {}",
            many(1_500, &|i| format!("...F{i} ")),
            many(1_500, &|i| format!("fragment F{i} on User {{ id }} "))
        ),
        format!(
            "query ({}) {{ users {{ id }} {} }}",
            many(1_200, &|i| format!("$v{i}: ID! ")),
            many(90, &|i| format!("user(id: $v{i}) {{ id }} "))
        ),
        format!("{{ users {{ {} }} }}", many(3_000, &|_| "friend { id } ".to_owned())),
        format!("{{ users {{ {} }} }}", many(7_000, &|i| format!("nothing{i} "))),
        format!("{{ user(id: [{}]) {{ id }} }}", "1 ".repeat(14_000)),
        format!(
            "{{ users {{ ...F0 }} }} {}fragment F90 on User {{ id }}",
            many(90, &|i| format!("fragment F{i} on User {{ ...F{0} ... on User {{ ...F{0} id }} }} ", i + 1))
        ),
        many(1_000, &|i| format!("query Q{i} {{ users {{ id name }} }} ")),
        format!("{{ users {{ id {} }} }}", "@include(if: true) ".repeat(1_800)),
    ];
    for document in documents {
        let started = Instant::now();
        let _ = parse_operation(&schema, &document, &OperationLimits::default(), Suggestions::On);
        let elapsed = started.elapsed();
        println!("{elapsed:?} {}", &document[..40]);
        // Unoptimised builds are some ten times slower than what is served from.
        assert!(elapsed.as_millis() < 5_000, "{elapsed:?} {}", &document[..40]);
    }
}

#[test]
fn mutilated_documents_never_panic() {
    const PIECES: [&str; 36] = [
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ":",
        "!",
        "$",
        "@",
        "...",
        "=",
        "|",
        "&",
        "\"",
        "\"\"\"",
        "#",
        "\n",
        "query ",
        "mutation ",
        "fragment F on User ",
        "...F ",
        "on ",
        "users ",
        "user(id: 1) ",
        "id ",
        "name ",
        "$v: Int ",
        "@skip(if: true) ",
        "1.5e",
        "-",
        "\\u{",
        "type T { a: Int } ",
        "extend ",
        "\u{feff}",
        "é",
    ];
    let schema = Schema::parse_and_validate(SCHEMA, "").unwrap();
    let mut state = 11_u64;
    let mut below = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound
    };
    for _ in 0..3_000 {
        let text: String = (0..below(24)).map(|_| PIECES[below(PIECES.len())]).collect();
        let _ = parse_operation(&schema, &text, &OperationLimits::default(), Suggestions::On);
        let _ = crate::parse_field_set(&text);
        let _ = crate::parse_schema("s", &text, &crate::SchemaLimits::default());
    }
}

/// Validation looks at every combination of fragments that can come together below one field: here each level remembers at
/// which of the last levels `y` was asked, so that there are 4,096 of them. That they are counted spread keeps it from doing so.
#[test]
fn fragments_that_combine_are_refused_before_they_are_validated() {
    const STATES: usize = 12;
    let schema = Schema::parse_and_validate("type Query { u: U } type U { x: U y: U z: Int }", "").unwrap();
    let mut text = "{ u { ...F0_0 } }".to_owned();
    for level in 0..=16 {
        for state in 0..=STATES {
            let next =
                |to: usize| if to > STATES || level == 16 { String::new() } else { format!("...F{}_{to} ", level + 1) };
            let (x, y) = if state == 0 { (next(0), next(0) + &next(1)) } else { (next(state + 1), next(state + 1)) };
            text += &format!(" fragment F{level}_{state} on U {{ x {{ z {x}}} y {{ z {y}}} }}");
        }
    }
    let started = Instant::now();
    let refused = parse_operation(&schema, &text, &OperationLimits::default(), Suggestions::On).unwrap_err();
    assert_eq!(refused[0].code, crate::request::code::MAX_SELECTIONS_LIMIT);
    // Without the limit it takes ten seconds and more.
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}
