//! What fields require: read without a trace in what the client sees.

use super::small::supergraph;
use super::{fixtures, load, plan, read};
use crate::PlanError;
use crate::plan::{Fetch, FetchKind};

#[test]
fn reads_what_may_be_null_apart_from_the_clients_own_selection() {
    let supergraph = supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) { o: O @join__field(graph: A) }
        type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
            id: ID!
            part: P @join__field(graph: A) @join__field(graph: B, external: true)
            sure: Int @join__field(graph: B, requires: "part { sure }")
            perhaps: Int @join__field(graph: B, requires: "part { perhaps }")
        }
        type P @join__type(graph: A) @join__type(graph: B) { sure: Int! perhaps: Int size: Int }"#,
    );
    let text = |query: &str| crate::print(&plan(&supergraph, query).unwrap(), &supergraph);
    // A null of `sure` takes its object away: not the client's.
    let apart = text("{ o { part { size } sure } }");
    assert!(apart.contains("{o{part{size} _part_0:part{sure} id}}"), "{apart}");
    assert!(apart.contains("part=_part_0{sure}"), "{apart}");
    // Nothing happens to the client's object, or it happens anyway.
    let shared = text("{ o { part { size } perhaps } }");
    assert!(shared.contains("{o{part{perhaps size} id}}"), "{shared}");
    let shared = text("{ o { part { mine: sure } sure } }");
    assert!(shared.contains("{o{part{mine:sure} id}}"), "{shared}");
}

#[test]
fn reads_a_key_and_a_requirement_below_one_field_from_the_same_objects() {
    let supergraph = supergraph(
        &["a", "b"],
        r#"
        type Query @join__type(graph: A) @join__type(graph: B) { o: O @join__field(graph: A) }
        type O @join__type(graph: A, key: "part { id }") @join__type(graph: B, key: "part { id }") {
            part: P @join__field(graph: A) @join__field(graph: B, external: true)
            sure: Int @join__field(graph: B, requires: "part { sure }")
            plain: Int @join__field(graph: B)
        }
        type P @join__type(graph: A) @join__type(graph: B) { id: ID! sure: Int! size: Int }"#,
    );
    let text = |query: &str| crate::print(&plan(&supergraph, query).unwrap(), &supergraph);
    let apart = text("{ o { part { size } sure } }");
    assert!(apart.contains("{o{part{size} _part_0:part{sure id}}}"), "{apart}");
    assert!(apart.contains("part=_part_0{id sure}"), "{apart}");
    // What the client selects anyway is read there.
    let shared = text("{ o { part { sure } sure } }");
    assert!(shared.contains("{o{part{sure id}}}"), "{shared}");
    for query in
        ["{ o { part { size } sure plain } }", "{ o { plain sure part { size } } }", "{ o { part: plain sure } }"]
    {
        plan(&supergraph, query).unwrap();
    }
}

/// `sure` requires what is never null, and each `f<n>` what may be, all below one field.
fn below_one_field(fields: usize) -> super::Loaded {
    let list = |text: &dyn Fn(usize) -> String| (0..fields).map(text).collect::<String>();
    let required = list(&|n| format!(" f{n}: Int @join__field(graph: B, requires: \"part {{ p{n} }}\")"));
    let parts = list(&|n| format!(" p{n}: Int"));
    supergraph(
        &["a", "b"],
        &format!(
            r#"type Query @join__type(graph: A) @join__type(graph: B) {{ o: O @join__field(graph: A) }}
            type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {{
                id: ID!
                part: P @join__field(graph: A) @join__field(graph: B, external: true)
                sure: Int @join__field(graph: B, requires: "part {{ sure }}"){required}
            }}
            type P @join__type(graph: A) @join__type(graph: B) {{ sure: Int! size: Int{parts} }}"#
        ),
    )
}

#[test]
fn asks_apart_what_requires_different_objects_below_one_field() {
    for fields in [1, 8] {
        let supergraph = below_one_field(fields);
        let asked: String = (0..fields).map(|n| format!(" f{n}")).collect();
        let plan = plan(&supergraph, &format!("{{ o {{ part {{ size }}{asked} sure }} }}")).unwrap();
        let text = crate::print(&plan, &supergraph);
        // Two lists of entities, one request.
        assert_eq!((plan.fetches.len(), plan.requests(), plan.steps()), (3, 2, 2), "{text}");
        assert!(text.contains("part=_part_0{sure}") && text.contains("part{p0"), "{text}");
    }
}

#[test]
fn never_asks_for_an_interface_where_nothing_implements_it() {
    let suite = fixtures().join("federation-cases/non-resolvable-interface-object");
    let supergraph = load(&read(&suite.join("supergraph.graphql")));
    let refused = plan(&supergraph, "{ b { __typename } }").unwrap_err();
    assert_eq!(refused, PlanError::Unreachable { coordinate: "Node.__typename".to_owned() });
}

#[test]
fn asks_fields_apart_where_one_lacks_what_it_requires() {
    let suite = fixtures().join("federation-cases/requires-with-argument-conflict");
    let supergraph = load(&read(&suite.join("supergraph.graphql")));
    let plan = plan(&supergraph, "{ products { upc shippingEstimateEUR isExpensiveCategory } }").unwrap();
    let asked = |fetch: &Fetch| {
        let FetchKind::Entities(entities) = &fetch.kind else { panic!("entities") };
        let members = entities.representations.iter().flat_map(|representation| &representation.members);
        let outputs = fetch.output.fields.iter().map(|field| field.response_key.clone());
        (outputs.collect::<Vec<_>>(), members.map(|member| member.name.clone()).collect::<Vec<_>>())
    };
    let [_, both] = plan.fetches.as_slice() else { panic!("{}", crate::print(&plan, &supergraph)) };
    assert_eq!(asked(both).1, ["upc", "weight", "price", "category"]);
    let mut parts: Vec<_> = both.apart.iter().map(asked).collect();
    parts.sort();
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        parts,
        [
            (names(&["isExpensiveCategory"]), names(&["upc", "category"])),
            (names(&["shippingEstimateEUR"]), names(&["upc", "weight", "price"])),
        ]
    );
    assert!(both.apart.iter().all(|part| part.after == both.after && part.apart.is_empty()));
}

/// `f<n>` requires the one before, which the other subgraph has; `f0` requires the last.
fn circle(length: usize) -> super::Loaded {
    let fields: String = (0..length)
        .map(|number| {
            let (own, other) = if number % 2 == 0 { ("A", "B") } else { ("B", "A") };
            let before = (number + length - 1) % length;
            format!(" f{number}: Int @join__field(graph: {own}, requires: \"f{before}\") @join__field(graph: {other}, external: true)")
        })
        .collect();
    supergraph(
        &["a", "b"],
        &format!(
            r#"type Query @join__type(graph: A) @join__type(graph: B) {{ o: O @join__field(graph: A) }}
            type O @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {{ id: ID!{fields} }}"#
        ),
    )
}

#[test]
fn refuses_requirements_that_go_in_a_circle() {
    for length in [2, 4, 1_000] {
        let refused = plan(&circle(length), "{ o { f1 } }").unwrap_err();
        assert!(matches!(refused, PlanError::Unreachable { .. }), "{length}: {refused}");
    }
}
