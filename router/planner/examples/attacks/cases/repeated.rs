//! The same asked again and again.

use super::{each, supergraph, two, types_of};

pub fn doubled_fragments() -> (String, String) {
    let fragments = each(30, |n| format!(" fragment F{n} on O {{ a {{ ...F{0} }} b {{ ...F{0} }} }}", n + 1));
    (two(), format!("{{ o {{ ...F0 }} }}{fragments} fragment F30 on O {{ x }}"))
}

/// As many positions as may be, each a choice of its own.
pub fn doubled_aliases() -> (String, String) {
    let fragments = each(13, |n| format!(" fragment F{n} on O {{ a {{ ...F{0} }} b {{ ...F{0} }} }}", n + 1));
    (two(), format!("{{ o {{ ...F0 }} }}{fragments} fragment F13 on O {{ x }}"))
}

pub fn aliases(root: &str, below: &str) -> (String, String) {
    let types = r#"
        type Query @join__type(graph: S0) @join__type(graph: S1) @join__type(graph: S2) {
            e: M0 @join__field(graph: S0) u: U @join__field(graph: S0) @join__field(graph: S1)
        }
        union U @join__type(graph: S0) @join__type(graph: S1)
            @join__unionMember(graph: S0, member: "M0") @join__unionMember(graph: S1, member: "M0")
            @join__unionMember(graph: S0, member: "M1") @join__unionMember(graph: S1, member: "M2") = M0 | M1 | M2
        type M0 @join__type(graph: S0, key: "id") @join__type(graph: S1, key: "id") @join__type(graph: S2, key: "id") {
            id: ID! @join__field(graph: S0) @join__field(graph: S1) @join__field(graph: S2) own: Int @join__field(graph: S2)
        }
        type M1 @join__type(graph: S0) { x: Int }
        type M2 @join__type(graph: S1) { x: Int }"#;
    let query = each(10_000, |number| format!(" a{number}: {root} {{ {below} }}"));
    (supergraph(3, types), format!("{{{query} }}"))
}

pub fn deferred() -> (String, String) {
    let fragments = each(64, |number| {
        let fields =
            each(
                60,
                |field| if number >> (field % 6) & 1 == 1 { format!(" a{field}: b {{ x }}") } else { String::new() },
            );
        format!(" ...on O @defer(label: \"d{number}\") {{ x{fields} }}")
    });
    (two(), format!("{{ o {{ id{fragments} }} }}"))
}

pub fn mutation() -> (String, String) {
    let types = format!(
        "type Query{0} {{ o: O @join__field(graph: S0) }} type Mutation{0} {{ m: O @join__field(graph: S0) n: O @join__field(graph: S1) }} \
         type O{1} {{ id: ID! a: Int @join__field(graph: S0) b: Int @join__field(graph: S1) }}",
        types_of(2, ""),
        types_of(2, "id")
    );
    let query = each(1_000, |number| format!(" a{number}: {} {{ a b }}", if number % 2 == 0 { "m" } else { "n" }));
    (supergraph(2, &types), format!("mutation {{{query} }}"))
}
