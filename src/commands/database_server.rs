//! The server that the services' databases are on: a configured one, or the embedded one. Shared by the commands that use all of them.

use std::path::PathBuf;

use crate::data_folder::{self, DataFolder};
use crate::failure::Failure;
use crate::postgres::{Server, Source, running};
use crate::shop::database_urls;
use crate::shop::server_url::ServerUrl;
use crate::stack;

/// Arguments that say where the databases are.
#[derive(Debug, clap::Args)]
pub struct DatabaseArguments {
    /// A PostgreSQL server, as postgres://name:password@host:5432; without it an embedded one is started [env: DATABASE_URL]
    // The variable isn't read by the argument: a service's own goes between the two.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// The folder that keeps the data [default: the platform's data folder]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Where the embedded PostgreSQL's programs come from
    #[arg(long, env = "SUPERGRAPH_POSTGRES", default_value = "auto", value_name = "SOURCE")]
    postgres: Source,
}

/// An open server of databases.
pub struct Place {
    /// Its URL.
    pub server: ServerUrl,
    /// The embedded server, if it is one.
    pub embedded: Option<Server>,
    /// The data folder, locked while the embedded server runs.
    _folder: Option<DataFolder>,
}

impl DatabaseArguments {
    /// The server's URL and the data folder, as they were given.
    pub fn given(self) -> (Option<String>, Option<PathBuf>) {
        (self.url(), self.data_dir)
    }

    /// The server's URL, if the command line names one.
    pub fn told(&self) -> Option<&str> {
        self.database_url.as_deref().filter(|url| !url.is_empty())
    }

    /// The server's URL, if the command line or the environment names one.
    fn url(&self) -> Option<String> {
        self.told().map(str::to_owned).or_else(database_urls::last)
    }

    /// Starts the embedded server if no URL is given.
    pub async fn open(self) -> Result<Place, Failure> {
        match self.url() {
            Some(url) => Place::at(&url),
            None => self.open_embedded().await,
        }
    }

    /// As [`Self::open`], but a server that another process runs on the data folder is used as it is.
    pub async fn find(self) -> Result<Place, Failure> {
        if self.url().is_none() {
            let folder = data_folder::place(self.data_dir.clone())?;
            let embedded = running::url(&folder).map_err(Failure::environment)?;
            for url in embedded.into_iter().chain(stack::postgres_of(&folder)?) {
                if tokio_postgres::connect(&url, tokio_postgres::NoTls).await.is_ok() {
                    return Place::at(&url);
                }
            }
        }
        self.open().await
    }

    /// As [`Self::open`], with the data folder in any case: `dev` keeps its keys there.
    pub async fn open_with_folder(self) -> Result<(Place, DataFolder), Failure> {
        let folder = DataFolder::open(self.data_dir.clone())?;
        let place = match self.url() {
            Some(url) => Place::at(&url)?,
            None => embedded(&folder, self.postgres).await?,
        };
        Ok((place, folder))
    }

    async fn open_embedded(self) -> Result<Place, Failure> {
        let folder = DataFolder::open(self.data_dir)?;
        let place = embedded(&folder, self.postgres).await?;
        Ok(Place { _folder: Some(folder), ..place })
    }
}

async fn embedded(folder: &DataFolder, source: Source) -> Result<Place, Failure> {
    let server = Server::start(folder.path(), source, &[]).await.map_err(Failure::environment)?;
    let url = ServerUrl::parse(&server.url("postgres"))?;
    Ok(Place { server: url, embedded: Some(server), _folder: None })
}

impl Place {
    /// A server that others run.
    pub fn at(url: &str) -> Result<Self, Failure> {
        ServerUrl::parse(url).map(Self::of)
    }

    /// The same, its URL read.
    pub fn of(server: ServerUrl) -> Self {
        Self { server, embedded: None, _folder: None }
    }

    /// Stops the embedded server, if it is one.
    pub async fn close(self) {
        if let Some(server) = self.embedded {
            server.stop().await;
        }
    }
}
