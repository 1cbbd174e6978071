//! Concrete types of abstract values.

use super::support::{answer, paths};

const SDL: &str = "
    type Query { pet: Pet pets: [Pet] me: Dog }
    interface Pet { name: String }
    type Dog implements Pet { name: String barks: Int }
    type Cat implements Pet { name: String meows: Int }
    type Stone { id: ID }
    union Any = Dog | Stone
";

#[test]
fn fields_come_by_concrete_type() {
    assert_eq!(
        answer(
            SDL,
            "{ pets { __typename ... on Dog { barks x: name } ... on Cat { meows } } }",
            r#"{"data":{"pets":[{"__typename":"Cat","meows":1},{"__typename":"Dog","barks":2,"x":"n"}]}}"#
        ),
        r#"{"data":{"pets":[{"__typename":"Cat","meows":1},{"__typename":"Dog","barks":2,"x":"n"}]}}"#
    );
}

#[test]
fn what_is_no_possible_type_is_null_with_an_error_that_does_not_name_it() {
    for typename in [r#""Stone""#, r#""Secret""#, "1", "null", r#""Any""#] {
        let body = answer(
            SDL,
            "{ pet { __typename name } }",
            &format!(r#"{{"data":{{"pet":{{"__typename":{typename},"name":"n"}}}}}}"#),
        );
        assert_eq!(paths(&body), (r#"{"pet":null}"#.into(), vec![r#"["pet"]"#.into()]), "{typename}");
        assert!(!body.contains("Secret"), "{body}");
    }
}

#[test]
fn an_untold_type_is_an_error() {
    let body = answer(SDL, "{ pet { __typename name } }", r#"{"data":{"pet":{"name":"n"}}}"#);
    assert_eq!(paths(&body), (r#"{"pet":null}"#.into(), vec![r#"["pet"]"#.into()]));
    let body = answer(SDL, "{ me { __typename name } }", r#"{"data":{"me":{"name":"n"}}}"#);
    assert_eq!(paths(&body), (r#"{"me":null}"#.into(), vec![r#"["me","__typename"]"#.into()]));
    assert_eq!(answer(SDL, "{ pet { name } }", r#"{"data":{"pet":{"name":"n"}}}"#), r#"{"data":{"pet":{"name":"n"}}}"#);
}
