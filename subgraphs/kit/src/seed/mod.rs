//! Demo data: deterministic, and the same ids in every service.
//!
//! Services seed apart, each into its own database, and agree only on this
//! module's numbering: user 7 of users is user 7 of orders. Seeds must never
//! depend on time or on a random source.

mod copy;

use uuid::Uuid;

pub use copy::CopyWriter;
pub use fastrand::Rng as Random;
pub use tokio_postgres::Client;

/// The namespace of seeded ids. Made once; must never change.
const NAMESPACE: Uuid = Uuid::from_u128(0x5b0c_9a3e_7d1f_4c62_8e55_1f0a_93c4_7b21);

/// The number of the seeded administrator, Ada Admin.
pub const ADMINISTRATOR: u64 = 1;
/// The number of the seeded customer whom tokens are made for.
pub const CUSTOMER: u64 = 2;

/// How much is seeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeedSize {
    /// Enough to look around in.
    Small,
    /// Enough to measure.
    Full,
}

impl SeedSize {
    /// How many users: numbers 1 to this.
    #[must_use]
    pub fn users(self) -> u64 {
        match self {
            Self::Small => 24,
            Self::Full => 10_000,
        }
    }

    /// How many products: numbers 1 to this.
    #[must_use]
    pub fn products(self) -> u64 {
        match self {
            Self::Small => 60,
            Self::Full => 50_000,
        }
    }

    /// How many orders: numbers 1 to this.
    #[must_use]
    pub fn orders(self) -> u64 {
        self.users() * self.orders_per_user()
    }

    /// How many orders each user has placed.
    #[must_use]
    pub fn orders_per_user(self) -> u64 {
        match self {
            Self::Small => 3,
            Self::Full => 20,
        }
    }
}

/// A seeding run.
#[derive(Clone, Copy)]
pub struct Seed<'a> {
    /// How much.
    pub size: SeedSize,
    /// Told the number of rows loaded so far.
    pub progress: &'a (dyn Fn(u64) + Send + Sync),
}

/// The id of user `number`, from 1.
#[must_use]
pub fn user_id(number: u64) -> Uuid {
    seeded_id("user", number)
}

/// The id of product `number`, from 1.
#[must_use]
pub fn product_id(number: u64) -> Uuid {
    seeded_id("product", number)
}

/// The id of order `number`, from 1.
#[must_use]
pub fn order_id(number: u64) -> Uuid {
    seeded_id("order", number)
}

/// A version 5 UUID (RFC 9562) of `<kind>:<number>`.
#[must_use]
pub fn seeded_id(kind: &str, number: u64) -> Uuid {
    Uuid::new_v5(&NAMESPACE, format!("{kind}:{number}").as_bytes())
}

/// The random source of one seeded row: a row's data depends on its number
/// alone, whatever is seeded before it.
#[must_use]
pub fn random(kind: &str, number: u64) -> Random {
    let (high, low) = seeded_id(kind, number).as_u64_pair();
    Random::with_seed(high ^ low)
}

/// When seeded history begins: 2025-01-01T00:00:00Z, in Unix seconds.
pub const EPOCH_UNIX_SECONDS: i64 = 1_735_689_600;
