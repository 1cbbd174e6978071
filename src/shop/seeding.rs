//! Demonstration data for all services: each fills its own database if that is empty.

use clap::ValueEnum;
use kit::database::DatabaseError;
use kit::seed::{Seed, SeedSize};

use super::Service;
use super::resources::Resources;
use crate::failure::{Failure, chain};
use crate::progress;

/// How much demonstration data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SeedChoice {
    /// None.
    None,
    /// 24 users, 60 products, 3 orders a user
    Small,
    /// 10,000 users, 50,000 products, 200,000 orders
    Full,
}

impl SeedChoice {
    /// The size, if any.
    pub fn size(self) -> Option<SeedSize> {
        match self {
            Self::None => None,
            Self::Small => Some(SeedSize::Small),
            Self::Full => Some(SeedSize::Full),
        }
    }
}

/// Fills what one service keeps if that is empty; gives the rows loaded.
pub async fn seed(service: Service, resources: &Resources, size: SeedSize) -> Result<u64, Failure> {
    let bar = progress::bar(service.name(), expected(service, size));
    let told = bar.clone();
    let progress = move |rows| told.set_position(rows);
    let seed = Seed { size, progress: &progress };
    let database = &resources.database;
    let kept_nothing = |error: DatabaseError| format!("{}; nothing of it was kept", chain(&error));
    let rows = match service {
        Service::Users => users::seed(database, seed).await.map_err(kept_nothing),
        Service::Products => resources.catalogue.seed(database, seed).await,
        Service::Stock => stock::seed(database, seed).await.map_err(kept_nothing),
        Service::Orders => orders::seed(database, seed).await.map_err(kept_nothing),
        // What is told and paid comes of what is done.
        Service::Payments | Service::Notifications => Ok(0),
    };
    bar.finish_and_clear();
    rows.map_err(|reason| Failure::environment(format!("cannot load the {} data: {reason}", service.name())))
}

/// About how many rows there will be; a bar needs no more.
fn expected(service: Service, size: SeedSize) -> u64 {
    match service {
        // A user has one or two addresses.
        Service::Users => size.users() * 7 / 3,
        Service::Products | Service::Stock => size.products(),
        // What has happened to an order that was delivered.
        Service::Orders => size.orders() * 6,
        Service::Payments | Service::Notifications => 0,
    }
}
