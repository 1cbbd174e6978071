//! Texts changed by a script. Mostly they stay well-formed and say something else ([`reshape`]), so that what comes after
//! parsing is reached; the others are broken anywhere ([`shatter`]).

mod reshape;
mod shatter;

use crate::script::Script;

/// What the edits of one kind of text can add to it.
pub struct Vocabulary {
    /// Applied directives and the like, each as its tokens: they stand at an item's end.
    pub endings: Vec<Vec<String>>,
}

/// How many edits a text gets: few leave it valid, many reach what a few can't.
const EDITS: [usize; 16] = [0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 6, 12];
/// One in so many texts is broken anywhere.
const SHATTERED: usize = 6;

/// The text that a script makes of one, with other texts of its kind to take from.
pub fn edit(seed: &[String], others: &[Vec<String>], vocabulary: &Vocabulary, script: &mut Script<'_>) -> String {
    let mut tokens: Vec<&str> = seed.iter().map(String::as_str).collect();
    let shattered = script.index(SHATTERED) == SHATTERED - 1;
    for _ in 0..*script.choose(&EDITS) {
        if tokens.is_empty() {
            break;
        }
        if shattered {
            shatter::once(&mut tokens, others, script);
        } else {
            reshape::once(&mut tokens, others, vocabulary, script);
        }
    }
    join(&tokens)
}

fn join(tokens: &[&str]) -> String {
    let mut text = String::with_capacity(tokens.iter().map(|token| token.len() + 1).sum());
    let mut before = "";
    for token in tokens {
        if !before.is_empty() && !matches!(before, "@" | "$" | "...") {
            // Lines, so that findings have places to point to.
            text.push(if matches!(before, "{" | "}") { '\n' } else { ' ' });
        }
        text.push_str(token);
        before = token;
    }
    text
}
