//! What has to be asked one after the other.

use super::{each, supergraph, two, types_of};

pub fn deep() -> (String, String) {
    let query = (0..97)
        .rev()
        .fold("{ x }".to_owned(), |below, level| format!("{{ {} {below} }}", if level % 2 == 0 { "b" } else { "a" }));
    (two(), format!("{{ o {query} }}"))
}

pub fn requirements(length: usize) -> (String, String) {
    let fields = each(length, |number| {
        let requires = if number == 0 { String::new() } else { format!(", requires: \"f{}\"", number - 1) };
        format!(
            " f{number}: Int @join__field(graph: S{}{requires}) @join__field(graph: S{}, external: true)",
            number % 2,
            (number + 1) % 2
        )
    });
    let types = format!(
        "type Query{} {{ o: O @join__field(graph: S0) }} type O{} {{ id: ID!{fields} }}",
        types_of(2, ""),
        types_of(2, "id")
    );
    (supergraph(2, &types), format!("{{ o {{ f{} }} }}", length - 1))
}

/// Subgraph `s<n>` is entered by `k<n>`, which only the one before has.
pub fn keys(subgraphs: usize) -> (String, String) {
    let joins = each(subgraphs, |graph| format!(" @join__type(graph: S{graph}, key: \"k{graph}\")"));
    let keys = each(subgraphs, |graph| {
        let before = graph.checked_sub(1).map_or(String::new(), |before| format!(" @join__field(graph: S{before})"));
        format!(" k{graph}: ID! @join__field(graph: S{graph}){before} f{graph}: Int @join__field(graph: S{graph})")
    });
    let types =
        format!("type Query{} {{ o: O @join__field(graph: S0) }} type O{joins} {{{keys} }}", types_of(subgraphs, ""));
    (supergraph(subgraphs, &types), format!("{{ o {{{} }} }}", each(subgraphs, |graph| format!(" f{graph}"))))
}

pub fn many_keys(subgraphs: usize) -> (String, String) {
    let joins = each(subgraphs, |graph| {
        each(3, |key| format!(" @join__type(graph: S{graph}, key: \"k{}\")", (graph + key * 13) % subgraphs))
    });
    let keys = each(subgraphs, |key| {
        let joins = each(3, |back| format!(" @join__field(graph: S{})", (key + subgraphs * 2 - back * 13) % subgraphs));
        let shared = each(subgraphs, |graph| {
            if graph % 5 == key % 5 { format!(" @join__field(graph: S{graph})") } else { String::new() }
        });
        format!(" k{key}: ID!{joins} f{key}: O{shared}")
    });
    let types =
        format!("type Query{} {{ o: O @join__field(graph: S0) }} type O{joins} {{{keys} }}", types_of(subgraphs, ""));
    let all = each(subgraphs, |field| format!(" f{field} {{ k0 k1 }}"));
    let query = (0..30).fold(format!("{{{all} }}"), |below, level| format!("{{{all} x{level}: f{level} {below} }}"));
    (supergraph(subgraphs, &types), format!("{{ o {query} }}"))
}
