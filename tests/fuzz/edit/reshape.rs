//! Items left out, doubled, moved and taken from other texts; names, values and types put for each other.

use super::Vocabulary;
use crate::items::{Item, Within, is_name, is_text, items};
use crate::script::Script;

/// Values that stand where a value may.
const VALUES: [&str; 12] =
    ["null", "true", "false", "-1", "0", "1e400", "2147483648", "\"\"", "\"id\"", "\"a { b }\"", "A", "1.5"];
/// Names that mean something.
const NAMES: [&str; 12] =
    ["Query", "Mutation", "ID", "String", "Int", "Float", "Boolean", "__typename", "_entities", "_Any", "id", "on"];

/// One edit of a text that has tokens.
pub fn once<'t>(
    tokens: &mut Vec<&'t str>,
    others: &'t [Vec<String>],
    vocabulary: &'t Vocabulary,
    script: &mut Script<'_>,
) {
    let items = items(tokens);
    if items.is_empty() {
        tokens[0] = *script.choose(&VALUES);
        return;
    }
    let item = *script.choose(&items);
    match script.index(16) {
        0 | 1 => drop(tokens.drain(item.start..item.end)),
        2 => {
            let copy = tokens[item.start..item.end].to_vec();
            insert(tokens, &items, (&copy, item.within), script);
        }
        3..=5 => {
            let other: Vec<&str> = script.choose(others).iter().map(String::as_str).collect();
            let theirs: Vec<Item> = self::items(&other).into_iter().filter(|it| it.within == item.within).collect();
            let Some(taken) = pick(&theirs, script) else { return };
            insert(tokens, &items, (&other[taken.start..taken.end], item.within), script);
        }
        6..=8 => replace(tokens, is_name, script),
        9 => rename(tokens, item, script),
        10 => {
            let at = first(tokens, item, is_name);
            tokens[at] = *script.choose(&NAMES);
        }
        11 | 12 => {
            let is_value = |token: &str| is_text(token) || token.starts_with(|first: char| first.is_ascii_digit());
            match script.index(2) {
                0 => replace(tokens, is_value, script),
                _ => {
                    let at = first(tokens, item, is_value);
                    tokens[at] = *script.choose(&VALUES);
                }
            }
        }
        13 => retype(tokens, item, script),
        _ => {
            let Some(ending) = pick(&vocabulary.endings, script) else { return };
            let body = tokens[item.start..item.end].iter().position(|token| matches!(*token, "{" | "="));
            let at = body.map_or(item.end, |body| item.start + body);
            tokens.splice(at..at, ending.iter().map(String::as_str));
        }
    }
}

fn pick<'l, T>(from: &'l [T], script: &mut Script<'_>) -> Option<&'l T> {
    from.get(script.index(from.len()))
}

/// Puts an item before another one of its kind.
fn insert<'t>(
    tokens: &mut Vec<&'t str>,
    items: &[Item],
    (item, within): (&[&'t str], Within),
    script: &mut Script<'_>,
) {
    let places: Vec<usize> = items.iter().filter(|place| place.within == within).map(|place| place.start).collect();
    if let Some(place) = pick(&places, script) {
        tokens.splice(*place..*place, item.iter().copied());
    }
}

/// The first token of an item that is of a sort; its first one if none is.
fn first(tokens: &[&str], item: Item, is: impl Fn(&str) -> bool) -> usize {
    item.start + tokens[item.start..item.end].iter().position(|token| is(token)).unwrap_or(0)
}

/// Puts a token of a sort where another one is.
fn replace(tokens: &mut [&str], is: impl Fn(&str) -> bool, script: &mut Script<'_>) {
    let places: Vec<usize> = (0..tokens.len()).filter(|at| is(tokens[*at])).collect();
    if let (Some(to), Some(from)) = (pick(&places, script), pick(&places, script)) {
        tokens[*to] = tokens[*from];
    }
}

/// Calls what an item is named after something else, wherever that name stands.
fn rename(tokens: &mut [&str], item: Item, script: &mut Script<'_>) {
    let old = tokens[first(tokens, item, is_name)];
    let new = tokens[script.index(tokens.len())];
    if is_name(old) && is_name(new) {
        tokens.iter_mut().filter(|token| **token == old).for_each(|token| *token = new);
    }
}

/// Makes the type after an item's last colon another one of the same name.
fn retype(tokens: &mut Vec<&str>, item: Item, script: &mut Script<'_>) {
    let Some(colon) = tokens[item.start..item.end].iter().rposition(|token| *token == ":") else { return };
    let at = item.start + colon + 1;
    let Some(token) = tokens.get(at).copied() else { return };
    match (script.index(3), tokens.get(at + 1)) {
        (0, Some(&"!")) => drop(tokens.remove(at + 1)),
        (0, _) if is_name(token) => tokens.insert(at + 1, "!"),
        (1, _) if is_name(token) => drop(tokens.splice(at..=at, ["[", token, "]"])),
        (_, Some(inner)) if token == "[" && is_name(inner) => {
            let inner = *inner;
            let end = tokens[at..].iter().position(|token| *token == "]").map_or(at, |end| at + end);
            tokens.splice(at..=end, [inner]);
        }
        _ => {}
    }
}
