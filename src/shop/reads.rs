//! What reads of the services go through beside their databases: the tier that caches of several processes share.

use std::sync::Arc;

use kit::cache::{SHARED_TIMEOUT, SharedTier};
use kit::{Metrics, Workers};
use redis_cache::RedisCache;
use wire::bus::Bus;

use super::Service;
use super::config::CacheConfig;
use super::resources::Resources;
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

/// Workers of a service, and those that tell its caches, in all processes, what has changed.
pub fn tell_caches(service: Service, workers: Workers, resources: &Resources, bus: &Arc<dyn Bus>) -> Workers {
    let reads = resources.reads(service);
    match service {
        Service::Users => users::tell_caches(workers, &reads, bus),
        Service::Products => products::tell_caches(workers, &reads, bus),
        Service::Orders => orders::tell_caches(workers, &reads, bus),
        Service::Payments => payments::tell_caches(workers, &reads, bus),
        // They keep nothing.
        Service::Stock | Service::Notifications => workers,
    }
}
