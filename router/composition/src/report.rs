//! The one way in which rules report: a code, a message, labels in every subgraph involved, and help.

mod invalid_graphql;

use federation::subgraph::Subgraph;
use graphql::{Diagnostic, SourceSpan};

use crate::codes;

pub(crate) use invalid_graphql::{invalid_graphql, invalid_syntax};

/// An error within one subgraph.
pub(crate) fn within<Stage>(
    subgraph: &Subgraph<Stage>,
    code: &'static str,
    location: Option<SourceSpan>,
    message: impl AsRef<str>,
) -> Diagnostic {
    let message = format!("[{}] {}", subgraph.name, message.as_ref());
    let found = Diagnostic::error(code, message).label(subgraph.label(location, "here"));
    with_help(found)
}

/// A finding with the help that goes with its code, if it has none of its own.
pub(crate) fn with_help(mut found: Diagnostic) -> Diagnostic {
    found.help = found.help.or_else(|| codes::mend(found.code).map(str::to_owned));
    found
}

/// Names in prose: `"a"`, `"a" and "b"`, `"a", "b" and "c"`.
pub(crate) fn names<I: IntoIterator<Item = S>, S: AsRef<str>>(names: I) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("\"{}\"", name.as_ref())).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// `subgraph "a"` or `subgraphs "a" and "b"`.
pub(crate) fn subgraphs<I: IntoIterator<Item = S>, S: AsRef<str>>(list: I) -> String {
    let list: Vec<S> = list.into_iter().collect();
    let noun = if list.len() == 1 { "subgraph" } else { "subgraphs" };
    format!("{noun} {}", names(list))
}
