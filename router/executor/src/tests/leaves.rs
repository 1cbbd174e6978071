//! Leaves: unchanged if they are of their type, null with an error if not.

use super::support::{answer, paths};

const SDL: &str = "
    scalar JSON
    enum Colour { RED GREEN }
    type Query { int: Int float: Float string: String boolean: Boolean id: ID colour: Colour json: JSON
        ints: [Int] jsons: [JSON] colours: [[Colour]] object: Object }
    type Object { id: ID }
";

fn field(name: &'static str, value: &str) -> Result<String, Vec<String>> {
    let query: &'static str = Box::leak(format!("{{ {name} }}").into_boxed_str());
    let (data, errors) = paths_raw(&answer(SDL, query, &format!("{{\"data\":{{\"{name}\":{value}}}}}")));
    if errors.is_empty() { Ok(data) } else { Err(errors) }
}

fn paths_raw(body: &str) -> (String, Vec<String>) {
    let errors = paths(body).1;
    let data = body.strip_prefix("{\"data\":{").unwrap().split_once(':').unwrap().1;
    let data = data.split_once(",\"errors\"").map_or(data, |(data, _)| data);
    (data.trim_end_matches('}').to_owned(), errors)
}

#[test]
fn values_of_their_type_pass_unchanged() {
    let digits = "7".repeat(400);
    for (name, value) in [
        ("int", "-2147483648"),
        ("float", "1.0"),
        ("float", "1e2"),
        ("float", "-0"),
        ("float", "9007199254740993"),
        ("string", r#""a\u0000\ud83d\ude00\"\\é""#),
        ("boolean", "false"),
        ("id", r#""x""#),
        ("colour", r#""RED""#),
        ("colour", r#""R\u0045D""#),
        ("json", r#"{"b":1e400, "a":[{"__typename":5}]"#),
        ("json", "1e400"),
        ("json", digits.as_str()),
        ("ints", "[1,null,2]"),
        ("jsons", r#"[{"a":1},null,[1]]"#),
        ("colours", r#"[["RED"],null,[]]"#),
    ] {
        let sent = if value.starts_with('{') { format!("{value}}}") } else { value.to_owned() };
        assert_eq!(field(name, &sent).as_deref(), Ok(value), "{name} {value}");
    }
}

#[test]
fn lone_surrogates_survive_as_escapes() {
    let text = r#"{"data":{"string":"\ud800","id":"\udfff"}}"#;
    assert_eq!(answer(SDL, "{ string id }", text), text);
}

#[test]
fn numbers_that_mean_the_type_become_it() {
    for (name, value, written) in [
        ("int", "1.0", "1"),
        ("int", "1e0", "1"),
        ("id", "5", r#""5""#),
        ("id", "90071992547409931234", r#""90071992547409931234""#),
    ] {
        assert_eq!(field(name, value).as_deref(), Ok(written), "{name} {value}");
    }
}

#[test]
fn wrong_types_are_null_with_an_error() {
    for (name, value) in [
        ("int", "2147483648"),
        ("int", "1.5"),
        ("int", r#""7""#),
        ("int", "true"),
        ("int", "[1]"),
        ("int", "{}"),
        ("float", "1e400"),
        ("float", r#""1""#),
        ("string", "1"),
        ("string", "{}"),
        ("boolean", "1"),
        ("boolean", r#""true""#),
        ("id", "5.5"),
        ("id", "true"),
        ("colour", r#""BLUE""#),
        ("colour", "1"),
        ("ints", "1"),
        ("ints", r#"{"a":1}"#),
    ] {
        assert_eq!(field(name, value), Err(vec![format!("[\"{name}\"]")]), "{name} {value}");
    }
    assert_eq!(field("ints", "[1,\"x\"]"), Err(vec!["[\"ints\",1]".to_owned()]));
    for value in ["1", "[]", "[{\"id\":1}]", "\"x\"", "true"] {
        let body = answer(SDL, "{ object { id } int }", &format!("{{\"data\":{{\"object\":{value},\"int\":1}}}}"));
        assert_eq!(paths(&body), (r#"{"object":null,"int":1}"#.into(), vec![r#"["object"]"#.into()]), "{value}");
    }
}
