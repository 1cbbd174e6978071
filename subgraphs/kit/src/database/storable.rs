//! Texts that others wrote, such as what a handler says of a failure, as the database takes them.

/// The beginning of a text, at most so many characters of it: what went wrong stands there. PostgreSQL keeps every character but one, in
/// whose place there is a replacement character.
#[must_use]
pub fn storable(text: &str, characters_max: usize) -> String {
    text.chars().take(characters_max).map(|character| if character == '\0' { '\u{fffd}' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::storable;

    #[test]
    fn is_bounded_and_without_what_postgresql_does_not_keep() {
        assert_eq!(storable("a\0b", usize::MAX), "a\u{fffd}b");
        assert_eq!(storable(&"€\0".repeat(1_000), 3), "€\u{fffd}€");
        assert_eq!(storable("short", 5), "short");
        assert_eq!(storable("short", 0), "");
    }
}
