//! What reads of the services go through beside their databases: the tier that caches of several processes share.

use std::sync::Arc;

use kit::Metrics;
use kit::cache::{SHARED_TIMEOUT, SharedTier};
use redis_cache::RedisCache;

use super::config::CacheConfig;
use crate::failure::{Failure, chain};

/// The configured tier, one for all services of the process. It needn't be there yet: what isn't is left out until it is.
pub async fn shared_tier(config: &CacheConfig, metrics: &Metrics) -> Result<Option<SharedTier>, Failure> {
    let Some(redis) = &config.redis else { return Ok(None) };
    let cache = RedisCache::connect(redis.url.expose()).await;
    let cache = cache.map_err(|error| {
        let reason = chain(&error);
        Failure::Refused(format!("cannot use cache.redis.url: {reason}; write it as redis://name:password@host:6379"))
    })?;
    let tier = SharedTier::new(Arc::new(cache), SHARED_TIMEOUT);
    metrics.watch_shared_tier(&tier);
    Ok(Some(tier))
}
