//! What the texts of a profile or an address may be.

/// A value that the domain refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidField {
    /// The input field, by its GraphQL name.
    pub field: &'static str,
    /// Why, for a person to read.
    pub message: String,
}

impl InvalidField {
    pub fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, message: message.into() }
    }
}

/// A line of text, trimmed: 1 to `chars_max` characters, none of them a
/// control character.
pub fn line(field: &'static str, text: &str, chars_max: usize) -> Result<String, InvalidField> {
    let text = text.trim();
    let chars = text.chars().count();
    if chars == 0 || chars > chars_max {
        let message = format!("{field} must have 1 to {chars_max} characters");
        return Err(InvalidField::new(field, message));
    }
    if text.chars().any(char::is_control) {
        return Err(InvalidField::new(field, format!("{field} must be one line of text")));
    }
    Ok(text.to_owned())
}

/// An email address. Only its shape is checked: whether it exists, a message
/// to it shows. The longest is that of RFC 5321.
pub fn email(field: &'static str, text: &str) -> Result<String, InvalidField> {
    const BYTES_MAX: usize = 254;
    let text = text.trim();
    let shaped = text.split_once('@').is_some_and(|(local, domain)| {
        let printable = text.bytes().all(|byte| byte.is_ascii_graphic());
        let labels = domain.split('.').all(|label| !label.is_empty());
        printable && !local.is_empty() && !domain.contains('@') && domain.contains('.') && labels
    });
    if shaped && text.len() <= BYTES_MAX {
        Ok(text.to_owned())
    } else {
        Err(InvalidField::new(field, format!("{field} must be an email address")))
    }
}

/// A language tag's shape (BCP 47), such as `de` or `pt-BR`.
pub fn locale(field: &'static str, text: &str) -> Result<String, InvalidField> {
    const BYTES_MAX: usize = 35;
    let text = text.trim();
    let mut subtags = text.split('-');
    let language = subtags.next().unwrap_or_default();
    let shaped = (2..=8).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && subtags
            .all(|subtag| (1..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if shaped && text.len() <= BYTES_MAX {
        Ok(text.to_owned())
    } else {
        let message = format!("{field} must be a language tag such as de or pt-BR");
        Err(InvalidField::new(field, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_trimmed_and_bounded() {
        assert_eq!(line("name", "  Ada ü ", 5).unwrap(), "Ada ü");
        for text in ["", "   ", "Ada Admin", "a\nb", "a\0b"] {
            assert_eq!(line("name", text, 5).unwrap_err().field, "name", "{text:?}");
        }
    }

    #[test]
    fn emails_have_one_at_and_a_dotted_domain() {
        assert_eq!(email("email", " ada@example.com ").unwrap(), "ada@example.com");
        let long = format!("a@{}.com", "b".repeat(250));
        for text in ["", "ada", "@b.c", "a@b", "a@@b.c", "a@b@c.d", "a b@c.d", "a@b..c", "a@.c", &long] {
            assert!(email("email", text).is_err(), "{text}");
        }
    }

    #[test]
    fn locales_have_the_shape_of_language_tags() {
        for text in ["de", "pt-BR", "zh-Hant-TW"] {
            assert_eq!(locale("locale", text).unwrap(), text);
        }
        let long = "de-".repeat(20) + "x";
        for text in ["", "d", "de_DE", "de-", "12", "de-toolongsubtag", &long] {
            assert!(locale("locale", text).is_err(), "{text}");
        }
    }
}
