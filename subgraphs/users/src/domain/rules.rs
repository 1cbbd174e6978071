//! What the texts of a profile or an address may be.

use email_address::EmailAddress;
use kit::text::is_line;

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

/// A line of text, trimmed: 1 to `chars_max` characters, of which something
/// can be seen.
pub fn line(field: &'static str, text: &str, chars_max: usize) -> Result<String, InvalidField> {
    let text = text.trim();
    let chars = text.chars().count();
    if chars == 0 || chars > chars_max {
        let message = format!("{field} must have 1 to {chars_max} characters");
        return Err(InvalidField::new(field, message));
    }
    if !is_line(text) {
        return Err(InvalidField::new(field, format!("{field} must be one line of text that can be seen")));
    }
    Ok(text.to_owned())
}

/// An email address that a mail can go to. Only its shape is checked: whether
/// it exists, a message to it shows. The longest is that of RFC 5321.
pub fn email(field: &'static str, text: &str) -> Result<String, InvalidField> {
    const BYTES_MAX: usize = 254;
    let text = text.trim();
    let shaped = text.rsplit_once('@').is_some_and(|(local, domain)| is_plain_local(local) && is_public_host(domain));
    if shaped && text.len() <= BYTES_MAX {
        Ok(text.to_owned())
    } else {
        Err(InvalidField::new(field, format!("{field} must be an email address")))
    }
}

/// A dot-atom of RFC 5322 in ASCII, of at most 64 bytes. Quoted strings are
/// local parts too: nobody has one, and mail programs stumble over them.
fn is_plain_local(local: &str) -> bool {
    local.is_ascii() && !local.contains('"') && EmailAddress::is_valid_local_part(local)
}

/// The name of a host that anybody can find (RFC 1123, 2.1): labels of
/// letters, digits and inner hyphens, at least two, the last of them no
/// number. An address of a network, with or without brackets, is none.
fn is_public_host(domain: &str) -> bool {
    let has_letters = |label: &str| label.bytes().any(|byte| byte.is_ascii_alphabetic());
    domain.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
        && domain.rsplit_once('.').is_some_and(|(_, last)| has_letters(last))
        && EmailAddress::is_valid_domain(domain)
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
        for text in ["", "   ", "Ada Admin", "a\nb", "a\0b", "\u{200b}", "\u{301}", "a\u{202e}b", "a\u{2028}b"] {
            assert_eq!(line("name", text, 5).unwrap_err().field, "name", "{text:?}");
        }
    }

    #[test]
    fn emails_are_such_as_mails_go_to() {
        let local = "l".repeat(64);
        for text in
            ["ada@example.com", "a.b+c_d'e@b-c.example", "a@xn--mller-kva.example", "A@B.C", &format!("{local}@b.c")]
        {
            assert_eq!(email("email", &format!(" {text} ")).unwrap(), text);
        }
        let none =
            ["", "ada", "@b.c", "a@b", "a@@b.c", "a@b@c.d", "a b@c.d", "a@b..c", "a@.c", "a@b.c.", "ä@b.c", "a@ä.c"];
        let special = [
            "<a@x.de>",
            "v@x.de>",
            "v;w@x.de",
            "v@x,y.de",
            "v(c)@x.de",
            "v@x.de(c)",
            "\"v w\"@x.de",
            "v\\w@x.de",
            "v:w@x.de",
        ];
        let dotted = ["a..b@x.de", ".a@x.de", "a.@x.de", "a@-x.de", "a@x-.de", "a@x_y.de", "a@x!y.de"];
        let networks = ["v@[127.0.0.1]", "v@127.0.0.1", "v@[IPv6:::1]", "v@x.1"];
        let long =
            [format!("{local}l@b.c"), format!("a@{}.com", "b".repeat(64)), format!("a@{}.com", "b.".repeat(125))];
        let all = [&none[..], &special, &dotted, &networks].concat();
        for text in all.into_iter().chain(long.iter().map(String::as_str)) {
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
