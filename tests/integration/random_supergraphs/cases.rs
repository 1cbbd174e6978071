//! Cases in `tests/cases`, each a test: what random supergraphs failed at, and what others have published as bugs of
//! theirs. The right answers are the monolith's: `UPDATE=1` writes them, and a world where there is none.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::case::{Case, pretty};
use super::check::Both;
use super::populate::populate;

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases"))
}

fn check(name: &str) {
    let folder = root().join(name);
    let case = Case::read(&folder, |supergraph| populate(supergraph, 1).expect("data for it"));
    let mut both = Both::start();
    let verdict = both.check_case(&case);
    let verdict = verdict.unwrap_or_else(|| panic!("{name} doesn't compose, or its operation isn't valid"));
    let data: Value = serde_json::from_str(&verdict.expected.data).expect("JSON");
    let expected = json!({ "data": data, "nulls": paths(&verdict.expected.errors) });
    let file = folder.join("expected.json");
    if super::variable("UPDATE") == Some(1) {
        case.write(&folder);
        std::fs::write(&file, pretty(&expected)).expect("written");
    }
    assert!(verdict.wrong.is_empty(), "{name}: {}", verdict.wrong.join("\n"));
    let stored = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
    let stored: Value = serde_json::from_str(&stored).expect("JSON");
    assert_eq!(expected, stored, "{name}: the monolith answers otherwise");
    let body: Value = serde_json::from_str(&verdict.body).expect("JSON");
    assert_eq!(body["data"], stored["data"], "{name}");
}

fn paths(errors: &[Value]) -> Vec<Value> {
    errors.iter().map(|error| error["path"].clone()).collect()
}

/// Each folder is a test, and is named here.
macro_rules! cases {
    ($($test:ident: $folder:literal;)*) => {
        const CASES: &[&str] = &[$($folder),*];

        $(#[test]
        fn $test() {
            check($folder);
        })*
    };
}

cases! {
    f3036_alias_equals_key: "published/F3036-alias-equals-key";
    f3036_alias_equals_key_in_fragment: "published/F3036-alias-equals-key-in-fragment";
    f2713_skipped_and_kept_under_one_key: "published/F2713-skipped-and-kept-under-one-key";
    g1604_alias_of_required_field: "published/G1604-alias-of-required-field";
    f3317_conditional_requirer: "published/F3317-conditional-requirer";
    f1257_nullability_on_expansion: "published/F1257-nullability-on-expansion";
    h870_one_alias_for_two_types: "published/H870-one-alias-for-two-types";
    g1575_members_differ_in_nullability: "published/G1575-members-differ-in-nullability";
    g1566_requires_with_other_arguments: "published/G1566-requires-with-other-arguments";
    g1566_requires_with_two_arguments: "published/G1566-requires-with-two-arguments";
    h1168_key_shared_by_disjoint_fragments: "published/H1168-key-shared-by-disjoint-fragments";
    as3848_two_sets_under_one_path: "published/AS3848-two-sets-under-one-path";
    f1780_requires_over_three_subgraphs: "published/F1780-requires-over-three-subgraphs";
    f2575_set_depends_on_itself: "published/F2575-set-depends-on-itself";
    f3113_nested_entity_in_requires: "published/F3113-nested-entity-in-requires";
    f2726_sequence_not_parallel: "published/F2726-sequence-not-parallel";
    f2299_field_of_the_same_subgraph_behind_a_requirement: "published/F2299-field-of-the-same-subgraph-behind-a-requirement";
    h1070_reentry_asks_the_type: "published/H1070-reentry-asks-the-type";
    h1308_requires_through_an_entity_interface: "published/H1308-requires-through-an-entity-interface";
    g1295_requires_an_interface_without_fragments: "published/G1295-requires-an-interface-without-fragments";
    g1551_compound_key_from_a_third_subgraph: "published/G1551-compound-key-from-a-third-subgraph";
    g830_root_typename: "published/G830-root-typename";
    r1099_root_typename_in_fragments: "published/R1099-root-typename-in-fragments";
    g1230_empty_selection: "published/G1230-empty-selection";
    f2346_interface_object_rewrites_type_names: "published/F2346-interface-object-rewrites-type-names";
    f2366_interface_object_asks_type_names: "published/F2366-interface-object-asks-type-names";
    f2524_interface_object_entities_type: "published/F2524-interface-object-entities-type";
    f2775_fetch_that_learns_types_is_kept: "published/F2775-fetch-that-learns-types-is-kept";
    f2778_known_type_is_not_downgraded: "published/F2778-known-type-is-not-downgraded";
    r8109_type_name_of_an_interface_object_alone: "published/R8109-type-name-of-an-interface-object-alone";
    f2898_interface_object_within_fragments: "published/F2898-interface-object-within-fragments";
    f2362_interface_object_of_one_implementation: "published/F2362-interface-object-of-one-implementation";
    h1098_partial_union: "published/H1098-partial-union";
    h1100_union_list: "published/H1100-union-list";
    f2949_below_two_unions: "published/F2949-below-two-unions";
    h0052_second_fragment_of_a_type: "published/H0052-second-fragment-of-a-type";
    f2467_no_common_supertype: "published/F2467-no-common-supertype";
    f2246_interface_field_is_expanded: "published/F2246-interface-field-is-expanded";
    r4896_field_absent_from_the_interface_there: "published/R4896-field-absent-from-the-interface-there";
    gw2463_named_fragment_on_a_union: "published/GW2463-named-fragment-on-a-union";
    f2596_fragment_with_a_condition: "published/F2596-fragment-with-a-condition";
    f2836_union_with_include: "published/F2836-union-with-include";
    f2594_covariant_field: "published/F2594-covariant-field";
    h1455_type_name_in_provides: "published/H1455-type-name-in-provides";
    g1552_provided_abstract_field: "published/G1552-provided-abstract-field";
    f3119_variable_in_a_fragment: "published/F3119-variable-in-a-fragment";
    r5688_variable_used_in_one_fetch_alone: "published/R5688-variable-used-in-one-fetch-alone";
    h949_guard_leaks_to_its_sibling: "published/H949-guard-leaks-to-its-sibling";
    f3304_shared_mutation: "published/F3304-shared-mutation";
    h0077_mutations_in_order: "published/H0077-mutations-in-order";
    f2239_shared_root: "published/F2239-shared-root";
    f2935_many_implementations: "published/F2935-many-implementations";
}

#[test]
fn names_every_folder() {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(root()).expect("tests/cases") {
        let path = entry.expect("a folder").path();
        let inner = if path.join("subgraphs").is_dir() {
            vec![path]
        } else {
            std::fs::read_dir(&path).into_iter().flatten().map(|entry| entry.expect("a folder").path()).collect()
        };
        folders.extend(
            inner
                .iter()
                .filter(|path| path.is_dir())
                .map(|path| path.strip_prefix(root()).expect("within").to_string_lossy().into_owned()),
        );
    }
    folders.sort();
    let mut named = CASES.to_vec();
    named.sort_unstable();
    assert_eq!(folders, named);
}
