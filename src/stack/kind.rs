//! Which services there are: a table of what each is called, started by and listens at.

use nix::sys::signal::Signal;

use super::ports::BOOKIE;
use crate::shop::config::{BusConfig, CatalogueConfig, ObjectsConfig, ServicesConfig};

/// A service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// PostgreSQL, which takes changes.
    Primary,
    /// A PostgreSQL that follows it, and is read from.
    Standby,
    /// Redis.
    Redis,
    /// Pulsar.
    Pulsar,
    /// A server of MongoDB's wire protocol.
    Mongo,
    /// A gateway of S3's protocol.
    S3,
}

impl Kind {
    /// All of them; a standby after its primary.
    pub const ALL: [Self; 6] = [Self::Primary, Self::Standby, Self::Redis, Self::Pulsar, Self::Mongo, Self::S3];

    /// Those that have to be started: what `config` names is used as it is, and so is a PostgreSQL whose URL was given. A standby is
    /// only made of a primary of ours.
    pub fn wanted(config: &ServicesConfig, postgres: Option<&str>) -> Vec<Self> {
        let is_wanted = |kind: &Self| match kind {
            Self::Primary => postgres.is_none(),
            Self::Standby => postgres.is_none() && config.databases.replicas.is_empty(),
            Self::Redis => config.cache.redis.is_none(),
            Self::Pulsar => matches!(config.bus, BusConfig::Postgres { .. }),
            Self::Mongo => matches!(config.catalogue, CatalogueConfig::Postgres),
            Self::S3 => matches!(config.objects, ObjectsConfig::None),
        };
        Self::ALL.into_iter().filter(is_wanted).collect()
    }

    /// The name of its log and of its data's folder.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Primary => "postgres",
            Self::Standby => "standby",
            Self::Redis => "redis",
            Self::Pulsar => "pulsar",
            Self::Mongo => "mongo",
            Self::S3 => "s3",
        }
    }

    /// The folder of its start file.
    pub const fn script(self) -> &'static str {
        match self {
            Self::Standby => Self::Primary.name(),
            other => other.name(),
        }
    }

    /// What its ports are for; the first one is where its clients come.
    pub const fn ports(self) -> &'static [&'static str] {
        match self {
            Self::Primary => &["postgres"],
            Self::Standby => &["standby"],
            Self::Redis => &["redis"],
            Self::Pulsar => &["pulsar", "pulsar_admin", BOOKIE],
            Self::Mongo => &["mongo"],
            Self::S3 => &["s3"],
        }
    }

    /// What has it end in order, and soon.
    pub const fn stop_signal(self) -> Signal {
        match self {
            // At SIGTERM it waits for its clients.
            Self::Primary | Self::Standby => Signal::SIGINT,
            // A shell that starts `dev` in the background has those below it ignore SIGINT, and Java keeps to that.
            Self::Redis | Self::Pulsar | Self::Mongo | Self::S3 => Signal::SIGTERM,
        }
    }
}

#[cfg(test)]
mod tests {
    use mongo_catalogue::MongoConfig;

    use super::*;
    use crate::shop::config::{CacheConfig, RedisConfig};

    #[test]
    fn what_is_given_is_not_started() {
        let nothing = ServicesConfig::default();
        assert_eq!(Kind::wanted(&nothing, None), Kind::ALL);
        assert_eq!(
            Kind::wanted(&nothing, Some("postgres://elsewhere")),
            [Kind::Redis, Kind::Pulsar, Kind::Mongo, Kind::S3]
        );
        let url = |text: &str| text.parse().unwrap();
        let bus = BusConfig::Pulsar { service_url: url("pulsar://a:1"), admin_url: url("http://a:2"), token: None };
        let catalogue =
            CatalogueConfig::Mongodb { url: "mongodb://a:3".to_owned().into(), options: MongoConfig::default() };
        let cache = CacheConfig { redis: Some(RedisConfig { url: "redis://a:4".to_owned().into() }) };
        let given = ServicesConfig { bus, catalogue, cache, ..nothing };
        assert_eq!(Kind::wanted(&given, Some("postgres://elsewhere")), [Kind::S3]);
    }
}
