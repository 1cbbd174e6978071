//! The `type` of an envelope: `supergraph.<domain>.<name>.v<version>`.

use std::fmt;

/// Longest domain or name.
const PART_BYTES_MAX: usize = 64;

/// A type's name, taken apart. The domain may be one that this build doesn't know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypeName<'a> {
    /// Who defines the type: lower-case letters, digits and hyphens, as the name.
    pub domain: &'a str,
    /// What happened, or is asked for: `placed`, `reserve-stock`.
    pub name: &'a str,
    /// From 1.
    pub version: u16,
}

impl<'a> TypeName<'a> {
    /// Takes a name apart; `None` for those that aren't ours. There is one spelling of each.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let (domain, rest) = text.strip_prefix("supergraph.")?.split_once('.')?;
        let (name, version) = rest.split_once(".v")?;
        let is_canonical = !version.starts_with('0') && version.bytes().all(|byte| byte.is_ascii_digit());
        let version = is_canonical.then(|| version.parse().ok()).flatten()?;
        (is_part(domain) && is_part(name)).then_some(Self { domain, name, version })
    }
}

impl fmt::Display for TypeName<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "supergraph.{}.{}.v{}", self.domain, self.name, self.version)
    }
}

fn is_part(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=PART_BYTES_MAX).contains(&text.len()) && text.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back() {
        let text = "supergraph.stock.reserve-stock.v12";
        let name = TypeName { domain: "stock", name: "reserve-stock", version: 12 };
        assert_eq!(TypeName::parse(text), Some(name));
        assert_eq!(name.to_string(), text);
    }

    #[test]
    fn names_of_others_and_other_spellings_are_none() {
        for text in [
            "",
            "com.example.someevent",
            "supergraph.orders.placed",
            "supergraph.orders.placed.v",
            "supergraph.orders.placed.v0",
            "supergraph.orders.placed.v01",
            "supergraph.orders.placed.v+1",
            "supergraph.orders.placed.v65536",
            "supergraph.orders.placed.v1 ",
            "supergraph.orders.placed.v1.v1",
            "supergraph.orders.Placed.v1",
            "supergraph.orders.order.placed.v1",
            "supergraph..placed.v1",
            "supergraph.orders..v1",
            "Supergraph.orders.placed.v1",
        ] {
            assert_eq!(TypeName::parse(text), None, "{text}");
        }
        assert_eq!(TypeName::parse(&format!("supergraph.orders.{}.v1", "a".repeat(65))), None);
    }
}
