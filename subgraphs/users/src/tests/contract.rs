//! The exported contract and the seeds.

use super::*;

#[test]
fn the_contract_needs_no_database_and_never_varies() {
    let sdl = crate::sdl();
    assert_eq!(sdl, crate::sdl());
    for part in [
        "import: [\"@key\", \"@shareable\"])",
        "type User @key(fields: \"id\") {",
        "type PageInfo @shareable {",
        "  users(",
        "union UpdateProfileError = InvalidProfileError | EmailTakenError | UserNotFoundError",
    ] {
        assert!(sdl.contains(part), "{part} in:\n{sdl}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn loads_ten_thousand_users() {
    use std::sync::atomic::{AtomicU64, Ordering};

    let database = TestDatabase::create(crate::NAME, crate::MIGRATIONS).await;
    let reported = AtomicU64::new(0);
    let progress = |rows| reported.store(rows, Ordering::Relaxed);
    let full = Seed { size: SeedSize::Full, progress: &progress };
    let rows = crate::seed(database.database(), full).await.unwrap();
    assert_eq!(rows, 10_000 + 10_000 + 3_333);
    assert!(reported.load(Ordering::Relaxed) >= 20_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn seeds_twice_as_once() {
    let fixture = Fixture::new().await;
    let small = Seed { size: SeedSize::Small, progress: &|_| {} };
    let rows = crate::seed(fixture.database.database(), small).await.unwrap();
    assert_eq!(rows, 0);
    let response = fixture.run(&administrator(), "{ users(first: 100) { edges { node { name } } } }").await;
    let edges = response["data"]["users"]["edges"].as_array().unwrap();
    assert_eq!(edges.len(), 24);
    assert_eq!(edges[0]["node"]["name"], "Ada Admin");
}
