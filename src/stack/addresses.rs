//! Where the services that were started are, and the configuration that has the shop use them.

use std::net::{Ipv4Addr, SocketAddr};

use mongo_catalogue::MongoConfig;

use super::kind::Kind;
use super::ports::{BOOKIE, Ports};
use crate::failure::Failure;
use crate::shop::config::{BusConfig, CatalogueConfig, ObjectsConfig, RedisConfig, ServicesConfig};

/// Who may use the object store; there is one account.
const S3_ACCOUNT: &str = "supergraph";
/// The bucket of the shop's objects.
const S3_BUCKET: &str = "supergraph";
/// What its start file calls the only region.
const S3_REGION: &str = "us-east-1";

/// Addresses of services, all on 127.0.0.1, and what opens them.
#[derive(Clone)]
pub struct Addresses {
    started: Vec<Kind>,
    ports: Ports,
    s3_secret: String,
}

impl Addresses {
    /// Those of services at these ports, with the object store's secret key.
    pub fn new(started: &[Kind], ports: Ports, s3_secret: String) -> Self {
        Self { started: started.to_vec(), ports, s3_secret }
    }

    /// The URL of the PostgreSQL that takes changes, without a database.
    pub fn postgres(&self) -> String {
        self.server(Kind::Primary)
    }

    /// The URL of a PostgreSQL, without a database.
    pub fn server(&self, kind: Kind) -> String {
        format!("postgres://postgres@{}", self.socket(kind))
    }

    /// Where clients of a service come.
    pub fn socket(&self, kind: Kind) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port(kind.ports().first().copied().unwrap_or_default())).into()
    }

    /// Pulsar's broker and its REST interface, as URLs.
    pub fn pulsar(&self) -> (String, String) {
        let admin = (Ipv4Addr::LOCALHOST, self.port("pulsar_admin"));
        (format!("pulsar://{}", self.socket(Kind::Pulsar)), format!("http://{}:{}", admin.0, admin.1))
    }

    /// The URL of the server of MongoDB's protocol.
    pub fn mongo(&self) -> String {
        format!("mongodb://{}", self.socket(Kind::Mongo))
    }

    /// What a service's start file takes after its port and its folder.
    pub fn arguments(&self, kind: Kind) -> Vec<String> {
        match kind {
            Kind::Standby => vec!["standby".to_owned(), self.socket(Kind::Primary).port().to_string()],
            Kind::Pulsar => ["pulsar_admin", BOOKIE].map(|of| self.port(of).to_string()).to_vec(),
            Kind::S3 => vec![S3_BUCKET.to_owned()],
            Kind::Primary | Kind::Redis | Kind::Mongo => Vec::new(),
        }
    }

    /// What it finds in its environment, which others can't read.
    pub fn environment(&self, kind: Kind) -> Vec<(&'static str, String)> {
        match kind {
            Kind::S3 => {
                vec![("ROOT_ACCESS_KEY_ID", S3_ACCOUNT.to_owned()), ("ROOT_SECRET_ACCESS_KEY", self.s3_secret.clone())]
            }
            Kind::Primary | Kind::Standby | Kind::Redis | Kind::Pulsar | Kind::Mongo => Vec::new(),
        }
    }

    /// The configuration with what was started.
    pub fn complete(&self, mut services: ServicesConfig) -> Result<ServicesConfig, Failure> {
        if self.started.contains(&Kind::Pulsar) {
            let (service_url, admin_url) = self.pulsar();
            let url = |text: &str| text.parse().map_err(Failure::environment);
            services.bus =
                BusConfig::Pulsar { service_url: url(&service_url)?, admin_url: url(&admin_url)?, token: None };
        }
        if self.started.contains(&Kind::Standby) {
            services.databases.replicas = vec![self.server(Kind::Standby).into()];
        }
        if self.started.contains(&Kind::Redis) {
            let url = format!("redis://{}", self.socket(Kind::Redis));
            services.cache.redis = Some(RedisConfig { url: url.into() });
        }
        if self.started.contains(&Kind::Mongo) {
            services.catalogue = CatalogueConfig::Mongodb { url: self.mongo().into(), options: MongoConfig::default() };
        }
        if self.started.contains(&Kind::S3) {
            let endpoint = format!("http://{}", self.socket(Kind::S3)).parse().map_err(Failure::environment)?;
            services.objects = ObjectsConfig::S3 {
                endpoint: Some(endpoint),
                public_endpoint: None,
                bucket: S3_BUCKET.to_owned(),
                region: S3_REGION.to_owned(),
                access_key_id: S3_ACCOUNT.to_owned().into(),
                secret_access_key: self.s3_secret.clone().into(),
            };
        }
        Ok(services)
    }

    fn port(&self, of: &str) -> u16 {
        self.ports.get(of).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_started_is_the_services_and_nothing_else() {
        let ports: Ports = [("postgres", 1), ("pulsar", 2), ("pulsar_admin", 3), (BOOKIE, 4)]
            .map(|(of, port)| (of.to_owned(), port))
            .into();
        let addresses = Addresses::new(&[Kind::Primary, Kind::Pulsar], ports.clone(), String::new());
        assert_eq!(addresses.postgres(), "postgres://postgres@127.0.0.1:1");
        assert_eq!(addresses.arguments(Kind::Standby), ["standby", "1"]);
        let services = addresses.complete(ServicesConfig::default()).unwrap();
        let BusConfig::Pulsar { service_url, admin_url, .. } = services.bus else { panic!("{services:?}") };
        assert_eq!((service_url.as_str(), admin_url.as_str()), ("pulsar://127.0.0.1:2", "http://127.0.0.1:3/"));

        let services = Addresses::new(&[], ports, String::new()).complete(ServicesConfig::default()).unwrap();
        assert!(matches!(services.bus, BusConfig::Postgres { .. }));
    }
}
