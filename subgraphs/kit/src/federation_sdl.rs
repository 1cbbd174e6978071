//! The one pass over async-graphql's federation SDL.
//!
//! async-graphql 7.2 exports valid field and type definitions, and around them:
//!
//! - definitions of `@skip`, `@include` and other built-in directives, which a
//!   subgraph needn't and shouldn't define: removed;
//! - one `@link` that imports eleven directives, used or not: replaced by one
//!   that imports what the document uses, in alphabetical order, so that a
//!   subgraph's contract changes only when its use of the vocabulary does;
//! - tabs and uneven blank lines: two spaces, one blank line.
//!
//! Type and field order is the schema's own. The pass works on lines that it
//! knows the exporter writes; it must never touch what is inside a definition.

use async_graphql::SDLExportOptions;

/// The vocabulary that the exporter writes, by specification version 2.5.
const FEDERATION_URL: &str = "https://specs.apollo.dev/federation/v2.5";

/// Every directive of that vocabulary which the exporter can write.
const FEDERATION_DIRECTIVES: [&str; 11] = [
    "@composeDirective",
    "@external",
    "@inaccessible",
    "@interfaceObject",
    "@key",
    "@override",
    "@provides",
    "@requires",
    "@requiresScopes",
    "@shareable",
    "@tag",
];

/// Directives of the language itself.
const BUILT_IN_DIRECTIVES: [&str; 5] = ["@deprecated", "@include", "@oneOf", "@skip", "@specifiedBy"];

/// How the schema is to be exported for [`federation_sdl`].
#[must_use]
pub fn export_options() -> SDLExportOptions {
    SDLExportOptions::new().federation().include_specified_by().use_space_ident().indent_width(2)
}

/// The subgraph's contract, from what async-graphql exported.
#[must_use]
pub fn federation_sdl(exported: &str) -> String {
    let blocks: Vec<&str> = blocks(exported).into_iter().filter(|block| !is_replaced(block)).collect();
    let imports = FEDERATION_DIRECTIVES
        .iter()
        .filter(|name| blocks.iter().any(|block| uses(block, name)))
        .map(|name| format!("\"{name}\""))
        .collect::<Vec<_>>()
        .join(", ");
    let mut sdl = format!("extend schema\n  @link(url: \"{FEDERATION_URL}\", import: [{imports}])\n");
    for block in blocks {
        sdl.push('\n');
        for line in block.lines() {
            sdl.push_str(line.trim_end());
            sdl.push('\n');
        }
    }
    sdl
}

/// The definitions, each with its description: cut before a line in the first
/// column that opens a description or a definition.
fn blocks(exported: &str) -> Vec<&str> {
    let mut blocks = Vec::new();
    let (mut start, mut offset) = (0, 0);
    let mut in_description = false;
    let mut described = false;
    for line in exported.split_inclusive('\n') {
        let at_first_column = line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '"');
        let opens_description = !in_description && line.starts_with("\"\"\"");
        let opens = at_first_column && !in_description && !described;
        if opens {
            push_trimmed(&mut blocks, exported.get(start..offset));
            start = offset;
        }
        if at_first_column && !in_description && !opens_description {
            described = false;
        }
        if line.trim_end().ends_with("\"\"\"") && (in_description || opens_description) {
            // A description on one line opens and closes at once.
            let one_line = opens_description && line.trim_end().len() > 3;
            in_description = opens_description && !one_line;
            described = !in_description && line.starts_with("\"\"\"");
        }
        offset += line.len();
    }
    push_trimmed(&mut blocks, exported.get(start..));
    blocks
}

fn push_trimmed<'a>(blocks: &mut Vec<&'a str>, block: Option<&'a str>) {
    let block = block.unwrap_or_default().trim();
    if !block.is_empty() {
        blocks.push(block);
    }
}

/// Whether the block is one that this pass writes itself or leaves out.
fn is_replaced(block: &str) -> bool {
    let definition = block
        .strip_prefix("\"\"\"")
        .and_then(|rest| rest.split_once("\"\"\""))
        .map_or(block, |(_, definition)| definition)
        .trim_start();
    if definition.starts_with("extend schema @link(") {
        return true;
    }
    definition.strip_prefix("directive ").is_some_and(|rest| BUILT_IN_DIRECTIVES.iter().any(|name| names(rest, name)))
}

/// Whether `text` begins with the directive `name` and no longer one.
fn names(text: &str, name: &str) -> bool {
    text.strip_prefix(name).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
}

fn uses(block: &str, name: &str) -> bool {
    block.match_indices(name).any(|(at, _)| block.get(at..).is_some_and(|text| names(text, name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_definitions_and_replaces_what_is_around_them() {
        let exported = r#""""
directive @skip in a description stays,

as do blank lines and "quotes".
"""
type A @key(fields: "id") {
  """
  The id.
  """
  id: ID!
}

scalar B

type Query {
  a: A @tag(name: "x")   
}


"""
Skips.
"""
directive @skip(if: Boolean!) on FIELD
directive @include(if: Boolean!) on FIELD
"""
Ours.
"""
directive @skipped on FIELD
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.5",
  import: ["@key", "@tag", "@shareable"]
)
"#;
        let expected = r#"extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@tag"])

"""
directive @skip in a description stays,

as do blank lines and "quotes".
"""
type A @key(fields: "id") {
  """
  The id.
  """
  id: ID!
}

scalar B

type Query {
  a: A @tag(name: "x")
}

"""
Ours.
"""
directive @skipped on FIELD
"#;
        assert_eq!(federation_sdl(exported), expected);
    }
}
