//! Many subgraphs that have the same.

use super::{Attack, each, supergraph, types_of};

/// Value types whose fields all subgraphs have, and one field of each subgraph's own.
pub fn shared(subgraphs: usize, depth: usize) -> (String, String) {
    let all = types_of(subgraphs, "");
    let types = each(depth, |level| {
        let own = each(subgraphs, |graph| format!(" own{graph}: Int @join__field(graph: S{graph})"));
        format!(" type V{level}{all} {{ a: V{0} b: V{0} x: Int{own} }}", level + 1)
    });
    let types = format!("type Query{all} {{ v: V0 }}{types} type V{depth}{all} {{ x: Int }}");
    let query = (0..depth).rev().fold("{ x }".to_owned(), |below, level| {
        format!("{{ a {below} b {{ x }} x own{} own{} }}", level % subgraphs, (level + 3) % subgraphs)
    });
    (supergraph(subgraphs, &types), format!("{{ v {query} }}"))
}

/// The same with as many positions as may be.
pub fn shared_wide() -> (String, String) {
    let (supergraph, _) = shared(10, 12);
    let fragments = each(11, |n| {
        format!(
            " fragment F{n} on V{n} {{ a {{ ...F{0} }} b {{ ...F{0} }} x own{1} own{2} }}",
            n + 1,
            n % 10,
            (n + 3) % 10
        )
    });
    (supergraph, format!("{{ v {{ ...F0 }} }}{fragments} fragment F11 on V11 {{ x }}"))
}

/// Entities of many types, each field of which all but one subgraph have: no two places are alike.
pub fn choices(subgraphs: usize) -> (String, String) {
    let all = types_of(subgraphs + 1, "id");
    let types = each(300, |number| {
        let fields = each(20, |field| {
            let joins = each(subgraphs, |graph| {
                if (number + field) % subgraphs == graph {
                    String::new()
                } else {
                    format!(" @join__field(graph: S{})", graph + 1)
                }
            });
            format!(" f{field}: Int{joins}")
        });
        format!(" type T{number}{all} {{ id: ID!{fields} }}")
    });
    let roots = each(300, |number| format!(" t{number}: T{number} @join__field(graph: S0)"));
    let types = format!("type Query{} {{{roots} }}{types}", types_of(subgraphs + 1, ""));
    let query = each(300, |number| format!(" t{number} {{{} }}", each(20, |field| format!(" f{field}"))));
    (supergraph(subgraphs + 1, &types), format!("{{{query} }}"))
}

/// 64 labels, each of which moves a field.
pub fn labels() -> Attack {
    let fields = each(64, |number| {
        format!(
            " f{number}: Int @join__field(graph: S1) @join__field(graph: S2, override: \"s1\", overrideLabel: \"percent({number})\")"
        )
    });
    let types = format!(
        "type Query{} {{ o: O @join__field(graph: S0) }} type O{} {{ id: ID!{fields} }}",
        types_of(3, ""),
        types_of(3, "id")
    );
    let query = each(300, |alias| format!(" a{alias}: o {{{} }}", each(64, |number| format!(" f{number}"))));
    Attack {
        name: "64 labels of progressive overrides",
        supergraph: supergraph(3, &types),
        query: format!("{{{query} }}"),
        labels: (0..64).step_by(2).map(|number| format!("percent({number})")).collect(),
    }
}
