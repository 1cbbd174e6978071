//! Made-up supergraphs of any size: entities with keys across subgraphs, `@requires`, interfaces, unions, shared value
//! types, enums and inputs. Equal sizes give equal texts.

use std::fmt::Write as _;

use composition::SubgraphInput;

/// What every subgraph begins with: links, and the types that all of them share.
const SHARED: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@external", "@requires", "@provides", "@shareable", "@tag"])

enum Currency { EUR USD JPY GBP }
type Money @shareable { amount: Int! currency: Currency! }
type Geo @shareable { latitude: Float! longitude: Float! }
type Address @shareable { street: String city: String geo: Geo! }
type PageInfo @shareable { hasNextPage: Boolean! endCursor: String }
input Range { from: Int to: Int }
input Page { first: Int! = 10 after: String range: Range }
"#;

/// How many of a subgraph's types are of which kind; all that is left are entities.
struct Shares {
    values: usize,
    interfaces: usize,
    unions: usize,
    enums: usize,
    inputs: usize,
    entities: usize,
}

impl Shares {
    fn of(types: usize) -> Self {
        let share = |percent: usize| (types * percent / 100).max(1);
        let (values, interfaces, unions) = (share(10), share(6), share(4));
        let (enums, inputs) = (share(10), share(10));
        let entities = types.saturating_sub(values + interfaces + unions + enums + inputs).max(1);
        Self { values, interfaces, unions, enums, inputs, entities }
    }
}

/// A number of subgraphs that own a number of types each.
pub fn subgraphs(count: usize, types: usize) -> Vec<SubgraphInput> {
    let subgraph = |index| SubgraphInput {
        name: format!("s{index:03}"),
        url: format!("http://localhost/s{index:03}"),
        sdl: sdl(index, count, &Shares::of(types)),
    };
    (0..count).map(subgraph).collect()
}

fn sdl(s: usize, count: usize, shares: &Shares) -> String {
    let mut out = SHARED.to_owned();
    for i in 0..shares.enums {
        let _ = writeln!(out, "enum S{s}Enum{i} {{ ONE TWO THREE }}");
    }
    for i in 0..shares.inputs {
        let _ = writeln!(out, "input S{s}Input{i} {{ text: String range: Range kind: S{s}Enum{} }}", i % shares.enums);
    }
    for i in 0..shares.values {
        let next = if i + 1 < shares.values { format!(" next: S{s}Value{}", i + 1) } else { String::new() };
        let _ = writeln!(out, "type S{s}Value{i} {{ label: String! price: Money address: Address{next} }}");
    }
    for i in 0..shares.interfaces {
        let _ = writeln!(out, "interface S{s}Interface{i} {{ id: ID! name: String }}");
    }
    for i in 0..shares.unions {
        let members: Vec<String> =
            (0..shares.entities).step_by(i + 2).take(5).map(|k| format!("S{s}Entity{k}")).collect();
        let _ = writeln!(out, "union S{s}Union{i} = {}", members.join(" | "));
    }
    for k in 0..shares.entities {
        entity(&mut out, s, k, (count, shares));
    }
    roots(&mut out, s, shares);
    out
}

/// An entity of its own, and what the subgraph adds to entities of two others.
fn entity(out: &mut String, s: usize, k: usize, (count, shares): (usize, &Shares)) {
    let second = if k.is_multiple_of(4) { " @key(fields: \"sku\")" } else { "" };
    let _ = writeln!(
        out,
        "type S{s}Entity{k} implements S{s}Interface{} @key(fields: \"id\"){second} {{\n  id: ID!\n  sku: String!\n  name: String\n  weight: Int @tag(name: \"public\")\n  kind: S{s}Enum{}\n  value: S{s}Value{}\n  price(currency: Currency = EUR): Money!\n  siblings(page: Page!): [S{s}Entity{}!]!\n  any: S{s}Union{}\n  like: S{s}Interface{}",
        k % shares.interfaces,
        k % shares.enums,
        k % shares.values,
        (k + 1) % shares.entities,
        k % shares.unions,
        (k + 1) % shares.interfaces,
    );
    let others: Vec<usize> = [1, 7].into_iter().map(|step| (s + step) % count).filter(|&other| other != s).collect();
    for other in &others {
        let _ = writeln!(out, "  to{other}: S{other}Entity{k}");
    }
    out.push_str("}\n");
    for (index, other) in others.iter().enumerate() {
        let required = (k + index).is_multiple_of(3);
        let external = if required { "  weight: Int @external\n" } else { "" };
        let requires = if required { " @requires(fields: \"weight\")" } else { "" };
        let _ = writeln!(
            out,
            "type S{other}Entity{k} @key(fields: \"id\") {{\n  id: ID!\n{external}  from{s}: S{s}Value{}{requires}\n}}",
            k % shares.values
        );
    }
}

fn roots(out: &mut String, s: usize, shares: &Shares) {
    out.push_str("type Query {\n");
    for k in (0..shares.entities).step_by(5) {
        let _ = writeln!(out, "  s{s}Entity{k}(id: ID!): S{s}Entity{k}");
    }
    for i in 0..shares.inputs {
        let union = i % shares.unions;
        let _ = writeln!(out, "  s{s}Search{i}(by: S{s}Input{i}, page: Page = {{first: 20}}): [S{s}Union{union}!]");
    }
    let _ = writeln!(out, "  pageInfo: PageInfo @shareable\n}}\ntype Mutation {{");
    for i in 0..shares.inputs {
        let _ = writeln!(out, "  s{s}Change{i}(to: S{s}Input{i}!): S{s}Entity{}", i % shares.entities);
    }
    out.push_str("}\n");
}
