//! What every storage does.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _};
use kit::objects::{LinkTerms, ObjectError, ObjectKey, ObjectStorage, Stored, put};
use kit::testing::wait_for;
use reqwest::StatusCode;

use super::folder::Served;
use super::gateway::Gateway;

/// More than one part, and no whole number of them.
const LONG: usize = 20 * 1024 * 1024 + 7;
/// Objects that S3 lists at once.
const PAGE: usize = 1_000;

/// Each check on each storage.
macro_rules! behaviour {
    ($($check:ident),+ $(,)?) => {
        mod s3 {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $check() {
                let gateway = super::Gateway::start().await;
                super::$check(&gateway.bucket().await).await;
            })+
        }
        mod folder {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $check() {
                let served = super::Served::start().await;
                super::$check(&served.storage()).await;
            })+
        }
    };
}

behaviour![
    an_object_is_written_found_walked_past_and_removed,
    all_are_walked_past_in_order_however_many_they_are,
    a_long_one_is_written_in_parts_and_read_back_whole,
    what_is_not_finished_is_no_object,
    another_one_takes_its_place_whole,
    one_that_is_too_long_is_refused,
    a_link_says_how_it_is_to_be_saved,
    a_link_that_was_changed_opens_nothing,
    a_link_expires,
];

fn key(text: &str) -> ObjectKey {
    ObjectKey::parse(text).unwrap()
}

async fn fetch(url: &str) -> reqwest::Response {
    reqwest::get(url).await.unwrap()
}

async fn read(storage: &Arc<dyn ObjectStorage>, key: &ObjectKey) -> Bytes {
    let link = storage.link(key, &LinkTerms::named("a")).await.unwrap();
    let answer = fetch(&link.url).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.bytes().await.unwrap()
}

async fn walk(storage: &Arc<dyn ObjectStorage>, folder: &str, after: Option<&ObjectKey>) -> Vec<ObjectKey> {
    let folder = key(folder);
    let walked: Vec<Stored> = storage.walk(&folder, after).try_collect().await.unwrap();
    walked.into_iter().map(|stored| stored.key).collect()
}

async fn an_object_is_written_found_walked_past_and_removed(storage: &Arc<dyn ObjectStorage>) {
    let (one, other) = (key("exports/orders/one.csv"), key("exports/payments/two.csv"));
    assert_eq!(storage.find(&one).await.unwrap(), None);
    assert_eq!(put(&**storage, &one, Bytes::from_static(b"a,b\r\n")).await.unwrap(), 5);
    assert_eq!(put(&**storage, &other, Bytes::new()).await.unwrap(), 0);
    let found = storage.find(&one).await.unwrap().unwrap();
    assert_eq!((&found.key, found.bytes), (&one, 5));
    let age = chrono::Utc::now() - found.written_at;
    assert!(age.num_minutes().abs() < 5, "{age}");
    assert_eq!(walk(storage, "exports/orders", None).await, std::slice::from_ref(&one));
    assert_eq!(walk(storage, "exports", None).await, [one.clone(), other]);
    assert_eq!(walk(storage, "nothing", None).await, []);
    storage.remove(&one).await.unwrap();
    assert_eq!(storage.find(&one).await.unwrap(), None);
    storage.remove(&one).await.unwrap();
}

/// More than a page of S3's has.
async fn all_are_walked_past_in_order_however_many_they_are(storage: &Arc<dyn ObjectStorage>) {
    let number = |number: usize| key(&format!("invoices/{number}.pdf"));
    let all = PAGE + 5;
    let put_one = |which| {
        let key = number(which);
        async move { put(&**storage, &key, Bytes::from_static(b"a")).await.unwrap() }
    };
    futures::stream::iter(0..all).map(put_one).buffer_unordered(16).count().await;
    let in_order: Vec<ObjectKey> = (0..all).map(number).collect::<BTreeSet<_>>().into_iter().collect();
    assert_eq!(walk(storage, "invoices", None).await, in_order);
    // From where one was broken off, whether that object is still there or not.
    for place in [0, 2, PAGE, all - 1] {
        let (before, behind) = in_order.split_at(place + 1);
        let last = before.last().unwrap();
        assert_eq!(walk(storage, "invoices", Some(last)).await, behind, "{place}");
        storage.remove(last).await.unwrap();
        assert_eq!(walk(storage, "invoices", Some(last)).await, behind, "{place}");
    }
    assert_eq!(walk(storage, "exports", None).await, []);
}

async fn a_long_one_is_written_in_parts_and_read_back_whole(storage: &Arc<dyn ObjectStorage>) {
    let (key, whole) = (key("long"), long());
    let mut upload = storage.begin(&key, u64::MAX).await.unwrap();
    for part in whole.chunks(1_000_003) {
        upload.write(whole.slice_ref(part)).await.unwrap();
    }
    assert_eq!(upload.finish().await.unwrap(), LONG as u64);
    assert_eq!(storage.find(&key).await.unwrap().unwrap().bytes, LONG as u64);
    // Not with assert_eq, which would print it.
    assert!(read(storage, &key).await == whole);
}

