//! Where the services are.

use super::ports::Ports;
use super::ready::Ready;
use super::service::Service;
use crate::failure::Failure;
use crate::shop::config::{BusConfig, ServicesConfig};

/// URLs of services. Those that are missing are to be started.
#[derive(Clone, Debug, Default)]
pub struct Addresses {
    /// PostgreSQL, without a database.
    pub postgres: Option<String>,
    /// Pulsar, and its REST interface.
    pub pulsar: Option<(String, String)>,
}

/// All of them.
#[derive(Clone, Debug)]
pub struct Located {
    /// PostgreSQL, without a database.
    pub postgres: String,
    /// Pulsar, where it isn't configured.
    pulsar: Option<(String, String)>,
}

impl Addresses {
    /// What a configuration names.
    pub fn of(services: &ServicesConfig) -> Self {
        let pulsar = match &services.bus {
            BusConfig::Pulsar { service_url, admin_url, .. } => Some((service_url.to_string(), admin_url.to_string())),
            BusConfig::Postgres { .. } => None,
        };
        Self { postgres: None, pulsar }
    }

    /// All of them, and what has to be started for that.
    pub fn located(self, ports: &Ports) -> (Located, Vec<Service>) {
        let mut wanted = Vec::new();
        let postgres = self.postgres.unwrap_or_else(|| {
            let url = format!("postgres://postgres@127.0.0.1:{}", ports.postgres);
            let arguments = vec![ports.postgres.to_string()];
            wanted.push(Service { name: "postgres", arguments, ready: Ready::Postgres(url.clone()) });
            url
        });
        let pulsar = self.pulsar.is_none().then(|| {
            let (url, admin) = (at("pulsar", ports.pulsar), at("http", ports.pulsar_admin));
            let arguments = [ports.pulsar, ports.pulsar_admin, ports.bookie].map(|port| port.to_string()).to_vec();
            wanted.push(Service {
                name: "pulsar",
                arguments,
                ready: Ready::Http(format!("{admin}/admin/v2/clusters")),
            });
            (url, admin)
        });
        (Located { postgres, pulsar }, wanted)
    }
}

impl Located {
    /// The configuration with what was started.
    pub fn complete(&self, services: ServicesConfig) -> Result<ServicesConfig, Failure> {
        let Some((service_url, admin_url)) = &self.pulsar else { return Ok(services) };
        let url = |text: &str| text.parse().map_err(Failure::environment);
        let bus = BusConfig::Pulsar { service_url: url(service_url)?, admin_url: url(admin_url)?, token: None };
        Ok(ServicesConfig { bus, ..services })
    }
}

fn at(scheme: &str, port: u16) -> String {
    format!("{scheme}://127.0.0.1:{port}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PORTS: Ports = Ports { postgres: 1, pulsar: 2, pulsar_admin: 3, bookie: 4 };

    #[test]
    fn what_is_given_is_not_started() {
        let given = Addresses { postgres: Some("postgres://elsewhere".to_owned()), ..Addresses::default() };
        let (located, wanted) = given.located(&PORTS);
        assert_eq!(wanted.iter().map(|service| service.name).collect::<Vec<_>>(), ["pulsar"]);
        assert_eq!(located.postgres, "postgres://elsewhere");
    }

    #[test]
    fn a_bus_that_was_started_is_the_services() {
        let (located, wanted) = Addresses::default().located(&PORTS);
        assert_eq!(wanted.len(), 2);
        let services = located.complete(ServicesConfig::default()).unwrap();
        let BusConfig::Pulsar { service_url, .. } = services.bus else { panic!("{services:?}") };
        assert_eq!(service_url.as_str(), "pulsar://127.0.0.1:2");
    }
}
