//! Demonstration data for all services: each fills its own database if that is empty.

use clap::ValueEnum;
use kit::Database;
use kit::seed::{Seed, SeedSize};

use super::Service;
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

/// Fills one service's database if it is empty; gives the rows loaded.
pub async fn seed(service: Service, database: &Database, size: SeedSize) -> Result<u64, Failure> {
    let bar = progress::bar(service.name(), expected(service, size));
    let told = bar.clone();
    let progress = move |rows| told.set_position(rows);
    let seed = Seed { size, progress: &progress };
    let rows = match service {
        Service::Users => users::seed(database, seed).await,
        Service::Products => products::seed(database, seed).await,
        Service::Stock => stock::seed(database, seed).await,
        Service::Orders => orders::seed(database, seed).await,
        // What is told and paid comes of what is done.
        Service::Payments | Service::Notifications => return Ok(0),
    };
    bar.finish_and_clear();
    rows.map_err(|error| {
        Failure::environment(format!(
            "cannot load the {} data: {}; nothing of it was kept",
            service.name(),
            chain(&error)
        ))
    })
}

/// About how many rows there will be; a bar needs no more.
fn expected(service: Service, size: SeedSize) -> u64 {
    match service {
        // A user has one or two addresses.
        Service::Users => size.users() * 7 / 3,
        Service::Products | Service::Stock => size.products(),
        // An order has two lines in the mean.
        Service::Orders => size.orders() * 3,
        Service::Payments | Service::Notifications => 0,
    }
}
