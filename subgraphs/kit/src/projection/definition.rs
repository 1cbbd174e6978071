//! What a projection is called and consists of.

use super::ProjectionError;

/// Bytes of a name: with what is put after it, less than the 63 that PostgreSQL leaves of one.
const NAME_BYTES_MAX: usize = 40;

/// What a projection is called and consists of. Never changes while a process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its name and its schema's: lower-case letters, digits and underscores, beginning with a letter, at most 40. Names that
    /// PostgreSQL uses, and those that end in `_next` or `_old`, are refused.
    pub name: &'static str,
    /// Which tables and rows its code makes of events. Higher for each change of them.
    pub version: u16,
    /// The statements that make its empty tables and indices, without naming a schema.
    pub tables: &'static str,
}

impl Definition {
    /// Names stand in statements as they are.
    pub(super) fn check(&self) -> Result<(), ProjectionError> {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let is_name = self.name.len() <= NAME_BYTES_MAX
            && self.name.bytes().all(is_plain)
            && self.name.starts_with(|first: char| first.is_ascii_lowercase());
        let is_taken = matches!(self.name, "public" | "information_schema") || self.name.starts_with("pg_");
        let is_generation = self.name.ends_with("_next") || self.name.ends_with("_old");
        match is_name && !is_taken && !is_generation {
            true => Ok(()),
            false => Err(ProjectionError::Name(self.name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_be_a_schema() {
        let check = |name| Definition { name, version: 1, tables: "" }.check();
        for name in ["a", "order_list", "orders2"] {
            assert!(check(name).is_ok(), "{name}");
        }
        let long = "a234567890123456789012345678901234567890x";
        for name in ["", "2a", "_a", "Orders", "a-b", "a\"b", "public", "pg_a", "a_next", "a_old", long] {
            assert!(matches!(check(name), Err(ProjectionError::Name(_))), "{name}");
        }
    }
}
