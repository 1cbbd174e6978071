//! Texts that people type in one place and others read in another: names, lines of addresses.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// Whether it is one line of text of which something can be seen, and which reads in no other order than it is kept in.
///
/// Joiners and marks within a text are part of how languages and emoji are written, and so are the marks of a direction (U+200E, U+200F,
/// U+061C), which do what a letter of it would. What turns the order of all that comes after it isn't: it reaches out of the line.
#[must_use]
pub fn is_line(text: &str) -> bool {
    !text.chars().any(breaks_line) && text.chars().any(is_seen)
}

/// The beginning of a text without what [`is_line`] allows no line, at most so many characters: of what others have kept, for a line of ours.
#[must_use]
pub fn in_line(text: &str, characters_max: usize) -> String {
    text.chars().filter(|&character| !breaks_line(character)).take(characters_max).collect()
}

/// Controls, separators of lines, and the embeddings, overrides and isolates of the bidirectional algorithm (UAX #9, 2).
fn breaks_line(character: char) -> bool {
    let category = character.general_category();
    matches!(category, GeneralCategory::Control | GeneralCategory::LineSeparator | GeneralCategory::ParagraphSeparator)
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A mark alone isn't seen for sure: it wants something to stand at.
fn is_seen(character: char) -> bool {
    let group = character.general_category_group();
    let is_shown = matches!(
        group,
        GeneralCategoryGroup::Letter
            | GeneralCategoryGroup::Number
            | GeneralCategoryGroup::Punctuation
            | GeneralCategoryGroup::Symbol
    );
    is_shown && !is_blank(character)
}

/// Letters and symbols that show nothing: the fillers of Hangul, and Braille's pattern without dots.
fn is_blank(character: char) -> bool {
    matches!(character, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}')
}

#[cfg(test)]
mod tests {
    use super::{in_line, is_line};

    #[test]
    fn texts_of_all_languages_are_lines() {
        let joined =
            ["می\u{200c}خواهم", "👩\u{200d}💻", "दीपक\u{200d}", "Zoe\u{301}", "Co\u{ad}op", "\u{200f}אבג", "1\u{20e3}"];
        for text in ["Ada", "O'Neill-Łukasz", "李小龍", "אבג", "7", "—", "🏠", "a b"].into_iter().chain(joined)
        {
            assert!(is_line(text), "{text:?}");
        }
    }

    #[test]
    fn what_shows_nothing_is_none() {
        for text in [
            "",
            " ",
            "\u{a0}",
            "\u{200b}",
            "\u{301}",
            "\u{feff}\u{2060}",
            "\u{ad}",
            "\u{3164}",
            "\u{115f}\u{1160}",
            "\u{2800}",
        ] {
            assert!(!is_line(text), "{text:?}");
        }
    }

    #[test]
    fn what_breaks_or_turns_a_line_is_none() {
        for character in
            ['\0', '\n', '\t', '\u{85}', '\u{2028}', '\u{2029}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}']
        {
            let text = format!("Ada{character}Byron");
            assert!(!is_line(&text), "{character:?}");
            assert_eq!(in_line(&text, usize::MAX), "AdaByron", "{character:?}");
            assert_eq!(in_line(&text, 4), "AdaB", "{character:?}");
        }
    }
}
