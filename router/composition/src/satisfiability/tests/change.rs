//! Changes subgraphs a little, so that most still compose as far as the proof: directives that decide what can be had where
//! are taken out or put in.

use fastrand::Rng;

use crate::SubgraphInput;

/// What a definition of a field or type gets before the line's end or its own body.
const ADDED: [&str; 6] = [
    "@shareable",
    "@external",
    "@inaccessible",
    "@key(fields: \"id\")",
    "@key(fields: \"id\", resolvable: false)",
    "@extends",
];

/// The subgraphs after up to three changes.
pub(super) fn change(inputs: &[SubgraphInput], random: &mut Rng) -> Vec<SubgraphInput> {
    let mut inputs = inputs.to_vec();
    for _ in 0..random.usize(0..=3) {
        let index = random.usize(0..inputs.len());
        if let Some(input) = inputs.get_mut(index) {
            input.sdl = if random.bool() { without_one(&input.sdl, random) } else { with_one(&input.sdl, random) };
        }
    }
    inputs
}

/// Takes one applied directive out, wherever it stands; links stay.
fn without_one(sdl: &str, random: &mut Rng) -> String {
    let applied: Vec<(usize, usize)> = sdl
        .match_indices(" @")
        .filter(|(at, _)| !sdl[*at..].starts_with(" @link") && !sdl[..*at].ends_with("directive"))
        .map(|(at, _)| (at, at + length(&sdl[at..])))
        .collect();
    let Some(&(from, to)) = random.choice(&applied) else { return sdl.to_owned() };
    format!("{}{}", &sdl[..from], &sdl[to..])
}

/// How long a directive is, from the space before it to the end of its arguments.
fn length(text: &str) -> usize {
    let name =
        text.char_indices().skip(2).find(|(_, c)| !c.is_alphanumeric() && *c != '_').map_or(text.len(), |(at, _)| at);
    if !text[name..].starts_with('(') {
        return name;
    }
    let mut depth = 0;
    for (at, c) in text[name..].char_indices() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth == 0 {
            return name + at + 1;
        }
    }
    text.len()
}

/// Puts one directive behind a type's name or a field's type.
fn with_one(sdl: &str, random: &mut Rng) -> String {
    let ends: Vec<usize> = sdl
        .match_indices([' ', '\n'])
        .map(|(at, _)| at)
        .filter(|at| sdl[..*at].ends_with(|c: char| c.is_alphanumeric() || "!]".contains(c)))
        .filter(|at| sdl[*at..].trim_start().starts_with(['@', '{', '}']) || sdl[*at..].starts_with('\n'))
        .collect();
    let (Some(&at), Some(added)) = (random.choice(&ends), random.choice(ADDED)) else { return sdl.to_owned() };
    format!("{} {added}{}", &sdl[..at], &sdl[at..])
}
