//! What is said, in the reader's language: from a kind and its facts to a title and paragraphs.
//!
//! The texts are templates, one a kind and language: the first line is the title, the others are paragraphs. They are plain text;
//! whoever makes HTML of them escapes them.

mod templates;

use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior, Value, value::Serde};
use serde::Serialize;

use self::templates::{LAYOUTS, TEXTS};
use crate::domain::{Kind, Language, notice::Facts};

/// A text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Text {
    /// One line: a mail's subject.
    pub title: String,
    /// What there is to say.
    pub paragraphs: Vec<String>,
}

/// All templates, compiled once. Names of HTML templates end so, and only these escape what is put into them.
static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Lenient);
    environment
        .set_auto_escape_callback(|name| if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None });
    for (name, source) in TEXTS.iter().chain(LAYOUTS) {
        if let Err(error) = environment.add_template(name, source) {
            // A test reads all of them.
            tracing::error!(name, %error, "a template can't be read");
        }
    }
    environment
});

/// What is said of a kind.
///
/// # Errors
/// None that a test of all templates doesn't find.
pub fn text(kind: Kind, language: Language, facts: &Facts) -> Result<Text, Error> {
    let name = format!("{}/{}.txt", language.code(), kind.as_str().to_lowercase());
    let rendered = render(&name, facts)?;
    let mut lines = rendered.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
    Ok(Text { title: lines.next().unwrap_or_default(), paragraphs: lines.collect() })
}

/// A template's output.
pub(crate) fn render(name: &str, values: &impl Serialize) -> Result<String, Error> {
    ENVIRONMENT.get_template(name)?.render(Value::from(Serde(values)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_text_in_every_language() {
        let facts: Facts = ["number", "amount", "reason", "carrier", "tracking_number", "outcome", "url"]
            .into_iter()
            .map(|name| (name.to_owned(), format!("<{name}>")))
            .collect();
        for &kind in Kind::ALL {
            let mut titles = Vec::new();
            for language in Language::ALL {
                for facts in [&facts, &Facts::new()] {
                    let text = text(kind, language, facts).unwrap();
                    assert!(!text.title.is_empty() && !text.paragraphs.is_empty(), "{kind:?} {language:?}");
                    let all = format!("{} {}", text.title, text.paragraphs.join(" "));
                    assert!(!all.contains("{{") && !all.contains("{%") && !all.contains("&lt;"), "{all}");
                    titles.push(text.title);
                }
            }
            assert_ne!(titles.first(), titles.last(), "{kind:?} is told in two languages");
        }
    }

    #[test]
    fn facts_stand_in_the_text() {
        let facts =
            |pairs: &[(&str, &str)]| pairs.iter().map(|(name, fact)| ((*name).into(), (*fact).into())).collect();
        let text =
            text(Kind::OrderShipped, Language::English, &facts(&[("number", "SG-1"), ("carrier", "A & B")])).unwrap();
        assert_eq!(text.title, "Your order SG-1 is on its way");
        assert_eq!(text.paragraphs, ["Your order has left our house with A & B."]);
    }
}
