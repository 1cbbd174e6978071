//! What a request's reader is told, beside what else happens to its user.

use std::sync::Arc;

use async_graphql::Data;
use wire::identity::Identity;

use super::*;
use crate::{caller::Caller, testing::TestDatabase};

fn request_of(user: &str) -> Data {
    request_with(user, None)
}

fn request_with(user: &str, header: Option<&str>) -> Data {
    let mut data = Data::default();
    data.insert(Handed::by_caller(header));
    data.insert(Caller::new(Identity::administrator(user)));
    data
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_reads_what_it_and_its_user_have_written() {
    let test = TestDatabase::empty("writers").await;
    let writers = Arc::new(RecentWriters::new("orders", test.database().clone(), None));
    let request = request_of("ann");
    let early = Reader::of_request(&request, &writers);
    assert_eq!(early.freshness().await, Freshness::Recent);
    let handed = writers.wrote(Some("ann")).await.to_string();
    let position = ReadAfter::parse(&handed).unwrap().position("orders").unwrap();
    assert_eq!(early.freshness().await, Freshness::Recent, "a request asks once");
    for (user, header, freshness) in [
        ("ann", None, Freshness::AtLeast(position)),
        ("bob", None, Freshness::Recent),
        ("bob", Some(handed.as_str()), Freshness::AtLeast(position)),
        ("bob", Some("nonsense"), Freshness::Recent),
    ] {
        let reader = Reader::of_request(&request_with(user, header), &writers);
        assert_eq!(reader.freshness().await, freshness, "{user} {header:?}");
    }
    let handed = early.wrote().await;
    let told = request.get(&std::any::TypeId::of::<Handed>()).unwrap().downcast_ref::<Handed>().unwrap().answer();
    assert_eq!(told, Some(handed.to_string()), "it goes to the caller");
    let later = handed.position("orders").unwrap();
    assert!(later >= position);
    assert_eq!(early.clone().freshness().await, Freshness::AtLeast(later));
    assert_eq!(Reader::anyone().freshness().await, Freshness::Recent);
    assert!(Reader::anyone().wrote().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_nobody_knows_how_far_a_write_got_the_primary_is_read() {
    let writers = Arc::new(RecentWriters::new("orders", Database::unconnected(), None));
    let reader = Reader::of_request(&request_of("ann"), &writers);
    assert!(reader.wrote().await.is_empty());
    assert_eq!(reader.freshness().await, Freshness::Latest);
    let next = Reader::of_request(&request_of("ann"), &writers);
    assert_eq!(next.freshness().await, Freshness::AtLeast(Lsn(u64::MAX)), "which no replica has");
}
