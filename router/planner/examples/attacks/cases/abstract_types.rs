//! Abstract types of many object types.

use super::{each, supergraph, types_of};

/// 500 entities, each with fields in ten of 50 subgraphs.
fn member_types() -> String {
    let all = each(50, |graph| {
        format!(
            " @join__type(graph: S{graph}){}",
            each(500, |m| format!(" @join__unionMember(graph: S{graph}, member: \"M{m}\")"))
        )
    });
    let names: Vec<String> = (0..500).map(|member| format!("M{member}")).collect();
    let members = each(500, |member| {
        let fields = each(10, |field| format!(" f{field}: U @join__field(graph: S{})", (member + field * 7) % 50));
        format!(" type M{member}{} {{ id: ID!{fields} }}", types_of(50, "id"))
    });
    let types = format!("type Query{} {{ u: U @join__field(graph: S0) }}", types_of(50, ""));
    supergraph(50, &format!("{types} union U{all} = {} {members}", names.join(" | ")))
}

pub fn members() -> (String, String) {
    let query =
        each(500, |member| format!(" ...on M{member} {{{} }}", each(9, |field| format!(" f{field} {{ __typename }}"))));
    (member_types(), format!("{{ u {{{query} }} }}"))
}

/// Each member's fragment asks the next member's below each of its fields.
pub fn nested_members() -> (String, String) {
    let fragments = each(12, |n| {
        let below = each(2, |field| format!(" f{field} {{ ...F{} }}", n + 1));
        format!(
            " fragment F{n} on U {{{} }}",
            each(500, |member| if member % 40 == n { format!(" ...on M{member} {{{below} }}") } else { String::new() })
        )
    });
    (member_types(), format!("{{ u {{ ...F0 }} }}{fragments} fragment F12 on U {{ __typename }}"))
}

/// Fragments on 70 types, each with the next fragment below its field.
pub fn many_types() -> (String, String) {
    let types = each(70, |n| {
        format!(
            " type T{n} implements I{} @join__implements(graph: S0, interface: \"I\") {{ id: ID! next: I @join__field(graph: S0) a{n}: Int @join__field(graph: S{}) }}",
            types_of(10, "id"),
            n % 10
        )
    });
    let interface = "interface I @join__type(graph: S0) { next: I }";
    let query = each(30, |level| {
        let all = each(70, |n| format!(" ...on T{n} {{ a{n} next {{ ...F{} }} }}", level + 1));
        format!(" fragment F{level} on I {{{all} }}")
    });
    let types = format!("type Query @join__type(graph: S0) {{ i: I }} {interface} {types}");
    (supergraph(10, &types), format!("{{ i {{ ...F0 }} }}{query} fragment F30 on I {{ __typename }}"))
}

pub fn interface_object() -> (String, String) {
    let members = each(200, |member| {
        format!(
            " type M{member} implements I @join__implements(graph: S0, interface: \"I\") @join__type(graph: S0, key: \"id\") \
             {{ id: ID! own: Int n: Int @join__field i: I @join__field }}"
        )
    });
    let types = format!(
        "type Query{} {{ i: [I] @join__field(graph: S1) }} \
         interface I @join__type(graph: S0, key: \"id\") @join__type(graph: S1, key: \"id\", isInterfaceObject: true) \
         @join__type(graph: S2, key: \"id\", isInterfaceObject: true) {{ id: ID! n: Int @join__field(graph: S2) i: I @join__field(graph: S1) }}{members}",
        types_of(3, "")
    );
    let all = each(200, |member| format!(" ...on M{member} {{ own n }}"));
    let query =
        (0..20).fold(format!("{{ n{all} }}"), |below, level| format!("{{ n i{level}: i {{ id{all} }} i {below} }}"));
    (supergraph(3, &types), format!("{{ i {query} }}"))
}
