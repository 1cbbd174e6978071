//! Specification URLs and versions, by <https://specs.apollo.dev/link/v1.0>.

use std::fmt;

/// A specification's version. Within one major version a higher minor one only adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Incompatible changes.
    pub major: u32,
    /// Additions.
    pub minor: u32,
}

impl Version {
    /// A version from its two numbers.
    pub const fn new(major: u32, minor: u32) -> Self {
        Self { major, minor }
    }

    /// Parses `v2.3`.
    pub fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.strip_prefix('v')?.split_once('.')?;
        let number = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
        Some(Self { major: number(major)?, minor: number(minor)? })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// A specification's URL in its parts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SpecUrl {
    /// Everything before the version: `https://specs.apollo.dev/federation`.
    pub identity: String,
    /// The last segment of the identity: `federation`.
    pub name: String,
    /// The version.
    pub version: Version,
}

impl SpecUrl {
    /// Parses `https://specs.apollo.dev/federation/v2.3`; `None` when a part is missing.
    pub fn parse(text: &str) -> Option<Self> {
        let trimmed = text.trim_end_matches('/');
        let (scheme, rest) = trimmed.split_once("://")?;
        let mut segments: Vec<&str> = rest.split(['?', '#']).next()?.split('/').collect();
        let version = Version::parse(segments.pop()?)?;
        let name = *segments.last()?;
        if segments.len() < 2 || name.is_empty() || scheme.is_empty() {
            return None;
        }
        Some(Self { identity: format!("{scheme}://{}", segments.join("/")), name: name.to_owned(), version })
    }
}

impl fmt::Display for SpecUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/v{}", self.identity, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_identity_name_and_version() {
        let url = SpecUrl::parse("https://specs.apollo.dev/federation/v2.3").unwrap();
        assert_eq!(url.identity, "https://specs.apollo.dev/federation");
        assert_eq!(url.name, "federation");
        assert_eq!(url.version, Version::new(2, 3));
        assert_eq!(url.to_string(), "https://specs.apollo.dev/federation/v2.3");
    }

    #[test]
    fn refuses_urls_without_name_or_version() {
        for text in [
            "https://specs.apollo.dev/v2.3",
            "https://specs.apollo.dev/federation",
            "federation/v2.3",
            "",
            "a://b/c/v1",
            "a://b/c/v1.x",
        ] {
            assert_eq!(SpecUrl::parse(text), None, "{text}");
        }
    }
}
