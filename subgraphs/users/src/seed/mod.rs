//! Demo users: Ada the administrator, Carla the customer, and many others.
//!
//! Everything about a user follows from its number, so the same users come out
//! every time, and the other services know their ids.

mod names;

use chrono::{DateTime, TimeDelta, Utc};
use kit::{
    Database,
    database::DatabaseError,
    seed::{self, CopyWriter, EPOCH_UNIX_SECONDS, Seed},
};

use self::names::{CITIES, FAMILY_NAMES, GIVEN_NAMES, STREETS};

/// How many rows go by between two reports of progress.
const PROGRESS_ROWS: u64 = 1_000;

/// Loads users and their addresses in one transaction; the rows loaded. A
/// database that was seeded before is left as it is, and 0 comes back.
///
/// # Errors
/// [`DatabaseError::Bulk`] when the database refuses; nothing is loaded then.
pub async fn seed(database: &Database, seed: Seed<'_>) -> Result<u64, DatabaseError> {
    let mut client = database.bulk_connection().await?;
    let transaction = client.transaction().await?;
    let administrator = seed::user_id(seed::ADMINISTRATOR).to_string();
    let found = transaction.query_opt("SELECT 1 FROM users WHERE id::text = $1", &[&administrator]).await?;
    if found.is_some() {
        return Ok(0);
    }
    let users = copy_users(transaction.client(), seed).await?;
    let addresses = copy_addresses(transaction.client(), seed, users).await?;
    transaction.batch_execute("ANALYZE users, addresses").await?;
    transaction.commit().await?;
    Ok(users + addresses)
}

async fn copy_users(client: &kit::seed::Client, seed: Seed<'_>) -> Result<u64, DatabaseError> {
    let columns = &["id", "name", "email", "locale", "created_at", "updated_at"];
    let mut copy = CopyWriter::start(client, "users", columns).await?;
    for number in 1..=seed.size.users() {
        let person = Person::new(number);
        let created_at = created_at(number).to_rfc3339();
        copy.value(seed::user_id(number))
            .value(&person.name)
            .value(&person.email)
            .value(person.locale)
            .value(&created_at)
            .value(&created_at)
            .end_row()
            .await?;
        report(seed, number);
    }
    copy.finish().await
}

async fn copy_addresses(client: &kit::seed::Client, seed: Seed<'_>, before: u64) -> Result<u64, DatabaseError> {
    let columns = &["id", "user_id", "label", "recipient", "street", "city", "postal_code", "country", "created_at"];
    let mut copy = CopyWriter::start(client, "addresses", columns).await?;
    for number in 1..=seed.size.users() {
        let person = Person::new(number);
        let mut random = seed::random("address", number);
        // Every third user also has things sent to work.
        let labels: &[&str] = if number % 3 == 0 { &["Home", "Work"] } else { &["Home"] };
        for (label, nth) in labels.iter().zip(0_u64..) {
            let city = pick(&CITIES, &mut random);
            copy.value(seed::seeded_id("address", number * 10 + nth))
                .value(seed::user_id(number))
                .value(label)
                .value(&person.name)
                .value(format_args!("{} {}", pick(&STREETS, &mut random), random.u32(1..200)))
                .value(city.name)
                .value(format_args!("{}{:03}", city.postal_prefix, random.u32(0..1000)))
                .value(city.country)
                .value(created_at(number).to_rfc3339())
                .end_row()
                .await?;
        }
        report(seed, before + copy.rows());
    }
    copy.finish().await
}

/// What a seeded user is called.
struct Person {
    name: String,
    email: String,
    locale: &'static str,
}

impl Person {
    fn new(number: u64) -> Self {
        let mut random = seed::random("person", number);
        let (given, family) = match number {
            seed::ADMINISTRATOR => ("Ada", "Admin"),
            seed::CUSTOMER => ("Carla", "Customer"),
            _ => (*pick(&GIVEN_NAMES, &mut random), *pick(&FAMILY_NAMES, &mut random)),
        };
        let (local_given, local_family) = (given.to_lowercase(), family.to_lowercase());
        let email = match number {
            seed::ADMINISTRATOR | seed::CUSTOMER => {
                format!("{local_given}.{local_family}@example.com")
            }
            _ => format!("{local_given}.{local_family}.{number}@example.com"),
        };
        Self {
            name: format!("{given} {family}"),
            email,
            locale: *pick::<&str>(&["en", "de", "fr", "nl", "es", "it", "pt-BR"], &mut random),
        }
    }
}

/// Accounts are made one after another, some minutes apart.
fn created_at(number: u64) -> DateTime<Utc> {
    let minutes = i64::try_from(number).unwrap_or(i64::MAX / 1_000);
    let epoch = DateTime::from_timestamp(EPOCH_UNIX_SECONDS, 0).unwrap_or_default();
    epoch.checked_add_signed(TimeDelta::minutes(minutes.saturating_mul(7))).unwrap_or(epoch)
}

fn report(seed: Seed<'_>, rows: u64) {
    if rows.is_multiple_of(PROGRESS_ROWS) {
        (seed.progress)(rows);
    }
}

fn pick<'a, T>(choices: &'a [T], random: &mut kit::seed::Random) -> &'a T {
    #[expect(clippy::indexing_slicing, reason = "the index is below the length")]
    &choices[random.usize(0..choices.len())]
}
