//! What is too much is refused before anything is written.

use super::{account::Deposited, *};
use crate::event_store::{APPEND_EVENTS_MAX, EVENT_BYTES_MAX};

async fn append_all(database: &Database, events: Vec<AccountEvent>, metadata: &Metadata) -> Result<u32, StoreError> {
    let events = &events;
    database
        .unit(async |connection| {
            append(connection, Loaded::<Account>::new(Uuid::now_v7()), events.clone(), metadata).await
        })
        .await
        .map(|loaded| loaded.version())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_append() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let (database, plain) = (test.database(), Metadata::default());
    let noted = |bytes: usize| {
        let frame = r#"{"cents":1,"note":""}"#.len();
        AccountEvent::from(Deposited { cents: 1, note: Some("n".repeat(bytes - frame)) })
    };
    let too_many = append_all(database, vec![deposited(1); APPEND_EVENTS_MAX + 1], &plain).await;
    assert!(matches!(too_many, Err(StoreError::TooMany { events: 1_001 })), "{too_many:?}");
    let too_long = append_all(database, vec![deposited(1), noted(EVENT_BYTES_MAX + 1)], &plain).await;
    assert!(matches!(too_long, Err(StoreError::TooLong { .. })), "{too_long:?}");
    let long_metadata = Metadata { actor: Some("a".repeat(5_000)), ..Metadata::default() };
    let refused = append_all(database, vec![deposited(1)], &long_metadata).await;
    assert!(matches!(refused, Err(StoreError::TooLong { .. })), "{refused:?}");
    assert_eq!(head(&mut database.connection().await.unwrap()).await.unwrap(), 0);

    assert_eq!(append_all(database, vec![deposited(1); APPEND_EVENTS_MAX], &plain).await.unwrap(), 1_000);
    assert_eq!(append_all(database, vec![noted(EVENT_BYTES_MAX)], &plain).await.unwrap(), 1);
}

/// However many may be asked for: 8 MiB and no more, but one event always.
#[tokio::test(flavor = "multi_thread")]
async fn of_one_read() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let database = test.database();
    let long: AccountEvent = Deposited { cents: 1, note: Some("n".repeat(200_000)) }.into();
    append_all(database, vec![long; 60], &Metadata::default()).await.unwrap();
    let mut connection = database.connection().await.unwrap();
    let (mut position, mut sizes) = (0, Vec::new());
    while position < 60 {
        let events = read_after(&mut connection, position, 1_000).await.unwrap();
        sizes.push(events.len());
        position = events.last().unwrap().position;
    }
    assert_eq!(sizes, [41, 19]);
}
