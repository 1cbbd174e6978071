//! Which services' databases a command of operations looks into: those that are said ([`Located`]), else those of a running `dev`. It never
//! migrates them: it may run beside workers of another version.

use indexmap::IndexMap;
use kit::Database;
use kit::database::{Connection, DatabaseConfig, is_missing};

use super::database_server::DatabaseArguments;
use super::located::Located;
use crate::failure::{Failure, chain};
use crate::shop::catalogue::CatalogueStore;
use crate::shop::config::{ServicesConfig, ServicesFile};
use crate::shop::{Service, own_database};

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
        let located = Located::of(services, &config, self.databases, DatabaseArguments::find).await?;
        let outcome = async { work(open(&located.urls, &config).await?).await }.await;
        located.close().await;
        outcome
    }
}

async fn open(urls: &IndexMap<Service, String>, config: &ServicesConfig) -> Result<Vec<ServiceDatabase>, Failure> {
    let mut opened = Vec::new();
    for (&service, url) in urls {
        let database = own_database::open(service, url, DatabaseConfig::default()).await?;
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
    pub fn failed(&self, error: &(dyn std::error::Error + 'static)) -> Failure {
        let remedy = if is_missing(error) {
            "`supergraph migrate` makes what is missing"
        } else {
            "the log of its server may say more"
        };
        Failure::environment(format!("{}: {}; {remedy}", self.service.name(), chain(error)))
    }
}
