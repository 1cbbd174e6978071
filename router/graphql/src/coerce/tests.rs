use super::*;
use crate::{OperationLimits, parse_operation, select_operation};

const SCHEMA: &str = r#"
    directive @oneOf on INPUT_OBJECT
    scalar JSON
    enum Colour { RED GREEN }
    input Filter { name: String! = "n" colour: Colour tags: [String!] nested: Filter count: Int }
    input Either @oneOf { a: Int b: Int }
    type Query {
        f(i: Int, x: Float, s: String, b: Boolean, id: ID, c: Colour, j: JSON, l: [[Int!]], filter: Filter, e: Either, required: Int): Int
    }
"#;

fn coerce(query: &str, variables: &str) -> Result<String, Vec<String>> {
    let schema = Schema::parse_and_validate(SCHEMA, "").unwrap();
    let document = parse_operation(&schema, query, &OperationLimits::default(), Suggestions::On).unwrap();
    let operation = select_operation(&document, None).unwrap();
    let json::Value::Object(variables) = json::parse(variables.as_bytes(), &json::JsonLimits::default()).unwrap()
    else {
        panic!("an object")
    };
    match coerce_variables(&schema, operation, variables, Suggestions::On) {
        Ok(coerced) => {
            let mut bytes = Vec::new();
            json::write(&json::Value::Object(coerced), &mut bytes);
            Ok(String::from_utf8(bytes).unwrap())
        }
        Err(errors) => {
            assert!(errors.iter().all(|error| error.code == code::BAD_USER_INPUT));
            Err(errors.into_iter().map(|error| error.message).collect())
        }
    }
}

fn one(ty: &str, argument: &str, value: &str) -> Result<String, String> {
    coerce(&format!("query ($v: {ty}) {{ f({argument}: $v) }}"), &format!("{{\"v\":{value}}}"))
        .map(|text| text.strip_prefix("{\"v\":").unwrap().strip_suffix('}').unwrap().to_owned())
        .map_err(|errors| errors.into_iter().next().unwrap())
}

#[test]
fn scalars_by_the_specification() {
    for (ty, argument, value, coerced) in [
        ("Int", "i", "2147483647", "2147483647"),
        ("Int", "i", "1.0", "1"),
        ("Float", "x", "1", "1"),
        ("Float", "x", "9007199254740993", "9007199254740993"),
        ("String", "s", "\"x\"", "\"x\""),
        ("Boolean", "b", "true", "true"),
        ("ID", "id", "5", "\"5\""),
        ("ID", "id", "90071992547409931234", "\"90071992547409931234\""),
        ("Colour", "c", "\"RED\"", "\"RED\""),
        ("JSON", "j", r#"{"b":1e400,"a":[null]}"#, r#"{"b":1e400,"a":[null]}"#),
        ("[[Int!]]", "l", "1", "[[1]]"),
        ("[[Int!]]", "l", "[[1],null,2]", "[[1],null,[2]]"),
        ("Int", "i", "null", "null"),
    ] {
        assert_eq!(one(ty, argument, value).as_deref(), Ok(coerced), "{ty} {value}");
    }
    for (ty, argument, value) in [
        ("Int", "i", "2147483648"),
        ("Int", "i", "\"7\""),
        ("Int", "i", "true"),
        ("Int", "i", "1.5"),
        ("Float", "x", "1e400"),
        ("Float", "x", "\"1\""),
        ("String", "s", "1"),
        ("Boolean", "b", "1"),
        ("ID", "id", "5.5"),
        ("ID", "id", "true"),
        ("Colour", "c", "1"),
        ("Colour", "c", "\"BLUE\""),
        ("[[Int!]]", "l", "[[null]]"),
    ] {
        assert!(one(ty, argument, value).is_err(), "{ty} {value}");
    }
}

#[test]
fn absent_null_and_default_are_three_things() {
    let query = "query ($a: Int, $b: Int = 5, $c: Int = 6) { f(i: $a, required: $b) g: f(i: $c) }";
    assert_eq!(coerce(query, "{}").unwrap(), r#"{"b":5,"c":6}"#);
    assert_eq!(coerce(query, r#"{"a":null,"b":null,"unknown":1}"#).unwrap(), r#"{"a":null,"b":null,"c":6}"#);
}

#[test]
fn messages_name_the_variable_and_the_path() {
    assert_eq!(
        coerce("query ($r: Int!) { f(i: $r) }", "{}").unwrap_err(),
        ["Variable \"$r\" of required type \"Int!\" was not provided."]
    );
    assert_eq!(
        one("Filter", "filter", r#"{"nested":{"tags":["a",1]}}"#).unwrap_err(),
        "Variable \"$v\" got invalid value at \"v.nested.tags[1]\"; String cannot represent a non string value: a number."
    );
    assert_eq!(
        one("Filter", "filter", r#"{"nmae":1}"#).unwrap_err(),
        "Variable \"$v\" got invalid value; field \"nmae\" is not defined by type \"Filter\". Did you mean \"name\"?"
    );
    assert_eq!(
        one("Colour", "c", "\"GREN\"").unwrap_err(),
        "Variable \"$v\" got invalid value; value \"GREN\" does not exist in \"Colour\" enum. Did you mean \"GREEN\" or \"RED\"?"
    );
    assert!(one("Int!", "i", "null").unwrap_err().contains("not to be null"));
}

#[test]
fn input_objects_take_defaults_and_keep_declared_order() {
    assert_eq!(
        one("Filter", "filter", r#"{"count":1,"colour":null,"tags":"t"}"#).unwrap(),
        r#"{"name":"n","colour":null,"tags":["t"],"count":1}"#
    );
    assert!(one("Filter", "filter", r#"{"name":null}"#).is_err());
}

#[test]
fn one_of_takes_exactly_one() {
    assert_eq!(one("Either", "e", r#"{"a":1}"#).unwrap(), r#"{"a":1}"#);
    for value in ["{}", r#"{"a":1,"b":2}"#, r#"{"a":null}"#] {
        assert!(one("Either", "e", value).unwrap_err().contains("exactly one"), "{value}");
    }
}

#[test]
fn defaults_that_multiply_are_bounded() {
    // The first never ends, which no supergraph loads with; the second ends after 2^40 values.
    let never = "input I { a: I = {} b: I = {} }".to_owned();
    let chain = (0..40).map(|level| format!("input I{level} {{ a: I{0} = {{}} b: I{0} = {{}} }} ", level + 1));
    let late = format!("input I {{ a: I0 = {{}} }} {} input I40 {{ n: Int = 1 }}", chain.collect::<String>());
    for inputs in [never, late] {
        let schema = format!("type Query {{ f(x: I, l: [I!]): Int }} {inputs}");
        let schema = Schema::parse_and_validate(schema, "").unwrap();
        for text in ["query($x: I) { f(x: $x) }", "query($x: I = {}) { f(x: $x) }", "query($x: [I!]) { f(l: $x) }"] {
            let document = parse_operation(&schema, text, &OperationLimits::default(), Suggestions::On).unwrap();
            let operation = select_operation(&document, None).unwrap();
            let variables = match text.contains('=') {
                true => json::Object::new(),
                false => json::Object::from([("x".to_owned(), json::Value::Object(json::Object::new()))]),
            };
            let errors = coerce_variables(&schema, operation, variables, Suggestions::On).unwrap_err();
            assert!(errors.len() <= 50 && errors.iter().all(|error| error.code == code::BAD_USER_INPUT), "{errors:?}");
        }
    }
}
