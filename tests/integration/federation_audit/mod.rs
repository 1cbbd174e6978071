//! The federation audit, end to end and in one process: subgraphs made of data, composed, planned, executed.
//!
//! Every suite is a test of its own, once on the supergraph that we compose of its subgraphs and once on the reference
//! supergraph beside them. The suites are described in `tests/fixtures/federation-cases/README.md`.

mod faults;
mod run;
mod suite;

use suite::{Source, Suite};

/// Cases in which a subgraph gives an inaccessible value or an object of an inaccessible type: the suite, the case and
/// the name that nobody may learn.
const HIDDEN: &[(&str, usize, &str)] = &[
    ("enum-intersection", 2, "ANONYMOUS"),
    ("requires-with-fragments", 0, "Baz"),
    ("requires-with-fragments", 4, "Baz"),
    ("simple-inaccessible", 3, "FAMILY"),
];

/// Each suite with the number of its cases.
macro_rules! suites {
    ($($test:ident: $folder:literal, $cases:literal;)*) => {
        const SUITES: &[(&str, usize)] = &[$(($folder, $cases)),*];

        mod composed {
            $(#[tokio::test]
            async fn $test() {
                super::check($folder, $cases, super::Source::Composed).await;
            })*
        }

        mod reference {
            $(#[tokio::test]
            async fn $test() {
                super::check($folder, $cases, super::Source::Reference).await;
            })*
        }
    };
}

suites! {
    abstract_types: "abstract-types", 18;
    child_type_mismatch: "child-type-mismatch", 4;
    circular_reference_interface: "circular-reference-interface", 2;
    complex_entity_call: "complex-entity-call", 1;
    corrupted_supergraph_node_id: "corrupted-supergraph-node-id", 10;
    enum_intersection: "enum-intersection", 5;
    fed1_external_extends: "fed1-external-extends", 4;
    fed1_external_extends_resolvable: "fed1-external-extends-resolvable", 1;
    fed1_external_extension: "fed1-external-extension", 4;
    fed2_external_extends: "fed2-external-extends", 4;
    fed2_external_extension: "fed2-external-extension", 4;
    include_skip: "include-skip", 4;
    input_object_intersection: "input-object-intersection", 3;
    interface_object_indirect_extension: "interface-object-indirect-extension", 1;
    interface_object_with_requires: "interface-object-with-requires", 7;
    keys_mashup: "keys-mashup", 1;
    mutations: "mutations", 4;
    mysterious_external: "mysterious-external", 2;
    nested_provides: "nested-provides", 2;
    node: "node", 1;
    non_resolvable_interface_object: "non-resolvable-interface-object", 7;
    null_keys: "null-keys", 1;
    override_type_interface: "override-type-interface", 4;
    override_with_requires: "override-with-requires", 4;
    parent_entity_call: "parent-entity-call", 1;
    parent_entity_call_complex: "parent-entity-call-complex", 1;
    partial_union: "partial-union", 2;
    partial_union_complex: "partial-union-complex", 5;
    provides_on_interface: "provides-on-interface", 2;
    provides_on_union: "provides-on-union", 2;
    requires_circular: "requires-circular", 2;
    requires_interface: "requires-interface", 5;
    requires_requires: "requires-requires", 5;
    requires_with_argument: "requires-with-argument", 5;
    requires_with_argument_conflict: "requires-with-argument-conflict", 1;
    requires_with_fragments: "requires-with-fragments", 6;
    shared_root: "shared-root", 2;
    simple_entity_call: "simple-entity-call", 1;
    simple_inaccessible: "simple-inaccessible", 4;
    simple_interface_object: "simple-interface-object", 13;
    simple_override: "simple-override", 2;
    simple_requires_provides: "simple-requires-provides", 12;
    typename: "typename", 6;
    unavailable_override: "unavailable-override", 2;
    union_interface_distributed: "union-interface-distributed", 10;
    union_intersection: "union-intersection", 12;
}

/// Runs all cases of a suite; tells of each that fails.
async fn check(folder: &str, cases: usize, source: Source) {
    let suite = Suite::read(folder, source);
    assert_eq!(suite.cases.len(), cases);
    let mut wrong = Vec::new();
    for (index, case) in suite.cases.iter().enumerate() {
        let hidden = HIDDEN.iter().find(|(hidden, at, _)| (*hidden, *at) == (folder, index)).map(|(_, _, name)| *name);
        if let Err(why) = run::run(&suite, case, hidden).await {
            wrong.push(format!("{folder}#{index} {}\n{why}", case.query));
        }
    }
    assert!(wrong.is_empty(), "{} of {cases} wrong:\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn names_every_suite_and_counts_every_case() {
    let mut folders = suite::folders();
    folders.sort();
    let named: Vec<&str> = SUITES.iter().map(|(folder, _)| *folder).collect();
    assert_eq!(folders, named);
    assert_eq!(SUITES.iter().map(|(_, cases)| cases).sum::<usize>(), 199);
}
