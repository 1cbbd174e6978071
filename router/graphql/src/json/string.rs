//! From a string's JSON text to what it means.

use std::borrow::Cow;

/// Unescapes a string's text, quotes included, as [`super::Scanner`] has passed it. `None` for a lone surrogate,
/// which no Rust string can hold.
pub fn unescape(quoted: &[u8]) -> Option<Cow<'_, str>> {
    let inner = quoted.get(1..quoted.len().checked_sub(1)?)?;
    let inner = std::str::from_utf8(inner).ok()?;
    let Some(first) = inner.find('\\') else { return Some(Cow::Borrowed(inner)) };
    let mut text = String::with_capacity(inner.len());
    let (mut plain, mut rest) = inner.split_at(first);
    loop {
        text.push_str(plain);
        let Some(escape) = rest.strip_prefix('\\') else { return Some(Cow::Owned(text)) };
        let mut chars = escape.chars();
        let unescaped = match chars.next()? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let (unescaped, after) = unicode(chars.as_str())?;
                chars = after.chars();
                unescaped
            }
            other => other,
        };
        text.push(unescaped);
        let after = chars.as_str();
        (plain, rest) = after.split_at(after.find('\\').unwrap_or(after.len()));
    }
}

/// Whether a string's text, quotes included, means `name`.
pub fn unescaped_eq(quoted: &[u8], name: &str) -> bool {
    match quoted.get(1..quoted.len().saturating_sub(1)) {
        Some(inner) if inner == name.as_bytes() => !name.contains('\\'),
        Some(inner) if inner.contains(&b'\\') => unescape(quoted).is_some_and(|text| text == name),
        _ => false,
    }
}

/// The character after `\u`, and what follows; a surrogate pair is one character.
fn unicode(text: &str) -> Option<(char, &str)> {
    let (first, rest) = unit(text)?;
    if !(0xd800..0xdc00).contains(&first) {
        return Some((char::from_u32(first)?, rest));
    }
    let (second, rest) = unit(rest.strip_prefix("\\u")?)?;
    let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    Some((char::from_u32(0x10000 + ((first - 0xd800) << 10) + low)?, rest))
}

fn unit(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    Some((u32::from_str_radix(digits, 16).ok()?, rest))
}
