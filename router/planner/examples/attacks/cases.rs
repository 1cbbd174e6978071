//! Operations and supergraphs that are made to cost the planner as much as possible: those of published
//! vulnerabilities, and what our own algorithms might be attacked with. Each is as large as the planner's limits, or
//! the gateway's, let it get.

mod abstract_types;
mod chains;
mod repeated;
mod shared;

use std::fmt::Write as _;

/// One attack.
pub struct Attack {
    /// What it is.
    pub name: &'static str,
    /// The supergraph.
    pub supergraph: String,
    /// The operation.
    pub query: String,
    /// The labels that are in force.
    pub labels: Vec<String>,
}

/// All attacks.
pub fn all() -> Vec<Attack> {
    let attack = |name, (supergraph, query)| Attack { name, supergraph, query, labels: Vec::new() };
    vec![
        attack("fragments that double 30 times", repeated::doubled_fragments()),
        attack("fragments that double 15 times, aliased", repeated::doubled_aliases()),
        attack("200 subgraphs share every field", shared::shared(200, 12)),
        attack("10 subgraphs share every field, 45,000 positions", shared::shared_wide()),
        attack("8 subgraphs share, 6,000 choices", shared::choices(8)),
        attack("10,000 aliases of an entity in another subgraph", repeated::aliases("e", "own")),
        attack("10,000 aliases of a shared union", repeated::aliases("u", "...on M0{own}")),
        attack("nested 99 deep, entered anew at each level", chains::deep()),
        attack("a union of 500 members in 50 subgraphs", abstract_types::members()),
        attack("fragments of 500 members, nested in one another", abstract_types::nested_members()),
        attack("fragments of 70 types, nested 30 deep in one another", abstract_types::many_types()),
        attack("a chain of 100 requirements between 2 subgraphs", chains::requirements(100)),
        attack("a chain of 500 requirements between 2 subgraphs", chains::requirements(500)),
        attack("a chain of keys through 200 subgraphs", chains::keys(200)),
        attack("a key known in 40 subgraphs by 3 keys each", chains::many_keys(40)),
        attack("64 deferred fragments of the same fields", repeated::deferred()),
        attack("1,000 root fields of a mutation in turn", repeated::mutation()),
        attack("an interface object of 200 implementations", abstract_types::interface_object()),
        shared::labels(),
    ]
}

/// A supergraph of subgraphs `s0`, `s1`, … with these types.
fn supergraph(subgraphs: usize, types: &str) -> String {
    let graphs = (0..subgraphs).fold(String::new(), |mut graphs, number| {
        let _ = write!(graphs, " S{number} @join__graph(name: \"s{number}\", url: \"\")");
        graphs
    });
    let mutation = if types.contains("type Mutation") { " mutation: Mutation" } else { "" };
    format!(
        r#"schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) {{ query: Query{mutation} }}
        directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
        directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean, overrideLabel: String) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
        directive @join__graph(name: String!, url: String!) on ENUM_VALUE
        directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
        directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
        directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
        scalar join__FieldSet scalar link__Import enum link__Purpose {{ SECURITY EXECUTION }}
        enum join__Graph {{{graphs} }}
        {types}"#
    )
}

/// Something for each number below a bound, one after another.
fn each(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect()
}

/// `@join__type` of the first so many subgraphs.
fn types_of(count: usize, key: &str) -> String {
    let key = if key.is_empty() { String::new() } else { format!(", key: \"{key}\"") };
    each(count, |graph| format!(" @join__type(graph: S{graph}{key})"))
}

/// Two subgraphs; `O` is an entity that leads to itself.
fn two() -> String {
    let types = r#"
        type Query @join__type(graph: S0) @join__type(graph: S1) { o: O @join__field(graph: S0) }
        type O @join__type(graph: S0, key: "id") @join__type(graph: S1, key: "id") {
            id: ID! a: O @join__field(graph: S0) b: O @join__field(graph: S1) x: Int @join__field(graph: S1)
        }"#;
    supergraph(2, types)
}
