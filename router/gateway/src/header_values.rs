//! Header values that are lists or have parameters: taken apart where no quoted string is (RFC 9110 §5.6).

/// Where in a value a character stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Bare,
    Quoted,
    /// Behind a backslash in a quoted string.
    Escaped,
}

/// The pieces between separators, without the space around them.
pub(crate) fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut place = Place::Bare;
    let pieces = text.split(move |character| {
        let separates = place == Place::Bare && character == separator;
        place = match (place, character) {
            (Place::Quoted, '\\') => Place::Escaped,
            (Place::Bare, '"') | (Place::Escaped, _) => Place::Quoted,
            (Place::Quoted, '"') => Place::Bare,
            (place, _) => place,
        };
        separates
    });
    pieces.map(str::trim)
}

/// The parameters behind the first piece of a value such as a media type: names in lower case, values without quotation
/// marks. What has no value is left out.
pub(crate) fn parameters(text: &str) -> impl Iterator<Item = (String, String)> {
    let parameters = split(text, ';').skip(1).filter_map(|parameter| parameter.split_once('='));
    parameters.map(|(name, value)| (name.trim().to_ascii_lowercase(), unquoted(value.trim())))
}

fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return value.to_owned() };
    let mut escaped = false;
    let keep = |character: &char| {
        escaped = *character == '\\' && !escaped;
        !escaped
    };
    inner.chars().filter(keep).collect()
}

/// Whether a content type says UTF-8, or leaves the charset open.
pub(crate) fn is_utf8(content_type: &str) -> bool {
    !content_type.contains(';')
        || parameters(content_type).all(|(name, value)| name != "charset" || value.eq_ignore_ascii_case("utf-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_strings_are_not_taken_apart() {
        let pieces: Vec<_> = split(r#"a;b="x,y\",z" , c,"d"#, ',').collect();
        assert_eq!(pieces, [r#"a;b="x,y\",z""#, "c", "\"d"]);
        let parameters: Vec<_> = parameters(r#"a/b; P="x;q=0\"\\" ;flag; q = 1"#).collect();
        let expected = [("p", r#"x;q=0"\"#), ("q", "1")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(parameters, expected);
    }

    #[test]
    fn only_utf8_is_utf8() {
        assert!(is_utf8("application/json") && is_utf8("a/b; x=\"y;charset=utf-16\"; Charset=\"UTF-8\""));
        assert!(!is_utf8("application/json;charset=utf-16") && !is_utf8("application/json; charset=\"utf-7\""));
    }
}