async fn what_is_not_finished_is_no_object(storage: &Arc<dyn ObjectStorage>) {
    let (dropped, aborted) = (key("dropped"), key("aborted"));
    let mut upload = storage.begin(&dropped, u64::MAX).await.unwrap();
    upload.write(long()).await.unwrap();
    drop(upload);
    let mut upload = storage.begin(&aborted, u64::MAX).await.unwrap();
    upload.write(long()).await.unwrap();
    upload.abort().await;
    assert_eq!(storage.find(&dropped).await.unwrap(), None);
    assert_eq!(storage.find(&aborted).await.unwrap(), None);
    let upload = storage.begin(&aborted, u64::MAX).await.unwrap();
    upload.abort().await;
    assert_eq!(storage.find(&aborted).await.unwrap(), None);
}

async fn another_one_takes_its_place_whole(storage: &Arc<dyn ObjectStorage>) {
    let key = key("a/b.pdf");
    put(&**storage, &key, Bytes::from_static(b"the first, which is longer")).await.unwrap();
    let mut upload = storage.begin(&key, u64::MAX).await.unwrap();
    upload.write(Bytes::from_static(b"the second")).await.unwrap();
    assert_eq!(read(storage, &key).await, "the first, which is longer");
    upload.finish().await.unwrap();
    assert_eq!(read(storage, &key).await, "the second");
}

async fn one_that_is_too_long_is_refused(storage: &Arc<dyn ObjectStorage>) {
    let key = key("bounded");
    let mut upload = storage.begin(&key, 4).await.unwrap();
    upload.write(Bytes::from_static(b"1234")).await.unwrap();
    assert!(matches!(upload.write(Bytes::from_static(b"5")).await, Err(ObjectError::TooLong(4))));
    assert!(upload.write(Bytes::new()).await.is_err());
    assert!(upload.finish().await.is_err());
    assert_eq!(storage.find(&key).await.unwrap(), None);
}

async fn a_link_says_how_it_is_to_be_saved(storage: &Arc<dyn ObjectStorage>) {
    let key = key("invoices/0192.pdf");
    put(&**storage, &key, Bytes::from_static(b"%PDF-")).await.unwrap();
    let link = storage.link(&key, &LinkTerms::named("SG-00000042.pdf")).await.unwrap();
    let left = link.expires_at - chrono::Utc::now();
    assert!((590..=600).contains(&left.num_seconds()), "{left}");
    let answer = fetch(&link.url).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let header = |name: &str| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/pdf");
    assert_eq!(header("content-disposition"), "attachment; filename=\"SG-00000042.pdf\"");
    assert_eq!(header("content-length"), "5");
    // A link is signed for an object that isn't there as well, and then finds nothing.
    let missing = storage.link(&ObjectKey::parse("invoices/none.pdf").unwrap(), &LinkTerms::named("a")).await.unwrap();
    assert_eq!(fetch(&missing.url).await.status(), StatusCode::NOT_FOUND);
}

async fn a_link_that_was_changed_opens_nothing(storage: &Arc<dyn ObjectStorage>) {
    let (one, other) = (key("one.pdf"), key("other.pdf"));
    put(&**storage, &one, Bytes::from_static(b"mine")).await.unwrap();
    put(&**storage, &other, Bytes::from_static(b"theirs")).await.unwrap();
    let link = storage.link(&one, &LinkTerms::named("one.pdf")).await.unwrap().url;
    assert_eq!(fetch(&link).await.status(), StatusCode::OK);
    let parsed = reqwest::Url::parse(&link).unwrap();
    let mut changed = vec![link.replacen("one.pdf", "other.pdf", 1), link.replacen("one.pdf", "%2e%2e/one.pdf", 1)];
    // Without each part of what it says, and with another one.
    for (name, value) in parsed.query_pairs() {
        let without = parsed.query_pairs().filter(|(other, _)| *other != name);
        let mut url = parsed.clone();
        url.query_pairs_mut().clear().extend_pairs(without);
        changed.push(url.to_string());
        url.query_pairs_mut().append_pair(&name, &format!("1{value}"));
        changed.push(url.to_string());
    }
    changed.push(link.split('?').next().unwrap().to_owned());
    for url in changed {
        let answer = fetch(&url).await;
        assert!(answer.status().is_client_error(), "{url}: {}", answer.status());
        let body = answer.text().await.unwrap();
        assert!(!body.contains("mine") && !body.contains("theirs"), "{url}");
    }
}

async fn a_link_expires(storage: &Arc<dyn ObjectStorage>) {
    let key = key("short");
    put(&**storage, &key, Bytes::from_static(b"mine")).await.unwrap();
    let terms = LinkTerms::named("a").within(Duration::from_secs(1));
    let link = storage.link(&key, &terms).await.unwrap();
    let closed = async || Some(fetch(&link.url).await.status()).filter(|&status| status != StatusCode::OK);
    assert_eq!(wait_for("the link to expire", closed).await, StatusCode::FORBIDDEN);
}

/// Bytes of which no part is another one.
fn long() -> Bytes {
    (0..LONG).map(|place| u8::try_from((place ^ (place >> 8) ^ (place >> 16)) & 0xff).unwrap()).collect()
}
