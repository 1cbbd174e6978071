//! "Did you mean …?" for names that don't exist.
//!
//! Where the API schema is to stay unknown to those who guess, suggestions are off.

use std::fmt::Write as _;

/// Whether messages may name what does exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Suggestions {
    /// They may.
    #[default]
    On,
    /// They may not.
    Off,
}

/// Names given at most: more help nobody.
const SUGGESTIONS_MAX: usize = 3;
/// Names looked at: bounds the work that one wrong name makes.
const CANDIDATES_MAX: usize = 5_000;

/// ` Did you mean "a", "b", or "c"?`, with the leading space; empty if nothing is near or suggestions are off.
pub fn did_you_mean<'a>(
    suggestions: Suggestions,
    wrong: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> String {
    if suggestions == Suggestions::Off {
        return String::new();
    }
    let near = nearest(wrong, candidates);
    let mut text = String::new();
    for (index, name) in near.iter().enumerate() {
        let lead = match (index, near.len()) {
            (0, _) => " Did you mean ",
            (_, 2) => " or ",
            (index, len) if index + 1 == len => ", or ",
            _ => ", ",
        };
        let _ = write!(text, "{lead}\"{name}\"");
    }
    if !text.is_empty() {
        text.push('?');
    }
    text
}

/// The candidates near to a wrong name, nearest first.
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let limit = wrong.chars().count() * 2 / 5 + 1;
    let wrong_folded = wrong.to_lowercase();
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .take(CANDIDATES_MAX)
        .filter(|name| name.len().abs_diff(wrong.len()) <= limit)
        .filter_map(|name| {
            let folded = name.to_lowercase();
            let distance = if folded == wrong_folded { 0 } else { strsim::osa_distance(&folded, &wrong_folded) };
            (distance <= limit).then_some((distance, name))
        })
        .collect();
    near.sort_unstable();
    near.truncate(SUGGESTIONS_MAX);
    near.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_nearest_first() {
        assert_eq!(
            did_you_mean(Suggestions::On, "nmae", ["id", "name", "names", "price"]),
            " Did you mean \"name\" or \"names\"?"
        );
        assert_eq!(did_you_mean(Suggestions::On, "Name", ["name"]), " Did you mean \"name\"?");
    }

    #[test]
    fn tells_nothing_when_off_or_far() {
        assert_eq!(did_you_mean(Suggestions::Off, "nmae", ["name"]), "");
        assert_eq!(did_you_mean(Suggestions::On, "zzzz", ["name", "price"]), "");
    }
}
