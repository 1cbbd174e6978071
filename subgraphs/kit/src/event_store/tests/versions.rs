//! Events that other builds wrote.

use super::*;

/// Puts an event into the store as another build would have.
async fn written(database: &Database, name: &str, version: i16, data: &str) -> Uuid {
    let (client, id) = (database.bulk_connection().await.unwrap(), Uuid::now_v7());
    let write = "WITH head AS (UPDATE event_head SET position = position + 1 RETURNING position) \
        INSERT INTO event (position, stream, stream_id, version, type, type_version, data, metadata, recorded_at) \
        SELECT position, 'account', $1::text::uuid, 1, $2, $3, $4, '{\"unknown\":1}', now() FROM head";
    client.execute(write, &[&id.to_string(), &name, &version, &data]).await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn older_ones_are_made_into_the_newest_step_by_step() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let database = test.database();
    for (version, data) in [(1, r#"{"amount":3}"#), (2, r#"{"units":3}"#), (3, r#"{"cents":300}"#)] {
        let id = written(database, "deposited", version, data).await;
        assert_eq!(account(database, id).await.state().cents, 300, "version {version}");
    }
    let events = read_after(&mut database.connection().await.unwrap(), 0, 10).await.unwrap();
    assert_eq!(events[0].data, r#"{"amount":3}"#, "what is stored stays as it is");
    assert!(events.iter().all(|event| event.metadata() == Metadata::default()));
}

#[tokio::test(flavor = "multi_thread")]
async fn optional_fields_of_a_later_build_are_passed_over() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let id = written(test.database(), "deposited", 3, r#"{"cents":5,"currency":"EUR"}"#).await;
    assert_eq!(account(test.database(), id).await.state().cents, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_this_build_cannot_read_stops_it_with_the_reason() {
    let test = TestDatabase::create("kit", MIGRATIONS).await;
    let database = test.database();
    let reason = async |name, version, data| {
        let id = written(database, name, version, data).await;
        match load::<Account>(&mut database.connection().await.unwrap(), id).await {
            Err(StoreError::Unreadable { id: of, version: 1, source, .. }) if of == id => source,
            other => panic!("{other:?}"),
        }
    };
    let newer = reason("deposited", 4, r#"{"cents":5}"#).await;
    assert!(matches!(newer, ReadError::Newer { version: 4, known: 3, .. }), "{newer:?}");
    let unknown = reason("closed", 1, "{}").await;
    assert!(matches!(&unknown, ReadError::Unknown(name) if name == "closed"), "{unknown:?}");
    let not_json = reason("deposited", 1, "{").await;
    assert!(matches!(not_json, ReadError::Data(_)), "{not_json:?}");
    let other_shape = reason("withdrawn", 1, r#"{"cents":"5"}"#).await;
    assert!(matches!(other_shape, ReadError::Data(_)), "{other_shape:?}");
    let no_way = reason("deposited", 2, r#"{"amount":5}"#).await;
    assert!(matches!(no_way, ReadError::Upcast { version: 2, .. }), "{no_way:?}");
}

#[test]
fn reads_back_what_it_writes() {
    use crate::event_store::{EventSet as _, StoredData};
    for event in [deposited(5), Withdrawn { cents: -7 }.into()] {
        let StoredData { name, version, data } = event.to_stored().unwrap();
        assert_eq!(AccountEvent::from_stored(name, version, &data).unwrap(), event);
    }
}
