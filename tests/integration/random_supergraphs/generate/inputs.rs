//! Input types, and the arguments that fields have.

/// Definitions that every subgraph has.
pub const COMMON: &str = "enum Colour { RED GREEN BLUE }
enum Mood { GLAD SAD SECRET @inaccessible }
scalar Blob
input Filter { text: String = \"d\" number: Int colours: [Colour!] = [RED] nested: Nested }
input Nested { ids: [[ID]] blob: Blob = {a: [1, \"b\"]} float: Float colour: Colour! = BLUE filter: Filter }
";

/// The arguments of a field.
#[derive(Debug)]
pub struct Arguments {
    /// Their definition in parentheses, or nothing.
    pub definition: &'static str,
    /// What `@requires` may give them.
    pub given: &'static [&'static str],
}

/// No arguments.
pub static NONE: Arguments = Arguments { definition: "", given: &[""] };

/// Arguments of fields whose value tells them.
pub static TOLD: [Arguments; 5] = [
    Arguments {
        definition: "(text: String, number: Int = 3, filter: Filter)",
        given: &["", "(number: 7)", "(text: null, filter: {colours: GREEN})"],
    },
    Arguments {
        definition: "(number: Int! = 5, colour: Colour = GREEN, blob: Blob)",
        given: &["", "(colour: RED)", "(blob: {b: [true, 1.5]})"],
    },
    Arguments {
        definition: "(ids: [ID!] = [1], nested: Nested, float: Float)",
        given: &["", "(ids: \\\"x\\\")", "(nested: {ids: [[1]]})"],
    },
    Arguments {
        definition: "(filters: [Filter!]!, number: Int)",
        given: &["(filters: [])", "(filters: {text: \\\"t\\\"}, number: 1)"],
    },
    Arguments { definition: "(colours: [[Colour!]], is: Boolean = false)", given: &["", "(colours: [[RED], null])"] },
];

/// Arguments of fields whose value doesn't depend on them.
pub static IGNORED: [Arguments; 2] = [
    Arguments { definition: "(filter: Filter, first: Int = 2)", given: &[""] },
    Arguments { definition: "(filter: Filter! = {number: 1}, moods: [Colour] = [RED, null])", given: &[""] },
];
