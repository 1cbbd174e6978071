//! What `dev` stands on: an embedded PostgreSQL and nothing else, or the real services.

use std::path::PathBuf;

use clap::ValueEnum;

use crate::commands::database_server::{DatabaseArguments, Place};
use crate::data_folder::DataFolder;
use crate::failure::Failure;
use crate::shop::config::{PaymentsConfig, ServicesConfig, ServicesFile};
use crate::stack::Stack;

/// Which services.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Choice {
    /// An embedded PostgreSQL, which is the message bus as well.
    #[default]
    Embedded,
    /// PostgreSQL with a hot standby, Redis, Pulsar, and servers of MongoDB's and S3's protocols, as `tests/services/install` installs
    /// them; those that the services' file names are used as they are
    Real,
}

/// Arguments that say which.
#[derive(Debug, clap::Args)]
pub struct GroundArguments {
    #[command(flatten)]
    databases: DatabaseArguments,
    #[command(flatten)]
    services: ServicesFile,
    /// What the shop stands on
    #[arg(long, default_value = "embedded", value_name = "WHICH")]
    stack: Choice,
    /// Where the start files of `--stack real` are
    #[arg(long, default_value = "tests/services", value_name = "DIR")]
    services_dir: PathBuf,
}

/// What was opened.
pub struct Ground {
    /// Where the databases are.
    pub place: Place,
    /// The data folder.
    pub folder: DataFolder,
    /// What the services use.
    pub services: ServicesConfig,
    stack: Option<Stack>,
}

impl GroundArguments {
    /// Starts what has to be started.
    pub async fn open(self) -> Result<Ground, Failure> {
        let services = self.services.read()?;
        // Where nobody says who moves the money, it is played.
        let payments = services.payments.or(Some(PaymentsConfig::Test));
        let services = ServicesConfig { payments, ..services };
        if self.stack == Choice::Embedded {
            let (place, folder) = self.databases.open_with_folder().await?;
            return Ok(Ground { place, folder, services, stack: None });
        }
        let (url, data_dir) = self.databases.given();
        let given = url.or_else(|| services.databases.server.as_ref().map(|url| url.expose().to_owned()));
        let folder = DataFolder::open(data_dir)?;
        let stack = Stack::start(&self.services_dir, &folder, &services, given.as_deref()).await?;
        let place = Place::at(&given.unwrap_or_else(|| stack.addresses.postgres()))?;
        let services = stack.addresses.complete(services)?;
        Ok(Ground { place, folder, services, stack: Some(stack) })
    }
}

impl Ground {
    /// Waits for the end of a service that nobody asked for, and says which; for ever if none was started.
    pub async fn ended(&mut self) -> String {
        match (&mut self.place.embedded, &mut self.stack) {
            (Some(server), _) => format!("PostgreSQL ended: {}", server.ended().await),
            (None, Some(stack)) => stack.ended().await,
            (None, None) => std::future::pending().await,
        }
    }

    /// Stops what was started.
    pub async fn close(self) {
        self.place.close().await;
        if let Some(stack) = self.stack {
            stack.stop().await;
        }
    }
}
