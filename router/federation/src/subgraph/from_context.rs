//! What `@fromContext(field:)` writes: `$name` and the selection that is read where that context was set.

use graphql::ast::Selection;
use graphql::schema::ExtendedType;
use graphql::{FieldSetError, Name, Schema};

use super::field_set;
use crate::vocabulary::CONTEXT;

/// The two parts of `@fromContext(field:)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FromContext<'a> {
    /// The context's name, as the subgraph calls it.
    pub context: &'a str,
    /// The selection, as written: everything after the name.
    pub selection: &'a str,
}

impl<'a> FromContext<'a> {
    /// Splits `$name { selection }`; `None` if there is no `$` and name in front. Whitespace, commas and comments mean
    /// nothing before either.
    pub fn parse(text: &'a str) -> Option<Self> {
        let rest = after_ignored(after_ignored(text).strip_prefix('$')?);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (context, selection) = rest.split_at(end);
        let named = context.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        named.then_some(Self { context, selection })
    }

    /// The selection, parsed: what stands in its braces, or fragments without any around them.
    ///
    /// # Errors
    /// As for a field set.
    pub fn selections(&self) -> Result<Vec<Selection>, FieldSetError> {
        let text = after_ignored(self.selection).trim_end();
        field_set::parse(text.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')).unwrap_or(text))
    }

    /// The object and interface types where the context is set: those marked, and the members of marked unions.
    pub fn setters<'s>(&'s self, schema: &'s Schema) -> impl Iterator<Item = &'s Name> {
        schema.types.values().filter(|ty| self.is_set_on(ty)).flat_map(|ty| {
            let members = ty.as_union().into_iter().flat_map(|union| union.members.iter().map(|member| &member.name));
            let own = matches!(ty, ExtendedType::Object(_) | ExtendedType::Interface(_)).then(|| ty.name());
            own.into_iter().chain(members)
        })
    }

    fn is_set_on(&self, ty: &ExtendedType) -> bool {
        ty.directives().get_all(CONTEXT).any(|directive| {
            directive.specified_argument_by_name("name").and_then(|name| name.as_str()) == Some(self.context)
        })
    }
}

fn after_ignored(mut text: &str) -> &str {
    loop {
        text = text.trim_start_matches([' ', '\t', '\n', '\r', ',', '\u{feff}']);
        match text.strip_prefix('#') {
            None => return text,
            Some(comment) => text = comment.find(['\n', '\r']).map_or("", |end| comment.split_at(end).1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_name_and_selection() {
        for (text, context, selection) in [
            ("$a { b }", "a", " { b }"),
            ("$a{b}", "a", "{b}"),
            (" ,\n# $x\n$ a_1 ... on T { b }", "a_1", " ... on T { b }"),
            ("$a", "a", ""),
        ] {
            assert_eq!(FromContext::parse(text), Some(FromContext { context, selection }), "{text}");
        }
        for text in ["", "a { b }", "$", "$ { b }", "$1 { b }", "# $a { b }"] {
            assert_eq!(FromContext::parse(text), None, "{text}");
        }
    }
}
