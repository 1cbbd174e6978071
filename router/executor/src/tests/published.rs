//! Faults of other gateways that have been published, and what is right instead. Named by tracker and number: AR is
//! apollographql/router, AF apollographql/federation, HR graphql-hive/router, GT wundergraph/graphql-go-tools.
//! `docs/execution-faults.md` lists them with those that are tested elsewhere.

use super::support::{Canned, answer, entities, parts, plan, root, run, supergraph};

/// One case: what is asked, what the subgraph answers, and the whole data and the paths of errors that are right.
struct Case {
    id: &'static str,
    query: &'static str,
    reply: &'static str,
    data: &'static str,
    errors: &'static [&'static str],
}

const SDL: &str = "
    scalar Any
    enum Color { RED }
    type Query { me: User must: User! other: String list: [User!] color: Color any: Any float: Float int: Int }
    type User { id: ID! name: String need: String! friend: User tags: [String!] }
";

const CASES: &[Case] = &[
    Case {
        id: "AR#1822, AR#1930: a nullable parent that is null says nothing of its children",
        query: "{ me { need friend { need } } }",
        reply: r#"{"data":{"me":null}}"#,
        data: r#"{"me":null}"#,
        errors: &[],
    },
    Case {
        id: "AR#3071, AR#1670: a nullable root field that failed is null in its place",
        query: "{ me { id } }",
        reply: r#"{"data":{"me":null},"errors":[{"message":"m","path":["me"]}]}"#,
        data: r#"{"me":null}"#,
        errors: &[r#"["me"]"#],
    },
    Case {
        id: "AR#7141: data is there, and null, where a root field that must not be null failed",
        query: "{ must { id } }",
        reply: r#"{"data":null,"errors":[{"message":"m","path":["must"]}]}"#,
        data: "null",
        errors: &[r#"["must"]"#],
    },
    Case {
        id: "AR#9022: fields that are all forbidden are null, each with its error",
        query: "{ me { id } other }",
        reply: r#"{"data":{"me":null,"other":null},"errors":[{"message":"m","path":["me"]},{"message":"m","path":["other"]}]}"#,
        data: r#"{"me":null,"other":null}"#,
        errors: &[r#"["me"]"#, r#"["other"]"#],
    },
    Case {
        id: "AR#6009: what must not be null takes its sibling __typename along",
        query: "{ must { id } __typename }",
        reply: r#"{"data":{"must":null}}"#,
        data: "null",
        errors: &[r#"["must"]"#],
    },
    Case {
        id: "AR#2330, AR#1101, AR#4348: the root's __typename, under an alias and twice",
        query: "{ t: __typename other __typename }",
        reply: r#"{"data":{"other":"x"}}"#,
        data: r#"{"t":"Query","other":"x","__typename":"Query"}"#,
        errors: &[],
    },
    Case {
        id: "AR#5372: values of a wrong type are null with an error each",
        query: "{ other int color me { tags } }",
        reply: r#"{"data":{"other":5,"int":"5","color":"BLUE","me":{"tags":"x"}}}"#,
        data: r#"{"other":null,"int":null,"color":null,"me":{"tags":null}}"#,
        errors: &[r#"["other"]"#, r#"["int"]"#, r#"["color"]"#, r#"["me","tags"]"#],
    },
    Case {
        id: "AR#9549: a field that is missing is null with an error, its key never absent",
        query: "{ me { id name } }",
        reply: r#"{"data":{"me":{"id":"1"}}}"#,
        data: r#"{"me":{"id":"1","name":null}}"#,
        errors: &[r#"["me","name"]"#],
    },
    Case {
        id: "AR#2951: digits of a Float stay as they are",
        query: "{ float any }",
        reply: r#"{"data":{"float":1.10,"any":9007199254740993}}"#,
        data: r#"{"float":1.10,"any":9007199254740993}"#,
        errors: &[],
    },
    Case {
        id: "HR#1154, GT#810: null goes up to the nearest place that may be null",
        query: "{ list { id need } me { friend { need } } }",
        reply: r#"{"data":{"list":[{"id":"1","need":"n"},{"id":"2","need":null}],"me":{"friend":{"need":null}}}}"#,
        data: r#"{"list":null,"me":{"friend":null}}"#,
        errors: &[r#"["list",1,"need"]"#, r#"["me","friend","need"]"#],
    },
    Case {
        id: "GT#1153: paths have aliases, as the client wrote them",
        query: "{ i: me { n: need } }",
        reply: r#"{"data":{"i":{"n":null}},"errors":[{"message":"m","path":["i","n"]}]}"#,
        data: r#"{"i":null}"#,
        errors: &[r#"["i","n"]"#],
    },
    Case {
        id: "grafbase#2228: errors that are null are none",
        query: "{ other }",
        reply: r#"{"data":{"other":"x"},"errors":null}"#,
        data: r#"{"other":"x"}"#,
        errors: &[],
    },
    Case {
        id: "AF#2683: an alias that is a type's name is an alias",
        query: "{ User: me { Color: name } }",
        reply: r#"{"data":{"User":{"Color":"x"}}}"#,
        data: r#"{"User":{"Color":"x"}}"#,
        errors: &[],
    },
    Case {
        id: "null and missing data, each told once",
        query: "{ me { id } other }",
        reply: r#"{"errors":[{"message":"m"}]}"#,
        data: r#"{"me":null,"other":null}"#,
        errors: &[r#"["me"]"#, r#"["other"]"#],
    },
    Case {
        id: "what a custom scalar holds is data, whatever it looks like",
        query: "{ any }",
        reply: r#"{"data":{"any":{"b":1,"__typename":"User","a":[null,{"id":1e400}]}}}"#,
        data: r#"{"any":{"b":1,"__typename":"User","a":[null,{"id":1e400}]}}"#,
        errors: &[],
    },
    Case {
        id: "of members that stand twice the last counts, and keys are compared unescaped",
        query: "{ other }",
        reply: r#"{"data":{"other":"x","oth\u0065r":"y"}}"#,
        data: r#"{"other":"y"}"#,
        errors: &[],
    },
];

#[test]
fn root_answers_are_told_as_a_monolith_would() {
    for case in CASES {
        let (data, errors) = parts(&answer(SDL, case.query, case.reply));
        assert_eq!(data, case.data, "{}", case.id);
        let paths: Vec<&str> = errors.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, case.errors, "{}", case.id);
    }
}

/// Two users, and what a second subgraph says of them: the right data, and the paths of errors.
const ENTITIES: &[Case] = &[
    Case {
        id: "AR#1863, AR#3402: data that is null with an error brings no other error",
        query: "{ list { id name } }",
        reply: r#"{"data":null,"errors":[{"message":"m"}]}"#,
        data: r#"{"list":[{"id":"1","name":null},{"id":"2","name":null}]}"#,
        errors: &[r#"["list"]"#],
    },
    Case {
        id: "AR#4548, AF#354: paths are the client's, never a list's index of entities",
        query: "{ list { id name } }",
        reply: r#"{"data":{"_entities":[null,null]},"errors":[{"message":"m","path":["_entities",1,"name"]}]}"#,
        data: r#"{"list":[{"id":"1","name":null},{"id":"2","name":null}]}"#,
        errors: &[r#"["list",1,"name"]"#],
    },
    Case {
        id: "AF#1509, HR#1110: an entity that is missing is one error where null may not be",
        query: "{ me { id } list { id name need } }",
        reply: r#"{"data":{"_entities":[{"name":"a","need":"b"},null]}}"#,
        data: r#"{"me":null,"list":null}"#,
        errors: &[r#"["list",1,"need"]"#],
    },
    Case {
        id: "AF#1306, AF#752, AF#584: an entity that fails leaves its neighbours",
        query: "{ list { id name } }",
        reply: r#"{"data":{"_entities":[null,{"name":"b"}]},"errors":[{"message":"m","path":["_entities",0]}]}"#,
        data: r#"{"list":[{"id":"1","name":null},{"id":"2","name":"b"}]}"#,
        errors: &[r#"["list",0]"#],
    },
    Case {
        id: "a list of another length is one fault of the whole fetch",
        query: "{ list { id name } }",
        reply: r#"{"data":{"_entities":[{"name":"b"}]}}"#,
        data: r#"{"list":[{"id":"1","name":null},{"id":"2","name":null}]}"#,
        errors: &[r#"["list",0,"name"]"#, r#"["list",1,"name"]"#],
    },
];

#[test]
fn entity_answers_are_told_as_a_monolith_would() {
    for case in ENTITIES {
        let supergraph = supergraph(SDL);
        let take = if case.query.contains("need") { "{ name need }" } else { "{ name }" };
        let steps = [root("a", "{ me { id } list { __typename id } }"), entities("b", "list", ("User", "id"), take)];
        let plan = plan(&supergraph, case.query, &steps);
        let first = r#"{"data":{"me":null,"list":[{"__typename":"User","id":"1"},{"__typename":"User","id":"2"}]}}"#;
        let (data, errors) = parts(&run(&supergraph, &plan, &Canned::new([("a", first), ("b", case.reply)])));
        assert_eq!(data, case.data, "{}", case.id);
        let paths: Vec<&str> = errors.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, case.errors, "{}", case.id);
    }
}

/// The names of all functions in a folder's Rust files, and those of the folders of cases.
fn names(folder: &std::path::Path, found: &mut std::collections::HashSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() && name != "node_modules" {
            if path.join("subgraphs").is_dir() {
                found.insert(name);
            } else {
                names(&path, found);
            }
        } else if name.ends_with(".rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.extend(text.split("fn ").skip(1).filter_map(|rest| rest.split('(').next()).map(str::to_owned));
        }
    }
}

#[test]
fn every_test_that_the_tables_name_exists() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = std::collections::HashSet::new();
    ["router", "subgraphs", "tests"].iter().for_each(|folder| names(&root.join(folder), &mut found));
    for (page, rows_min) in [("docs/execution-faults.md", 65), ("docs/threats.md", 30), ("docs/composition.md", 20)] {
        let text = std::fs::read_to_string(root.join(page)).unwrap();
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| ") && line.ends_with("` |")).collect();
        assert!(rows.len() >= rows_min, "{page}: {}", rows.len());
        for row in rows {
            let tests = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
            for test in tests.split(", ") {
                assert!(found.contains(test.trim_matches('`')), "{page}: {test} does not exist");
            }
        }
    }
}
