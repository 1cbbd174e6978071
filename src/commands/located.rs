//! Where the databases of several services are, for as long as a command works on them: as [`DatabaseUrls`] says, else on a server that
//! the command finds or starts.

use indexmap::IndexMap;

use super::database_server::{DatabaseArguments, Place};
use crate::failure::Failure;
use crate::shop::Service;
use crate::shop::config::ServicesConfig;
use crate::shop::database_urls::DatabaseUrls;

/// See the module.
pub struct Located {
    /// Each service's, password included, in the order in which they were asked for.
    pub urls: IndexMap<Service, String>,
    /// The server of those that have no variable of their own, if it is known.
    place: Option<Place>,
}

impl Located {
    /// Looks for those of `services`; `otherwise` opens the server of those of which nothing is said.
    pub async fn of(
        services: Vec<Service>,
        config: &ServicesConfig,
        arguments: DatabaseArguments,
        otherwise: impl AsyncFnOnce(DatabaseArguments) -> Result<Place, Failure>,
    ) -> Result<Self, Failure> {
        let said = DatabaseUrls::new(arguments.told(), config)?;
        let all: Option<IndexMap<_, _>> = services.iter().map(|&service| Some((service, said.url(service)?))).collect();
        if let Some(urls) = all {
            return Ok(Self { urls, place: said.server().cloned().map(Place::of) });
        }
        let place = otherwise(arguments).await?;
        let url = |service| said.url(service).unwrap_or_else(|| place.server.database(service));
        let urls = services.into_iter().map(|service| (service, url(service))).collect();
        Ok(Self { urls, place: Some(place) })
    }

    /// Makes the databases on the server that aren't there, and the message bus'. What has a URL of its own is made by who gave it one.
    pub async fn create_missing(&self) -> Result<(), Failure> {
        let Some(Place { server, .. }) = &self.place else { return Ok(()) };
        let is_there = |(&service, url): (&Service, &String)| (*url == server.database(service)).then_some(service);
        server.create_missing(self.urls.iter().filter_map(is_there)).await
    }

    /// Stops what was started for it.
    pub async fn close(self) {
        if let Some(place) = self.place {
            place.close().await;
        }
    }
}
