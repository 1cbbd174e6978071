//! Responses in parts: published bugs of other routers among them, in both forms.

use federation::{LabelSet, Limits, Supergraph};
use graphql::{ExecutableDocument, json, with_defer};
use planner::{Budget, Decided, Deferral};

use super::support::{Canned, Reply, context};
use crate::fetch::FetchError;
use crate::policy::Policy;
use crate::{Form, Parts, Request};

/// Users of subgraph `a`, with scores of `b`.
const SUPERGRAPH: &str = r#"
    schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) { query: Query }
    directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
    directive @join__graph(name: String!, url: String!) on ENUM_VALUE
    directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
    directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
    scalar join__FieldSet scalar link__Import enum link__Purpose { SECURITY EXECUTION }
    enum join__Graph { A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }
    type Query @join__type(graph: A) @join__type(graph: B) {
        me: User @join__field(graph: A) all: [User] @join__field(graph: A) sure: User! @join__field(graph: A)
        other: Int @join__field(graph: B) scores: [Score] @join__field(graph: B)
    }
    type User @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
        id: ID! name: String @join__field(graph: A)
        score: Int @join__field(graph: B) sure: Int! @join__field(graph: B) best: Score @join__field(graph: B)
    }
    type Score @join__type(graph: B) { points: Int! of: Int }
"#;

/// The parts of a response; subgraphs answer as they are told to.
fn parts<R: Into<Reply>>(form: Form, query: &str, answers: impl IntoIterator<Item = (&'static str, R)>) -> Vec<String> {
    parts_within(&Policy::default(), (form, query), answers)
}

fn parts_within<R: Into<Reply>>(
    policy: &Policy,
    (form, query): (Form, &str),
    answers: impl IntoIterator<Item = (&'static str, R)>,
) -> Vec<String> {
    let supergraph = Supergraph::parse(SUPERGRAPH, Limits::default()).unwrap();
    let schema = with_defer(&supergraph.api_schema);
    let document = ExecutableDocument::parse_and_validate(&schema, query, "").unwrap_or_else(|e| panic!("{e}"));
    let decided = Decided { conditions: &|_| None, labels: &LabelSet::default(), deferral: Deferral::On };
    let plan = planner::plan(&supergraph, &document, None, decided, &Budget::default()).unwrap();
    let (fetch, context) = (Canned::new(answers), context());
    let request = Request {
        plan: &plan,
        supergraph: &supergraph,
        variables: &json::Object::new(),
        fetch: &fetch,
        context: &context,
        policy,
    };
    let mut all = Vec::new();
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
        let mut parts = Parts::new(request, form);
        while let Some(part) = parts.next().await {
            all.push(String::from_utf8(part.body.to_vec()).unwrap());
        }
    });
    all
}

