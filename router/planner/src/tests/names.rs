//! How the operations are called that subgraphs are sent.

use federation::LabelSet;
use graphql::ExecutableDocument;

use super::small::supergraph;
use super::{Failure, Loaded, proved_with_names};
use crate::plan::{BodyStart, FetchKind};
use crate::{Decided, Deferral, OperationNames, QueryPlan};

/// Entities of `b` are asked for by two fetches that go as one request; `needy` requires what `b`'s other fields don't,
/// and `priced` reads a context.
fn shop() -> Loaded {
    supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) @context(name: "b__shop") {
            o: O @join__field(graph: A) p: P @join__field(graph: A) r: R @join__field(graph: A) locale: String @join__field(graph: A)
        }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
            id: ID! w: Int @join__field(graph: A) @join__field(graph: B, external: true)
            b: Int @join__field(graph: B) needy: Int @join__field(graph: B, requires: "w")
            priced: Int @join__field(graph: B, contextArguments: [{context: "b__shop", name: "in", type: "String", selection: " { locale }"}])
        }
        type P @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") { id: ID! b: Int @join__field(graph: B) }
        type R @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") { id: ID! b: Int @join__field(graph: B) }"#,
    )
}

const ASKED: &str = "{ o { b needy priced } p { b } r { b } }";

fn named(supergraph: &Loaded, name: &str, names: OperationNames) -> QueryPlan {
    let query = if name.is_empty() { ASKED.to_owned() } else { format!("query {name} {ASKED}") };
    let document = ExecutableDocument::parse_and_validate(&supergraph.api_schema, &query, "operation.graphql").unwrap();
    let decided = Decided { conditions: &|_| None, labels: &LabelSet::default(), deferral: Deferral::Off };
    proved_with_names(supergraph, &document, decided, names).unwrap_or_else(|failure| match failure {
        Failure::None(error) => panic!("{error}"),
        Failure::Unsound(why) => panic!("{why}"),
    })
}

/// All that is sent: fetches, their parts, joint requests.
fn sent(plan: &QueryPlan) -> Vec<(&Option<String>, &str, &BodyStart)> {
    let fetches = plan.fetches.iter().flat_map(|fetch| std::iter::once(fetch).chain(&fetch.apart));
    let fetches = fetches.map(|fetch| (&fetch.operation_name, fetch.document.as_str(), &fetch.body_start));
    let joint = plan.joint.iter().map(|joint| (&joint.operation_name, joint.document.as_str(), &joint.body_start));
    fetches.chain(joint).collect()
}

fn name_of_groups(plan: &QueryPlan) -> Option<String> {
    plan.fetches.iter().find_map(|fetch| match &fetch.kind {
        FetchKind::Entities(entities) => Some(entities.grouped.as_ref()?.operation_name.clone()),
        FetchKind::Root { .. } => None,
    })?
}

#[test]
fn the_full_name_tells_operation_subgraph_and_fetch() {
    let shop = shop();
    let plan = named(&shop, "Cart", OperationNames::Full);
    assert!(!plan.joint.is_empty() && plan.fetches.iter().any(|fetch| !fetch.apart.is_empty()));
    for (number, fetch) in plan.fetches.iter().enumerate() {
        let name = format!("Cart__{}__{number}", shop.subgraph(fetch.subgraph).name);
        for asked in std::iter::once(fetch).chain(&fetch.apart) {
            assert_eq!(asked.operation_name.as_ref(), Some(&name));
        }
    }
    let first = plan.joint[0].members[0].fetch.0;
    assert_eq!(plan.joint[0].operation_name, Some(format!("Cart__b__{first}")));
    assert!(name_of_groups(&plan).unwrap().starts_with("Cart__b__"));
}

#[test]
fn the_clients_name_goes_as_it_is_or_none_at_all() {
    let plan = named(&shop(), "Cart", OperationNames::Client);
    assert!(
        sent(&plan)
            .iter()
            .all(|(name, document, _)| { name.as_deref() == Some("Cart") && document.starts_with("query Cart") })
    );
    assert_eq!(name_of_groups(&plan).as_deref(), Some("Cart"));
    for plan in [named(&shop(), "Cart", OperationNames::None), named(&shop(), "", OperationNames::Full)] {
        assert!(sent(&plan).iter().all(|(name, document, _)| {
            name.is_none() && (document.starts_with("query(") || document.starts_with("query{"))
        }));
        assert_eq!(name_of_groups(&plan), None);
    }
}

#[test]
fn a_name_is_valid_and_short_whatever_it_is_made_of() {
    let long = "x".repeat(1000);
    for (names, client) in
        [(OperationNames::Full, &*long), (OperationNames::Client, &*long), (OperationNames::Full, "_")]
    {
        let mut shop = shop();
        let unnamed = named(&shop, client, OperationNames::None);
        for subgraph in ["9 Ünder/\\ \"shops\"\n", "日本", "", &long] {
            shop.supergraph.subgraphs[1].name = subgraph.to_owned();
            let mut plan = unnamed.clone();
            crate::name_operations(&mut plan, &shop, Some(client), &|_| names);
            for (name, document, _) in sent(&plan) {
                let name = name.as_deref().unwrap();
                assert!(graphql::Name::is_valid_syntax(name) && name.len() <= 128, "{name}");
                assert!(document.starts_with(&format!("query {name}")), "{document}");
            }
        }
    }
}

#[test]
fn what_is_asked_under_other_names_is_the_same_behind_them() {
    let shop = shop();
    let behind = |plan: &QueryPlan| -> Vec<Vec<u8>> {
        sent(plan).iter().map(|(_, _, start)| start.text[start.named..].to_vec()).collect()
    };
    let unnamed = behind(&named(&shop, "", OperationNames::Full));
    for (client, names) in [
        ("Cart", OperationNames::Full),
        ("AnotherCart", OperationNames::Full),
        ("Cart", OperationNames::Client),
        ("Cart", OperationNames::None),
    ] {
        assert_eq!(behind(&named(&shop, client, names)), unnamed);
    }
}
