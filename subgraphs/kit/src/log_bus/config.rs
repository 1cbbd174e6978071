//! What a bus keeps.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How long messages are kept.
///
/// A message is thrown away when it is older than `kept_seconds` and all groups of its topic have acknowledged it. Only groups
/// count of which a consumer was there within that time: one that stays away for longer doesn't hold messages for ever, and
/// when it comes back it goes on with the oldest message that is still kept. A topic without groups keeps its messages for that
/// time: a new group gets them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogBusConfig {
    /// How long at least, in seconds.
    pub kept_seconds: u64,
    /// How often it is looked for messages to be thrown away, in seconds.
    pub cleared_every_seconds: u64,
}

impl Default for LogBusConfig {
    /// 7 days: a weekend's outage of a consumer and the week in which somebody looks at it. One minute: few messages at a time.
    fn default() -> Self {
        Self { kept_seconds: 7 * 24 * 60 * 60, cleared_every_seconds: 60 }
    }
}

impl LogBusConfig {
    pub(super) fn kept(&self) -> Duration {
        Duration::from_secs(self.kept_seconds)
    }

    pub(super) fn cleared_every(&self) -> Duration {
        Duration::from_secs(self.cleared_every_seconds.max(1))
    }
}
