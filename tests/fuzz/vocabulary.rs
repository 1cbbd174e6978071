//! What each kind of text can end an item with: applied directives, mostly.

use std::sync::LazyLock;

use crate::edit::Vocabulary;
use crate::tokens::tokens;

/// Of subgraph schemas.
pub static SUBGRAPH: LazyLock<Vocabulary> = LazyLock::new(|| {
    vocabulary(&[
        "@key(fields: \"id\")",
        "@key(fields: \"id name\", resolvable: false)",
        "@key(fields: \"a { id }\")",
        "@shareable",
        "@external",
        "@requires(fields: \"id\")",
        "@requires(fields: \"a { ... on A { id } }\")",
        "@provides(fields: \"id\")",
        "@override(from: \"a\")",
        "@override(from: \"b\", label: \"percent(50)\")",
        "@inaccessible",
        "@tag(name: \"x\")",
        "@interfaceObject",
        "@authenticated",
        "@requiresScopes(scopes: [[\"a\"]])",
        "@policy(policies: [[\"a\"]])",
        "@context(name: \"c\")",
        "@fromContext(field: \"$c { id }\")",
        "@cost(weight: 5)",
        "@listSize(assumedSize: 10, slicingArguments: [\"first\"])",
        "@deprecated(reason: \"old\")",
        "@oneOf",
        "@composeDirective(name: \"@custom\")",
        "@link(url: \"https://specs.apollo.dev/federation/v2.9\", import: [\"@key\", { name: \"@tag\", as: \"@t\" }])",
        "@cacheTag(format: \"a-{$args.id}\")",
        "implements Node",
        "= 1",
        "(first: Int = 10)",
        "! @shareable",
    ])
});

/// Of supergraph schemas.
pub static SUPERGRAPH: LazyLock<Vocabulary> = LazyLock::new(|| {
    vocabulary(&[
        "@join__type(graph: A)",
        "@join__type(graph: A, key: \"id\", resolvable: false)",
        "@join__type(graph: B, key: \"a { id }\", extension: true)",
        "@join__type(graph: B, isInterfaceObject: true)",
        "@join__field(graph: A)",
        "@join__field(graph: A, external: true)",
        "@join__field(graph: B, requires: \"id\", type: \"Int!\")",
        "@join__field(graph: B, provides: \"a { id }\")",
        "@join__field(graph: B, override: \"a\", usedOverridden: true, overrideLabel: \"percent(5)\")",
        "@join__field",
        "@join__implements(graph: A, interface: \"Node\")",
        "@join__unionMember(graph: A, member: \"A\")",
        "@join__enumValue(graph: A)",
        "@join__graph(name: \"a\", url: \"\")",
        "@inaccessible",
        "@link(url: \"https://specs.apollo.dev/join/v0.5\", for: EXECUTION)",
        "@link(url: \"https://specs.apollo.dev/inaccessible/v0.2\", for: SECURITY)",
        "@core(feature: \"https://specs.apollo.dev/join/v0.2\")",
        "@tag(name: \"x\")",
        "@deprecated",
        "@context(name: \"a__c\")",
        "implements Node",
    ])
});

/// Of operations.
pub static OPERATION: LazyLock<Vocabulary> = LazyLock::new(|| {
    vocabulary(&[
        "@include(if: true)",
        "@skip(if: false)",
        "@skip(if: $a)",
        "@include(if: $b)",
        "@defer",
        "@defer(label: \"d\", if: $a)",
        "{ __typename }",
        "{ id }",
        "{ ... @defer { id } }",
        "{ ... { __typename id } }",
        "{ id ... on Product { id } }",
        "(id: \"1\")",
        "($a: Boolean!, $b: Boolean = true)",
        "($id: ID!, $input: [String!])",
    ])
});

/// Of JSON, which has none.
pub static JSON: Vocabulary = Vocabulary { endings: Vec::new() };

fn vocabulary(endings: &[&str]) -> Vocabulary {
    Vocabulary { endings: endings.iter().map(|ending| tokens(ending)).collect() }
}
