//! Refusals that no command defines: by who is asked what it can't read, and so doesn't know the answers of.
//!
//! Codes of refusals are open sets, so the sender reads these as it reads those that its command defines.

use serde::ser::{Serialize, SerializeMap, Serializer};

/// The handler knows no command of that name: it is older than the sender, or not who should be asked.
pub const UNKNOWN_COMMAND: &str = "UNKNOWN_COMMAND";
/// The handler knows the command, and not this version of it yet.
pub const NEWER_VERSION: &str = "NEWER_VERSION";

/// The same on the wire as [`Reply::Refused`](super::Reply::Refused), for any command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal<'a> {
    /// Why, for programs.
    pub code: &'a str,
    /// Why, for the log.
    pub text: &'a str,
}

impl Serialize for Refusal<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        struct Refused<'a> {
            code: &'a str,
            text: &'a str,
        }
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("refused", &Refused { code: self.code, text: self.text })?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{command::REPLY_SUFFIX, commands, event::Data};

    /// Whatever was asked, by whomever.
    #[test]
    fn every_commands_reply_reads_them() {
        assert!(!commands::TYPES.is_empty());
        for [command, reply] in commands::TYPES {
            assert_eq!(reply.name, format!("{}{REPLY_SUFFIX}", command.name));
            for code in [UNKNOWN_COMMAND, NEWER_VERSION] {
                let written = Data::of(&Refusal { code, text: "because" }).unwrap();
                let expected = format!(r#"{{"refused":{{"code":"{code}","text":"because"}}}}"#);
                assert_eq!(reply.read_back(command.version, &written).unwrap().as_str(), expected);
            }
        }
    }
}
