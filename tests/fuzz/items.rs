//! The items of a text: definitions, fields, values and arguments. What stands between two of them can be taken out, doubled
//! or moved, and the text stays well-formed.

/// A stretch of tokens that is an item with all below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its first token.
    pub start: usize,
    /// The token after its last one.
    pub end: usize,
    /// What it stands in.
    pub within: Within,
}

/// What items stand in: where one stands, another of the same kind may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    Document,
    Braces,
    Parentheses,
}

/// The items of a text of GraphQL, outer ones before what is in them.
pub fn items(tokens: &[&str]) -> Vec<Item> {
    let mut found: Vec<Item> = Vec::new();
    // Of each open bracket, what it is and its last item; the document is open to the end.
    let mut open: Vec<(Option<Within>, Option<usize>)> = vec![(Some(Within::Document), None)];
    for (at, token) in tokens.iter().enumerate() {
        if matches!(*token, "}" | ")" | "]") && open.len() > 1 {
            end(&mut found, open.pop(), at);
        }
        let before = at.checked_sub(1).map_or("", |before| tokens[before]);
        let after = tokens.get(at + 1).copied().unwrap_or_default();
        if let Some((Some(within), last)) = open.last_mut()
            && starts(*within, (before, token, after), last.is_some())
        {
            let started = last.replace(found.len());
            end(&mut found, Some((None, started)), at);
            found.push(Item { start: at, end: tokens.len(), within: *within });
        }
        match *token {
            "{" => open.push((Some(Within::Braces), None)),
            "(" => open.push((Some(Within::Parentheses), None)),
            "[" => open.push((None, None)),
            _ => {}
        }
    }
    found
}

fn end(found: &mut [Item], closed: Option<(Option<Within>, Option<usize>)>, at: usize) {
    if let Some(item) = closed.and_then(|(_, last)| found.get_mut(last?)) {
        item.end = at;
    }
}

fn starts(within: Within, (before, token, after): (&str, &str, &str), follows_another: bool) -> bool {
    const WITHIN_AN_ITEM: [&str; 12] = ["@", "$", "...", ":", "=", "|", "&", "[", "!", "on", "extend", "implements"];
    if WITHIN_AN_ITEM[..8].contains(&before) || is_text(before) {
        return false;
    }
    match within {
        Within::Document if token == "{" => !follows_another,
        Within::Document => DEFINITIONS.contains(&token) && !WITHIN_AN_ITEM[8..].contains(&before) || is_text(token),
        Within::Braces => token == "..." || is_text(token) || is_name(token) && before != "on",
        Within::Parentheses => token == "$" || is_text(token) || is_name(token) && after == ":",
    }
}

/// Whether a token is a string.
pub fn is_text(token: &str) -> bool {
    token.starts_with('"')
}

/// Whether a token is a name.
pub fn is_name(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

const DEFINITIONS: [&str; 12] = [
    "schema",
    "scalar",
    "type",
    "interface",
    "union",
    "enum",
    "input",
    "directive",
    "extend",
    "query",
    "mutation",
    "fragment",
];
