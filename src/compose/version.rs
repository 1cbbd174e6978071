//! Federation versions as people write them: `2`, `2.9`, `=2.9.0`.

use std::str::FromStr;

use federation::link::Version;
use federation::vocabulary::LATEST_FEDERATION;
use serde::{Deserialize, Deserializer, de};

/// Which federation version a supergraph is composed for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FederationVersion {
    /// The newest known.
    #[default]
    Newest,
    /// One and no newer.
    Pinned(Version),
}

impl FederationVersion {
    /// The version that is not to be exceeded.
    pub fn pinned(&self) -> Option<Version> {
        match self {
            Self::Newest => None,
            Self::Pinned(version) => Some(*version),
        }
    }
}

impl FromStr for FederationVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unknown =
            || format!("federation version {text} is not known; write 2, or one from 2.0 to {LATEST_FEDERATION}");
        let numbers = text.trim().trim_start_matches(['=', 'v']);
        let mut parts = numbers.split('.').map(|part| part.parse::<u32>().map_err(|_| unknown()));
        let (major, minor) = (parts.next().unwrap_or_else(|| Err(unknown()))?, parts.next().transpose()?);
        parts.try_for_each(|part| part.map(|_| ()))?;
        match (major, minor) {
            (2, None) => Ok(Self::Newest),
            (2, Some(minor)) if minor <= LATEST_FEDERATION.minor => Ok(Self::Pinned(Version::new(2, minor))),
            _ => Err(unknown()),
        }
    }
}

impl<'de> Deserialize<'de> for FederationVersion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
