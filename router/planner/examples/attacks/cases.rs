//! Operations and supergraphs that are made to cost the planner as much as possible: those of published
//! vulnerabilities, and what our own algorithms might be attacked with. Each is as large as the planner's limits, or
//! the gateway's, let it get.

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
        attack("fragments that double 30 times", doubled_fragments()),
        attack("fragments that double 15 times, aliased", doubled_aliases()),
        attack("200 subgraphs share every field", shared(200, 12)),
        attack("10 subgraphs share every field, 45,000 positions", shared_wide()),
        attack("8 subgraphs share, 6,000 choices", choices(8)),
        attack("10,000 aliases of an entity in another subgraph", aliases("e", "own")),
        attack("10,000 aliases of a shared union", aliases("u", "...on M0{own}")),
        attack("nested 99 deep, entered anew at each level", deep()),
        attack("a union of 500 members in 50 subgraphs", members()),
        attack("fragments of 500 members, nested in one another", nested_members()),
        attack("a chain of 100 requirements between 2 subgraphs", requirements(100)),
        attack("a chain of 500 requirements between 2 subgraphs", requirements(500)),
        attack("a chain of keys through 200 subgraphs", keys(200)),
        attack("a key known in 40 subgraphs by 3 keys each", many_keys(40)),
        attack("64 deferred fragments of the same fields", deferred()),
        attack("1,000 root fields of a mutation in turn", mutation()),
        attack("an interface object of 200 implementations", interface_object()),
        labels(),
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

fn doubled_fragments() -> (String, String) {
    let fragments = each(30, |n| format!(" fragment F{n} on O {{ a {{ ...F{0} }} b {{ ...F{0} }} }}", n + 1));
    (two(), format!("{{ o {{ ...F0 }} }}{fragments} fragment F30 on O {{ x }}"))
}

/// As many positions as may be, each a choice of its own.
fn doubled_aliases() -> (String, String) {
    let fragments = each(13, |n| format!(" fragment F{n} on O {{ a {{ ...F{0} }} b {{ ...F{0} }} }}", n + 1));
    (two(), format!("{{ o {{ ...F0 }} }}{fragments} fragment F13 on O {{ x }}"))
}

/// Value types whose fields all subgraphs have, and one field of each subgraph's own.
fn shared(subgraphs: usize, depth: usize) -> (String, String) {
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
fn shared_wide() -> (String, String) {
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
fn choices(subgraphs: usize) -> (String, String) {
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

fn aliases(root: &str, below: &str) -> (String, String) {
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

fn deep() -> (String, String) {
    let query = (0..97)
        .rev()
        .fold("{ x }".to_owned(), |below, level| format!("{{ {} {below} }}", if level % 2 == 0 { "b" } else { "a" }));
    (two(), format!("{{ o {query} }}"))
}

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

fn members() -> (String, String) {
    let query =
        each(500, |member| format!(" ...on M{member} {{{} }}", each(9, |field| format!(" f{field} {{ __typename }}"))));
    (member_types(), format!("{{ u {{{query} }} }}"))
}

/// Each member's fragment asks the next member's below each of its fields.
fn nested_members() -> (String, String) {
    let fragments = each(12, |n| {
        let below = each(2, |field| format!(" f{field} {{ ...F{} }}", n + 1));
        format!(
            " fragment F{n} on U {{{} }}",
            each(500, |member| if member % 40 == n { format!(" ...on M{member} {{{below} }}") } else { String::new() })
        )
    });
    (member_types(), format!("{{ u {{ ...F0 }} }}{fragments} fragment F12 on U {{ __typename }}"))
}

fn requirements(length: usize) -> (String, String) {
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
fn keys(subgraphs: usize) -> (String, String) {
    let joins = each(subgraphs, |graph| format!(" @join__type(graph: S{graph}, key: \"k{graph}\")"));
    let keys = each(subgraphs, |graph| {
        let before = graph.checked_sub(1).map_or(String::new(), |before| format!(" @join__field(graph: S{before})"));
        format!(" k{graph}: ID! @join__field(graph: S{graph}){before} f{graph}: Int @join__field(graph: S{graph})")
    });
    let types =
        format!("type Query{} {{ o: O @join__field(graph: S0) }} type O{joins} {{{keys} }}", types_of(subgraphs, ""));
    (supergraph(subgraphs, &types), format!("{{ o {{{} }} }}", each(subgraphs, |graph| format!(" f{graph}"))))
}

fn many_keys(subgraphs: usize) -> (String, String) {
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

fn deferred() -> (String, String) {
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

fn mutation() -> (String, String) {
    let types = format!(
        "type Query{0} {{ o: O @join__field(graph: S0) }} type Mutation{0} {{ m: O @join__field(graph: S0) n: O @join__field(graph: S1) }} \
         type O{1} {{ id: ID! a: Int @join__field(graph: S0) b: Int @join__field(graph: S1) }}",
        types_of(2, ""),
        types_of(2, "id")
    );
    let query = each(1_000, |number| format!(" a{number}: {} {{ a b }}", if number % 2 == 0 { "m" } else { "n" }));
    (supergraph(2, &types), format!("mutation {{{query} }}"))
}

fn interface_object() -> (String, String) {
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

/// 64 labels, each of which moves a field.
fn labels() -> Attack {
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
