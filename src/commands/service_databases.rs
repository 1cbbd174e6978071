//! Which services' databases a command of operations looks into: those of the server that is named on the command line, else those that
//! workers use ([`split::database_url`]), else those of a running `dev`. It never migrates them: it may run beside workers of another version.

use kit::Database;
use kit::database::{Connection, DatabaseConfig};

use super::database_server::{DatabaseArguments, Place};
use crate::failure::{Failure, chain};
use crate::shop::catalogue::CatalogueStore;
use crate::shop::config::{ServicesConfig, ServicesFile};
use crate::shop::{Service, own_database, split};

/// Arguments that say which.
#[derive(Debug, clap::Args)]
pub struct ServiceDatabases {
    /// One service alone; without it all of them
    #[arg(long, value_name = "NAME")]
    service: Option<Service>,
    #[command(flatten)]
    databases: DatabaseArguments,
    #[command(flatten)]
    services: ServicesFile,
}

/// An open database of a service.
pub struct ServiceDatabase {
    /// Whose it is.
    pub service: Service,
    /// The database.
    pub database: Database,
    config: ServicesConfig,
}

impl ServiceDatabases {
    /// What `work` says of each, those first whom others refer to, below `head`.
    pub async fn each(
        self,
        head: String,
        work: impl AsyncFn(&ServiceDatabase) -> Result<String, Failure>,
    ) -> Result<String, Failure> {
        self.with(async |databases| {
            let mut text = head;
            for of in &databases {
                text += &work(of).await?;
            }
            Ok(text)
        })
        .await
    }

    /// What `work` gives in the first where it gives anything; the others are left alone.
    pub async fn first<T>(
        self,
        work: impl AsyncFn(&ServiceDatabase) -> Result<Option<T>, Failure>,
    ) -> Result<Option<T>, Failure> {
        self.with(async |databases| {
            for of in &databases {
                if let Some(found) = work(of).await? {
                    return Ok(Some(found));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Opens them, those first whom others refer to, and closes them after `work`.
    async fn with<T>(self, work: impl AsyncFnOnce(Vec<ServiceDatabase>) -> Result<T, Failure>) -> Result<T, Failure> {
        let config = self.services.read()?;
        let only = self.service;
        let services: Vec<Service> =
            Service::all().filter(|&service| only.is_none_or(|only| only == service)).collect();
        let is_told = self.databases.is_on_command_line();
        let own = |service: Service| if is_told { None } else { split::own_database_url(service) };
        if let Some(urls) = services.iter().map(|&service| Some((service, own(service)?))).collect() {
            return work(open(urls, &config).await?).await;
        }
        let place = match split::server(&config)? {
            Some(server) if !is_told => Place::of(server),
            _ => self.databases.find().await?,
        };
        let url = |service| own(service).unwrap_or_else(|| place.server.database(service));
        let urls = services.into_iter().map(|service| (service, url(service))).collect();
        let outcome = async { work(open(urls, &config).await?).await }.await;
        place.close().await;
        outcome
    }
}

async fn open(urls: Vec<(Service, String)>, config: &ServicesConfig) -> Result<Vec<ServiceDatabase>, Failure> {
    let mut opened = Vec::new();
    for (service, url) in urls {
        let database = own_database::open(service, &url, DatabaseConfig::default()).await?;
        opened.push(ServiceDatabase { service, database, config: config.clone() });
    }
    Ok(opened)
}

impl ServiceDatabase {
    /// A connection to it.
    pub async fn connection(&self) -> Result<Connection, Failure> {
        self.database.connection().await.map_err(|error| self.failed(&error))
    }

    /// Where the catalogue is, if it is this service's, as it is: nothing is made there.
    pub async fn catalogue(&self) -> Result<CatalogueStore, Failure> {
        CatalogueStore::open(self.service, &self.config.catalogue).await
    }

    /// What to tell of an error of its database.
    pub fn failed(&self, error: &dyn std::error::Error) -> Failure {
        Failure::environment(format!(
            "{}: {}; `supergraph migrate` makes what is missing",
            self.service.name(),
            chain(error)
        ))
    }
}
