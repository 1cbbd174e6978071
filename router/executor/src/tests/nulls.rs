//! Null propagation, by the supergraph's types.

use super::support::{answer, parts, paths};

const SDL: &str = "
    type Query { me: User must: User! list: [Int!] listList: [[Int!]!]! deep: [[Int]] users: [User!] }
    type User { id: ID! name: String friend: User need: User! }
";

#[test]
fn null_where_null_may_be_has_no_error() {
    assert_eq!(
        answer(SDL, "{ me { id friend { id } name } }", r#"{"data":{"me":{"id":"1","friend":null,"name":null}}}"#),
        r#"{"data":{"me":{"id":"1","friend":null,"name":null}}}"#
    );
    assert_eq!(answer(SDL, "{ me { id } }", r#"{"data":{"me":null}}"#), r#"{"data":{"me":null}}"#);
}

#[test]
fn null_goes_up_to_the_nearest_nullable_place() {
    let body = answer(SDL, "{ me { friend { need { id } } } }", r#"{"data":{"me":{"friend":{"need":{"id":null}}}}}"#);
    assert_eq!(
        body,
        r#"{"data":{"me":{"friend":null}},"errors":[{"message":"Cannot return null for non-nullable field User.id.","locations":[{"line":1,"column":1}],"path":["me","friend","need","id"],"extensions":{"code":"INVALID_SUBGRAPH_RESPONSE"}}]}"#
    );
}

#[test]
fn null_at_the_top_makes_data_null() {
    let (data, errors) = parts(&answer(SDL, "{ me { id } must { id } }", r#"{"data":{"me":{"id":"1"},"must":null}}"#));
    assert_eq!(data, "null");
    assert_eq!(
        errors,
        [(r#"["must"]"#.to_owned(), "Cannot return null for non-nullable field Query.must.".to_owned())]
    );
}

#[test]
fn null_in_lists() {
    let body = answer(SDL, "{ list }", r#"{"data":{"list":[1,null,3]}}"#);
    assert_eq!(paths(&body), (r#"{"list":null}"#.into(), vec![r#"["list",1]"#.into()]));
    let body = answer(SDL, "{ listList }", r#"{"data":{"listList":[[1],[null]]}}"#);
    assert_eq!(paths(&body), ("null".into(), vec![r#"["listList",1,0]"#.into()]));
    let body = answer(SDL, "{ deep }", r#"{"data":{"deep":[[1,null],null]}}"#);
    assert_eq!(body, r#"{"data":{"deep":[[1,null],null]}}"#);
    let body = answer(SDL, "{ users { id } }", r#"{"data":{"users":[{"id":1},null]}}"#);
    assert_eq!(paths(&body), (r#"{"users":null}"#.into(), vec![r#"["users",1]"#.into()]));
}

#[test]
fn a_missing_member_is_null_with_an_error() {
    let (data, errors) = parts(&answer(SDL, "{ me { id name } }", r#"{"data":{"me":{"id":"1"}}}"#));
    assert_eq!(data, r#"{"me":{"id":"1","name":null}}"#);
    assert_eq!(errors, [(r#"["me","name"]"#.to_owned(), "No subgraph answered field User.name.".to_owned())]);
}

#[test]
fn no_second_error_where_the_subgraph_reported_one() {
    for path in [r#"["me","need"]"#, r#"["me"]"#, r#"["me","need","id"]"#] {
        let text = format!(r#"{{"data":{{"me":{{"need":null}}}},"errors":[{{"message":"x","path":{path}}}]}}"#);
        let body = answer(SDL, "{ me { need { id } } }", &text);
        assert_eq!(paths(&body), (r#"{"me":null}"#.into(), vec![path.into()]));
    }
}

#[test]
fn keys_come_in_the_clients_order_with_its_aliases() {
    assert_eq!(
        answer(
            SDL,
            "{ x: me { name b: id a: id } __typename me { id } }",
            r#" { "extensions":{}, "data" : {"me":{"id":"2","zzz":{"a":[1]}},"x":{"a":"1","b":"1","name":"n","name":"last"}} } "#
        ),
        r#"{"data":{"x":{"name":"last","b":"1","a":"1"},"__typename":"Query","me":{"id":"2"}}}"#
    );
}