const ME: (&str, &str) = ("a", r#"{"data":{"me":{"__typename":"User","id":"1","name":"Ada"}}}"#);

/// apollographql/router#1800, apollographql/router#6009
#[test]
fn a_response_that_is_deferred_as_a_whole_starts_with_an_empty_object() {
    let parts = parts(Form::Fragments, "{ ... @defer { other } }", [("b", r#"{"data":{"other":1}}"#)]);
    assert_eq!(
        parts,
        [r#"{"data":{},"hasNext":true}"#, r#"{"incremental":[{"data":{"other":1},"path":[]}],"hasNext":false}"#]
    );
}

/// apollographql/router#1687
#[test]
fn has_next_is_false_in_the_last_part_alone() {
    let query = "{ all { id ... @defer { name } ... @defer { score } } }";
    for form in [Form::Fragments, Form::Fields] {
        let answers = [
            ("a", r#"{"data":{"all":[{"id":"1"},null,{"id":"2"}]}}"#),
            ("b", r#"{"data":{"_entities":[{"score":1},{"score":2}]}}"#),
            ("a", r#"{"data":{"_entities":[{"name":"A"},{"name":"B"}]}}"#),
        ];
        let parts = parts(form, query, answers);
        let (last, others) = parts.split_last().unwrap();
        assert!(others.len() >= 2 && others.iter().all(|part| part.contains(r#""hasNext":true"#)), "{parts:#?}");
        assert!(last.contains(r#""hasNext":false"#), "{parts:#?}");
    }
}

/// apollographql/router#2168
#[test]
fn nothing_comes_for_a_parent_that_is_null() {
    for form in [Form::Fragments, Form::Fields] {
        let parts = parts(form, "{ me { id ... @defer { score } } }", [("a", r#"{"data":{"me":null}}"#)]);
        assert_eq!(parts, [r#"{"data":{"me":null},"hasNext":false}"#]);
    }
}

/// apollographql/router#1818, apollographql/router#1834
#[test]
fn an_error_is_told_in_its_own_part_alone() {
    let query = r#"{ me { name ... @defer(label: "n") { other: score } ... @defer(label: "s") { sure } } }"#;
    let answers: [(&str, Reply); 3] = [
        (ME.0, ME.1.into()),
        ("b", FetchError::Unreachable("down".into()).into()),
        ("b", r#"{"data":{"_entities":[{"sure":2}]}}"#.into()),
    ];
    let parts = parts(Form::Fragments, query, answers);
    let all = parts.join("\n");
    assert_eq!(all.matches("\"errors\"").count(), 1, "{all}");
    assert!(!parts[0].contains("errors"), "{all}");
    assert!(all.contains(r#"{"data":{"other":null},"path":["me"],"label":"n","errors":[{"#), "{all}");
    assert!(all.contains(r#"{"data":{"sure":2},"path":["me"],"label":"s"}"#), "{all}");
}

#[test]
fn an_error_at_an_item_that_no_part_is_about_is_told_at_the_list() {
    let answer = r#"{"data":{"scores":[{"points":1,"of":2}]},"errors":[{"message":"m","path":["scores",9,"of"]}]}"#;
    for form in [Form::Fragments, Form::Fields] {
        let all = parts(form, "{ scores { points ... @defer { of } } }", [("b", answer)]).join("\n");
        assert_eq!(all.matches(r#""message""#).count(), 1, "{all}");
        assert!(all.contains(r#""path":["scores"],"extensions""#), "{all}");
    }
}

#[test]
fn of_a_call_for_several_items_each_is_told_in_its_own_part() {
    let query = "{ all { ... @defer { score best { of } } } }";
    let users = r#"{"data":{"all":[{"__typename":"User","id":"1"},{"__typename":"User","id":"2"}]}}"#;
    for form in [Form::Fragments, Form::Fields] {
        let answers: [(&str, Reply); 2] = [("a", users.into()), ("b", FetchError::Unreachable("down".into()).into())];
        let parts = parts(form, query, answers).join("\n");
        let (_, told) = parts.split_once(r#""incremental":["#).unwrap();
        let items: Vec<&str> = told.split(r#"{"score":null,"best":null}"#).collect();
        assert_eq!(items.len(), 3, "{parts}");
        for (item, own) in
            [(items[1], r#""path":["all",0],"extensions""#), (items[2], r#""path":["all",1],"extensions""#)]
        {
            assert!(item.contains(own) && item.matches(r#""message""#).count() == 1, "{parts}");
        }
    }
}

/// apollographql/router#2329
#[test]
fn a_null_stops_at_the_fragment() {
    let query = r#"{ me { name ... @defer(label: "x") { sure } } }"#;
    let broken = [
        ME,
        ("b", r#"{"data":{"_entities":[{"sure":null}]},"errors":[{"message":"m","path":["_entities",0,"sure"]}]}"#),
    ];
    let older = parts(Form::Fragments, query, broken);
    assert_eq!(older[0], r#"{"data":{"me":{"name":"Ada"}},"hasNext":true}"#);
    let entry = r#"{"incremental":[{"data":null,"path":["me"],"label":"x","errors":[{"message":"m","#;
    assert!(older[1].starts_with(entry) && older[1].contains(r#""path":["me","sure"]"#), "{}", older[1]);
    let newer = parts(Form::Fields, query, broken);
    assert!(
        newer[1].starts_with(r#"{"hasNext":false,"completed":[{"id":"0","errors":[{"message":"m","#),
        "{}",
        newer[1]
    );
}

#[test]
fn a_null_below_the_fragment_stays_below() {
    let answers = [ME, ("b", r#"{"data":{"_entities":[{"best":{"points":null},"score":3}]}}"#)];
    let parts = parts(Form::Fields, "{ me { name ... @defer { best { points } score } } }", answers);
    let data = r#""incremental":[{"id":"0","data":{"best":null,"score":3},"errors":[{"#;
    assert!(parts[1].contains(data) && parts[1].contains(r#""path":["me","best","points"]"#), "{}", parts[1]);
}

#[test]
fn each_field_comes_once_in_the_newer_form_and_with_each_fragment_in_the_older() {
    let query = r#"{ me { name ... @defer(label: "x") { name } } }"#;
    assert_eq!(parts(Form::Fields, query, [ME]), [r#"{"data":{"me":{"name":"Ada"}},"hasNext":false}"#]);
    let older = parts(Form::Fragments, query, [ME]);
    assert_eq!(older[1], r#"{"incremental":[{"data":{"name":"Ada"},"path":["me"],"label":"x"}],"hasNext":false}"#);
}

#[test]
fn nested_fragments_are_told_of_with_the_outer_one() {
    let query = r#"{ me { name ... @defer(label: "x") { best { of ... @defer(label: "y") { points } } } } }"#;
    let answer = ("b", r#"{"data":{"_entities":[{"best":{"of":1,"points":2}}]}}"#);
    let newer = parts(Form::Fields, query, [ME, answer]);
    // What is ready together comes together.
    assert_eq!(
        newer[1],
        r#"{"hasNext":false,"pending":[{"id":"1","path":["me","best"],"label":"y"}],"incremental":[{"id":"0","data":{"best":{"of":1}}},{"id":"1","data":{"points":2}}],"completed":[{"id":"0"},{"id":"1"}]}"#
    );
    // Where the outer one fails, the inner one is never told of.
    let query = r#"{ me { name ... @defer(label: "x") { sure best { ... @defer(label: "y") { points } } } } }"#;
    let answer = ("b", r#"{"data":{"_entities":[{"sure":null,"best":{"points":2}}]}}"#);
    for form in [Form::Fragments, Form::Fields] {
        let parts = parts(form, query, [ME, answer]);
        assert!(parts.len() == 2 && !parts.join("").contains("\"y\""), "{parts:#?}");
    }
}

#[test]
fn lists_have_a_part_for_each_item_and_below_a_fragment_a_path() {
    let query = r#"{ all { id ... @defer(label: "x") { best { of } } best { points } } }"#;
    let answers = [
        ("a", r#"{"data":{"all":[{"id":"1"},{"id":"2"}]}}"#),
        ("b", r#"{"data":{"_entities":[{"best":{"points":1,"of":10}},{"best":{"points":2,"of":20}}]}}"#),
    ];
    let newer = parts(Form::Fields, query, answers);
    let second = r#"{"id":"1","data":{"of":20},"subPath":["best"]}"#;
    assert!(newer[1].contains(second) && newer[1].ends_with(r#""completed":[{"id":"0"},{"id":"1"}]}"#), "{newer:#?}");
    let older = parts(Form::Fragments, query, answers);
    assert!(older[1].contains(r#"{"data":{"best":{"of":20}},"path":["all",1],"label":"x"}"#), "{older:#?}");
}

#[test]
fn an_answer_that_means_nothing_is_told_in_the_part_that_needed_it() {
    let query = "{ me { name ... @defer { score } } }";
    let parts = parts(Form::Fragments, query, [ME, ("b", r#"{"data":{"_entities":"x"}}"#)]);
    assert!(
        parts[1].contains("SUBREQUEST_MALFORMED_RESPONSE") && parts[1].ends_with(r#""hasNext":false}"#),
        "{parts:#?}"
    );
}

/// Two users, whose names have so many bytes and come with a later part.
fn long_names(bytes: usize) -> [(&'static str, Reply); 3] {
    let all = r#"{"data":{"all":[{"__typename":"User","id":"1"},{"__typename":"User","id":"2"}]}}"#;
    let name = "x".repeat(bytes);
    let names = format!(r#"{{"data":{{"_entities":[{{"name":"{name}"}},{{"name":"{name}"}}]}}}}"#);
    let scores = r#"{"data":{"_entities":[{"score":1},{"score":2}]}}"#;
    [("a", all.into()), ("a", names.as_str().into()), ("b", scores.into())]
}

#[test]
fn a_response_that_grows_too_large_in_a_later_part_says_so_and_ends() {
    let query = r#"{ all { id ... @defer(label: "x") { name } } }"#;
    for form in [Form::Fragments, Form::Fields] {
        // The first name fits, the second one doesn't.
        let policy = Policy { response_bytes_max: 1_000, ..Policy::default() };
        let all = parts_within(&policy, (form, query), long_names(500));
        let (last, others) = all.split_last().unwrap();
        assert!(others.iter().all(|part| !part.contains("errors")), "{all:#?}");
        assert_eq!(
            (last.matches("xxx").count() > 0, last.matches("RESPONSE_TOO_LARGE").count()),
            (true, 1),
            "{all:#?}"
        );
        assert!(last.contains(r#""hasNext":false"#), "{all:#?}");
        let told = match form {
            Form::Fragments => r#"{"data":null,"path":["all",1],"label":"x","errors":[{"#,
            Form::Fields => r#"{"id":"1","errors":[{"#,
        };
        assert!(last.contains(told), "{all:#?}");
    }
}

#[test]
fn every_byte_of_the_parts_counts_once() {
    let query = r#"{ all { id ... @defer { name } ... @defer { score } } }"#;
    for form in [Form::Fragments, Form::Fields] {
        let whole: usize = parts(form, query, long_names(500)).iter().map(String::len).sum();
        let policy = Policy { response_bytes_max: whole, ..Policy::default() };
        let all = parts_within(&policy, (form, query), long_names(500));
        assert!(!all.join("").contains("RESPONSE_TOO_LARGE"), "{all:#?}");
    }
}

#[test]
fn a_long_label_at_many_objects_is_bounded_too() {
    let query = format!(r#"{{ all {{ id ... @defer(label: "{}") {{ score }} }} }}"#, "l".repeat(2_000));
    let users = |with: &dyn Fn(usize) -> String| (0..1_000).map(with).collect::<Vec<_>>().join(",");
    let all = format!(r#"{{"data":{{"all":[{}]}}}}"#, users(&|id| format!(r#"{{"__typename":"User","id":"{id}"}}"#)));
    let scores = format!(r#"{{"data":{{"_entities":[{}]}}}}"#, users(&|id| format!(r#"{{"score":{id}}}"#)));
    for form in [Form::Fragments, Form::Fields] {
        let policy = Policy { response_bytes_max: 100_000, ..Policy::default() };
        let all = parts_within(&policy, (form, &query), [("a", all.as_str()), ("b", scores.as_str())]);
        let bytes: usize = all.iter().map(String::len).sum();
        assert!(bytes < 110_000, "{form:?}: {bytes}");
        let last = all.last().unwrap();
        assert!(last.contains("RESPONSE_TOO_LARGE") && last.contains(r#""hasNext":false"#), "{form:?}: {last}");
    }
}

/// Each is kept with the way to it, however few objects stand there.
#[test]
fn places_where_parts_begin_are_bounded_as_a_response_is() {
    let all = vec![r#"{"__typename":"User","id":"1"}"#; 1_000].join(",");
    let all = format!(r#"{{"data":{{"all":[{all}]}}}}"#);
    for form in [Form::Fragments, Form::Fields] {
        let policy = |response_bytes_max| Policy { response_bytes_max, ..Policy::default() };
        let answers = || [("a", all.as_str()), ("b", r#"{"data":{"_entities":[{"score":1}]}}"#)];
        let query = "{ all { id ... @defer { score } } }";
        let told = |bytes_max| parts_within(&policy(bytes_max), (form, query), answers());
        let all = told(1_000_000);
        assert_eq!(all.join("").matches(r#""score":1"#).count(), 1_000);
        // The first part itself fits in.
        assert!(told(all[0].len())[0].contains("RESPONSE_TOO_LARGE"), "{form:?}: {}", all[0].len());
    }
}

#[test]
fn thousands_of_parts_with_hundreds_of_errors_cost_little() {
    let list = |one: &dyn Fn(usize) -> String| (0..4_000).map(one).collect::<Vec<_>>().join(",");
    let all = format!(r#"{{"data":{{"all":[{}]}}}}"#, list(&|id| format!(r#"{{"__typename":"User","id":"{id}"}}"#)));
    let error = |i: usize| format!(r#"{{"message":"m","path":["_entities",{i},"score"]}}"#);
    let scores = format!(
        r#"{{"data":{{"_entities":[{}]}},"errors":[{}]}}"#,
        list(&|_| r#"{"score":null}"#.to_owned()),
        list(&error)
    );
    for form in [Form::Fragments, Form::Fields] {
        let started = std::time::Instant::now();
        let all = parts(form, "{ all { id ... @defer { score } } }", [("a", all.as_str()), ("b", scores.as_str())]);
        assert_eq!(all.join("").matches("\"m\"").count(), 500);
        assert!(all.join("").contains("500 more errors are not shown."));
        // Unoptimised; a walk through all errors for each part would take a minute.
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    }
}
