//! Concrete types of abstract values.

use federation::supergraph::{Supergraph, TypeJoin};
use federation::{SubgraphId, TypeSet};
use planner::plan::FetchKind;

use super::support::{Canned, Reply, answer, entities, paths, plan, root, run, supergraph};
use crate::fetch::FetchError;

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

/// Dogs, and secrets that no client may see; subgraph `b` knows pets as objects.
fn kennel() -> Supergraph {
    let mut supergraph = supergraph(
        "type Query { pet: Pet }
        interface Pet { id: ID name: String }
        type Dog implements Pet { id: ID name: String }
        type Secret implements Pet { id: ID name: String }",
    );
    let at = |name: &str| supergraph.type_by_name[name].0 as usize;
    let (pet, secret) = (at("Pet"), at("Secret"));
    supergraph.types[secret].inaccessible = true;
    supergraph.types[pet].joins = [(0, false), (1, true)]
        .map(|(subgraph, is_interface_object)| TypeJoin {
            subgraph: SubgraphId(subgraph),
            keys: Vec::new(),
            is_interface_object,
            possible_types: supergraph.types[pet].possible_types.clone(),
        })
        .to_vec();
    supergraph
}

#[test]
fn an_object_that_may_be_of_a_hidden_type_is_null_unless_its_type_is_told() {
    let supergraph = kennel();
    let plan = plan(&supergraph, "{ pet { name } }", &[root("a", "{ pet { __typename name } }")]);
    let told = |typename: &str| {
        let text = format!(r#"{{"data":{{"pet":{{{typename}"name":"s"}}}}}}"#);
        paths(&run(&supergraph, &plan, &Canned::new([("a", text.as_str())])))
    };
    assert_eq!(told(r#""__typename":"Dog","#), (r#"{"pet":{"name":"s"}}"#.into(), vec![]));
    for typename in ["", r#""__typename":"Pet","#, r#""__typename":"Secret","#] {
        assert_eq!(told(typename), (r#"{"pet":null}"#.into(), vec![r#"["pet"]"#.into()]), "{typename}");
    }
}

#[test]
fn an_object_of_an_interface_object_is_null_where_it_may_be_hidden_and_nobody_learns_what_it_is() {
    let supergraph = kennel();
    let steps = [root("b", "{ pet { __typename id name } }"), entities("a", "pet", ("Dog", "id"), "{ __typename }")];
    let mut plan = plan(&supergraph, "{ pet { name } }", &steps);
    let FetchKind::Entities(asked) = &mut plan.fetches[1].kind else { panic!() };
    asked.representations[0].types = TypeSet::default();
    asked.representations[0].typename = Some("Pet".to_owned());
    let told = |then: Reply| {
        let first = Reply::from(r#"{"data":{"pet":{"__typename":"Pet","id":"1","name":"s"}}}"#);
        paths(&run(&supergraph, &plan, &Canned::new([("b", first), ("a", then)])))
    };
    let dog = Reply::from(r#"{"data":{"_entities":[{"__typename":"Dog"}]}}"#);
    assert_eq!(told(dog), (r#"{"pet":{"name":"s"}}"#.into(), vec![]));
    for other in [
        Reply::from(r#"{"data":{"_entities":[{"__typename":"Secret"}]}}"#),
        Reply::from(r#"{"data":{"_entities":[{}]}}"#),
        Reply::from(r#"{"data":{"_entities":[null]}}"#),
        Reply::from(FetchError::Timeout),
    ] {
        let shown = format!("{other:?}");
        assert_eq!(told(other), (r#"{"pet":null}"#.into(), vec![r#"["pet"]"#.into()]), "{shown}");
    }
}

#[test]
fn a_type_that_is_the_only_one_needs_no_telling_where_another_subgraph_gives_the_object() {
    let supergraph = supergraph("type Query { me: Dog } type Dog { id: ID friend: Dog name: String }");
    let query = "{ me { friend { __typename name } } }";
    let steps = [
        root("a", "{ me { __typename id } }"),
        entities("b", "me", ("Dog", "id"), "{ friend { __typename } }"),
        entities("c", "me", ("Dog", "id"), "{ friend { name } }"),
    ];
    let plan = plan(&supergraph, query, &steps);
    let first = r#"{"data":{"me":{"__typename":"Dog","id":"1"}}}"#;
    let named = r#"{"data":{"_entities":[{"friend":{"name":"n"}}]}}"#;
    for none in [r#"{"data":{"_entities":[null]}}"#, r#"{"data":{"_entities":[{"friend":null}]}}"#] {
        let fetch = Canned::new([("a", first), ("b", none), ("c", named)]);
        let right = r#"{"data":{"me":{"friend":{"__typename":"Dog","name":"n"}}}}"#;
        assert_eq!(run(&supergraph, &plan, &fetch), right, "{none}");
    }
}
