//! What caches of several processes share.

use serde::Deserialize;

use super::Secret;

/// The tier behind each process's own caches. Without it each has its own alone, and all is as right.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CacheConfig {
    /// Redis.
    pub redis: Option<RedisConfig>,
}

/// A Redis server that loses nothing that can't be lost.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedisConfig {
    /// Where it is: `redis://name:password@host:6379`, `rediss://` for TLS.
    pub url: Secret,
}
