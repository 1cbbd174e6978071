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
    let bar = progress::bar(service.name(), service.parts().seeded_rows(size));
    let told = bar.clone();
    let progress = move |rows| told.set_position(rows);
    let rows = service.parts().seed(resources, Seed { size, progress: &progress }).await;
    bar.finish_and_clear();
    rows.map_err(|reason| Failure::environment(format!("cannot load the {} data: {reason}", service.name())))
}

/// Why a database has no data, where all of it is loaded in one transaction.
pub fn kept_nothing(error: DatabaseError) -> String {
    format!("{}; nothing of it was kept", chain(&error))
}
