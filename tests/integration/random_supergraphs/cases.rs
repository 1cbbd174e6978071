//! Cases in `tests/cases`, each a test: what random supergraphs failed at, and what others have published as bugs of
//! theirs. The right answers are the monolith's: `UPDATE=1` writes them, and a world where there is none, made up from `SEED`.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use super::case::{Case, pretty};
use super::check::Both;
use super::populate::populate;

/// Those that answer and are not at work: starting one takes longer than a case.
static IDLE: Mutex<Vec<Both>> = Mutex::new(Vec::new());

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases"))
}

fn check(name: &str) {
    let folder = root().join(name);
    let case = Case::read(&folder, |supergraph, subgraphs| {
        populate(supergraph, subgraphs, super::variable("SEED").unwrap_or(1)).expect("data for it")
    });
    let idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let mut both = idle.unwrap_or_else(Both::start);
    let verdict = both.check_case(&case);
    IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(both);
    let verdict = verdict.unwrap_or_else(|| panic!("{name} doesn't compose, or its operation isn't valid"));
    let data: Value = serde_json::from_str(&verdict.expected.data).expect("JSON");
    let expected = json!({ "data": data, "nulls": paths(&verdict.expected.errors) });
    let file = folder.join("expected.json");
    if super::variable("UPDATE") == Some(1) {
        let world = folder.join("world.json");
        if !world.exists() {
            std::fs::write(world, pretty(&case.world)).expect("written");
        }
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
    deferred_key_under_an_alias: "random/deferred-key-under-an-alias";
    interface_field_of_each_implementation_elsewhere: "random/interface-field-of-each-implementation-elsewhere";
    interface_object_value_under_other_selections: "random/interface-object-value-under-other-selections";
    interface_object_value_of_several_requests: "random/interface-object-value-of-several-requests";
    deferred_types_of_an_interface_object: "random/deferred-types-of-an-interface-object";
    interface_object_requires_for_one_implementation: "random/interface-object-requires-for-one-implementation";
    data_null_because_of_one_item: "random/data-null-because-of-one-item";
    entity_null_because_of_one_field: "random/entity-null-because-of-one-field";
    failed_context_of_the_query: "random/failed-context-of-the-query";
    failed_context_that_nobody_needs: "random/failed-context-that-nobody-needs";
    failed_fetch_of_an_empty_list: "random/failed-fetch-of-an-empty-list";
    failed_field_that_another_subgraph_has: "random/failed-field-that-another-subgraph-has";
    interface_object_under_a_key_of_another_field: "random/interface-object-under-a-key-of-another-field";
    interface_object_value_beside_a_requirement: "random/interface-object-value-beside-a-requirement";
    interface_object_asked_for_any_type_and_for_one: "random/interface-object-asked-for-any-type-and-for-one";
    key_from_two_sharers_of_an_abstract_value: "random/key-from-two-sharers-of-an-abstract-value";
    list_asked_twice_for_what_is_below: "random/list-asked-twice-for-what-is-below";
    parts_of_a_fetch_that_ask_two_types_together: "random/parts-of-a-fetch-that-ask-two-types-together";
    type_that_a_sharing_subgraph_rules_out: "random/type-that-a-sharing-subgraph-rules-out";
    context_for_a_type_that_never_comes: "random/context-for-a-type-that-never-comes";
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
    c10140_second_hop_behind_a_requirement: "published/C10140-second-hop-behind-a-requirement";
    c10148_second_hop_behind_a_requirement_in_a_union: "published/C10148-second-hop-behind-a-requirement-in-a-union";
    c10183_subtree_of_a_requirer_is_not_left_behind: "published/C10183-subtree-of-a-requirer-is-not-left-behind";
    c10217_sibling_fragments_with_other_selections: "published/C10217-sibling-fragments-with-other-selections";
    c6497_keys_from_the_nearest_of_several_calls: "published/C6497-keys-from-the-nearest-of-several-calls";
    c6728_one_type_by_other_keys: "published/C6728-one-type-by-other-keys";
    c7989_whole_path_of_what_is_required: "published/C7989-whole-path-of-what-is-required";
    f1375_node_of_two_subgraphs: "published/F1375-node-of-two-subgraphs";
    f1725_two_requirers_side_by_side: "published/F1725-two-requirers-side-by-side";
    f1750_plans_do_not_leak_into_each_other: "published/F1750-plans-do-not-leak-into-each-other";
    f1866_inaccessible_type_within_what_is_required: "published/F1866-inaccessible-type-within-what-is-required";
    f1903_fragment_on_types_of_another_subgraph: "published/F1903-fragment-on-types-of-another-subgraph";
    f1988_interface_in_federation_1: "published/F1988-interface-in-federation-1";
    f2069_set_that_begins_with_own_fields: "published/F2069-set-that-begins-with-own-fields";
    f2093_deferred_fragment_is_not_lost: "published/F2093-deferred-fragment-is-not-lost";
    f2121_condition_of_a_deferred_fragment: "published/F2121-condition-of-a-deferred-fragment";
    f2125_deferred_fragment_without_anything_of_its_own: "published/F2125-deferred-fragment-without-anything-of-its-own";
    f2126_deferred_fragment_on_an_interface: "published/F2126-deferred-fragment-on-an-interface";
    f2128_type_name_in_a_fragment_keeps_the_order: "published/F2128-type-name-in-a-fragment-keeps-the-order";
    f2129_deferral_survives_a_choice: "published/F2129-deferral-survives-a-choice";
    f2155_types_of_the_subgraph_that_is_asked: "published/F2155-types-of-the-subgraph-that-is-asked";
    f2228_shared_root_of_an_interface: "published/F2228-shared-root-of-an-interface";
    f2281_path_through_fragments: "published/F2281-path-through-fragments";
    f2307_stub_of_a_member_of_a_merged_union: "published/F2307-stub-of-a-member-of-a-merged-union";
    f2312_nested_deferred_fragments: "published/F2312-nested-deferred-fragments";
    f2494_implementation_without_its_interface: "published/F2494-implementation-without-its-interface";
    f2592_covariant_field_in_fragments: "published/F2592-covariant-field-in-fragments";
    f2622_key_behind_the_set_that_it_is_for: "published/F2622-key-behind-the-set-that-it-is-for";
    f2725_fragment_within_a_fragment_of_other_runtime_types: "published/F2725-fragment-within-a-fragment-of-other-runtime-types";
    f2859_null_keys_are_not_sent: "published/F2859-null-keys-are-not-sent";
    f2979_label_moves_an_entity: "published/F2979-label-moves-an-entity";
    f3156_type_name_with_a_condition_alone: "published/F3156-type-name-with-a-condition-alone";
    f3164_type_names_under_conditions: "published/F3164-type-names-under-conditions";
    f3307_key_of_a_requirement_from_who_has_it: "published/F3307-key-of-a-requirement-from-who-has-it";
    f817_interface_expanded_to_what_is_there: "published/F817-interface-expanded-to-what-is-there";
    g1128_root_type_name_beside_fields: "published/G1128-root-type-name-beside-fields";
    g1200_representation_of_its_own_type: "published/G1200-representation-of-its-own-type";
    g1232_merged_fetches_wait_for_both: "published/G1232-merged-fetches-wait-for-both";
    g1252_way_up_past_unusable_parents: "published/G1252-way-up-past-unusable-parents";
    g1265_interface_object_that_implements_an_interface: "published/G1265-interface-object-that-implements-an-interface";
    g1380_set_that_is_provided: "published/G1380-set-that-is-provided";
    g1564_provided_interface_is_not_fetched_again: "published/G1564-provided-interface-is-not-fetched-again";
    h0075_jump_that_needs_the_same_field: "published/H0075-jump-that-needs-the-same-field";
    h1099_key_of_the_type_name_alone: "published/H1099-key-of-the-type-name-alone";
    h1309_types_kept_when_fetches_are_merged: "published/H1309-types-kept-when-fetches-are-merged";
    h579_condition_holds_in_the_first_fetch: "published/H579-condition-holds-in-the-first-fetch";
    h602_conditions_beside_added_type_names: "published/H602-conditions-beside-added-type-names";
    h876_alias_kept_where_members_differ: "published/H876-alias-kept-where-members-differ";
    h880_nulls_within_what_is_required: "published/H880-nulls-within-what-is-required";
    r10153_primary_and_deferred_are_not_one: "published/R10153-primary-and-deferred-are-not-one";
    r10170_deferred_where_the_same_subgraph_has_it: "published/R10170-deferred-where-the-same-subgraph-has-it";
    r1800_root_fragment_is_deferred: "published/R1800-root-fragment-is-deferred";
    r1820_deferred_unless_null: "published/R1820-deferred-unless-null";
    r3172_fragments_of_interfaces_within_a_union: "published/R3172-fragments-of-interfaces-within-a-union";
    r3227_impossible_type_within_a_covariant_field: "published/R3227-impossible-type-within-a-covariant-field";
    r6004_entity_within_what_is_required: "published/R6004-entity-within-what-is-required";
    r6196_skipped_requirer_with_arguments: "published/R6196-skipped-requirer-with-arguments";
    r6911_deferred_below_an_entity_below_a_list: "published/R6911-deferred-below-an-entity-below-a-list";
    r7580_deferred_fragment_on_a_renamed_root: "published/R7580-deferred-fragment-on-a-renamed-root";
    r7581_labelled_fields_of_one_implementation: "published/R7581-labelled-fields-of-one-implementation";
    r7730_interface_entities_over_five_subgraphs: "published/R7730-interface-entities-over-five-subgraphs";
    r7929_label_on_an_implementation: "published/R7929-label-on-an-implementation";
    r8016_key_of_a_requirement_below_a_value: "published/R8016-key-of-a-requirement-below-a-value";
    r8352_shared_mutation_then_a_key: "published/R8352-shared-mutation-then-a-key";
    r8385_unresolvable_entity_with_what_is_required: "published/R8385-unresolvable-entity-with-what-is-required";
    h0079_sets_that_begin_with_the_same_field: "published/H0079-sets-that-begin-with-the-same-field";
    l_alias_called_typename: "published/L-alias-called-typename";
    l_fewest_subgraphs_for_fields_of_two_each: "published/L-fewest-subgraphs-for-fields-of-two-each";
    l_list_under_another_alias_of_what_is_required: "published/L-list-under-another-alias-of-what-is-required";
    l_root_entered_again: "published/L-root-entered-again";
    l_variable_called_representations: "published/L-variable-called-representations";
    r9542_two_interface_objects_of_one_subgraph: "published/R9542-two-interface-objects-of-one-subgraph";
    l_mutation_does_not_wait_for_what_is_deferred: "published/L-mutation-does-not-wait-for-what-is-deferred";
    aliases_like_the_planner_s_own: "crafted/aliases-like-the-planner-s-own";
    aliases_that_swap_key_and_requirement: "crafted/aliases-that-swap-key-and-requirement";
    deferred_aliases_that_differ_from_the_first_part: "crafted/deferred-aliases-that-differ-from-the-first-part";
    deferred_beside_and_below_requirements: "crafted/deferred-beside-and-below-requirements";
    input_objects_with_variables_inside: "crafted/input-objects-with-variables-inside";
    interface_object_back_and_forth: "crafted/interface-object-back-and-forth";
    interface_object_by_interface_fragments: "crafted/interface-object-by-interface-fragments";
    interface_object_deferred: "crafted/interface-object-deferred";
    interface_object_in_unions_and_lists_of_lists: "crafted/interface-object-in-unions-and-lists-of-lists";
    interface_object_requires_beside_concrete_requires: "crafted/interface-object-requires-beside-concrete-requires";
    interface_object_with_aliases_of_keys: "crafted/interface-object-with-aliases-of-keys";
    key_and_requirement_below_one_field: "crafted/key-and-requirement-below-one-field";
    keys_of_objects_and_lists: "crafted/keys-of-objects-and-lists";
    lists_of_lists_with_nulls: "crafted/lists-of-lists-with-nulls";
    mutation_with_everything_behind_it: "crafted/mutation-with-everything-behind-it";
    one_argument_in_many_places: "crafted/one-argument-in-many-places";
    provided_aliased_and_required: "crafted/provided-aliased-and-required";
    provided_and_deferred: "crafted/provided-and-deferred";
    requirements_of_different_objects_below_one_field: "crafted/requirements-of-different-objects-below-one-field";
    root_entered_again_at_depth: "crafted/root-entered-again-at-depth";
    root_entered_again_behind_a_mutation: "crafted/root-entered-again-behind-a-mutation";
    scalars_and_enums_as_keys_and_requirements: "crafted/scalars-and-enums-as-keys-and-requirements";
    type_name_under_the_key_s_name: "crafted/type-name-under-the-key-s-name";
    f2886_type_name_of_an_interface_object_in_a_named_fragment: "published/F2886-type-name-of-an-interface-object-in-a-named-fragment";
    f2952_fragment_and_field_with_other_arguments: "published/F2952-fragment-and-field-with-other-arguments";
    f2993_fragments_that_are_not_equal: "published/F2993-fragments-that-are-not-equal";
    faults_behind_requirements_and_lists: "crafted/faults-behind-requirements-and-lists";
    labels_beside_requirements_and_interfaces: "crafted/labels-beside-requirements-and-interfaces";
    covariant_shared_fields: "crafted/covariant-shared-fields";
    federation_1_with_everything: "crafted/federation-1-with-everything";
    fields_that_only_later_subgraphs_type_as_non_null: "crafted/fields-that-only-later-subgraphs-type-as-non-null";
    hidden_types_and_values_in_lists: "crafted/hidden-types-and-values-in-lists";
    interface_object_s_fields_required_by_an_implementation: "crafted/interface-object-s-fields-required-by-an-implementation";
    interface_object_that_provides: "crafted/interface-object-that-provides";
    one_entity_in_many_places: "crafted/one-entity-in-many-places";
    planner_s_names_as_real_fields: "crafted/planner-s-names-as-real-fields";
    shared_root_lists_with_arguments: "crafted/shared-root-lists-with-arguments";
    interfaces_of_interfaces_that_differ: "crafted/interfaces-of-interfaces-that-differ";
    key_behind_a_requirement: "crafted/key-behind-a-requirement";
    many_mutations_with_shared_payloads: "crafted/many-mutations-with-shared-payloads";
    provided_here_and_not_there: "crafted/provided-here-and-not-there";
    requirements_through_interface_objects: "crafted/requirements-through-interface-objects";
    taken_over_keys_and_provided_fields: "crafted/taken-over-keys-and-provided-fields";
    lists_of_values_from_two_subgraphs: "crafted/lists-of-values-from-two-subgraphs";
    interface_object_requires_of_each_type: "crafted/interface-object-requires-of-each-type";
    type_name_of_a_renamed_root: "crafted/type-name-of-a-renamed-root";
    f3140_context_given_by_another_subgraph: "published/F3140-context-given-by-another-subgraph";
    f3155_context_names_of_two_subgraphs: "published/F3155-context-names-of-two-subgraphs";
    r5097_context_below_a_list: "published/R5097-context-below-a-list";
    r8449_groups_are_merged_back: "published/R8449-groups-are-merged-back";
    contexts_a_value_that_fails: "contexts/a-value-that-fails";
    contexts_below_a_mutation: "contexts/below-a-mutation";
    contexts_beside_requirements_and_keys_of_others: "contexts/beside-requirements-and-keys-of-others";
    contexts_client_names_collide: "contexts/client-names-collide";
    contexts_nearest_of_several: "contexts/nearest-of-several";
    contexts_set_by_an_interface: "contexts/set-by-an-interface";
    contexts_set_by_the_query: "contexts/set-by-the-query";
    contexts_some_members_of_a_union_set_it: "contexts/some-members-of-a-union-set-it";
    contexts_values_of_every_kind: "contexts/values-of-every-kind";
    contexts_a_non_null_value_that_fails: "contexts/a-non-null-value-that-fails";
    contexts_conditions_around: "contexts/conditions-around";
    contexts_deferred: "contexts/deferred";
    contexts_more_values_than_one_request_takes: "contexts/more-values-than-one-request-takes";
    contexts_read_by_an_interface_object: "contexts/read-by-an-interface-object";
    contexts_read_by_what_others_require: "contexts/read-by-what-others-require";
    contexts_several_of_one_field: "contexts/several-of-one-field";
}

/// The folders of all cases.
pub fn folders() -> Vec<PathBuf> {
    CASES.iter().map(|name| root().join(name)).collect()
}

#[test]
fn names_every_folder() {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(root()).expect("tests/cases") {
        let path = entry.expect("a folder").path();
        let inner: Vec<PathBuf> =
            std::fs::read_dir(&path).into_iter().flatten().map(|entry| entry.expect("a folder").path()).collect();
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
