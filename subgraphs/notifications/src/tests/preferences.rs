//! Each user as the user wishes: ways, nights, digests.

use mail_parser::MessageParser;
use serde_json::json;
use std::sync::atomic::Ordering;

use super::{House, inbox, nodes, placed};
use crate::{delivery::Errand, domain::retry::Schedule};

#[tokio::test(flavor = "multi_thread")]
async fn users_are_told_by_the_ways_that_they_want() {
    let house = House::open().await;
    let (inbox_only, mail_only, nothing) = (house.user(2, &["IN_APP"]), house.user(3, &["EMAIL"]), house.user(4, &[]));
    let nobody = kit::seed::user_id(99);
    for user in [inbox_only, mail_only, nothing, nobody] {
        house.hear(&placed(user, 7)).await;
    }
    house.work().await;
    assert_eq!(nodes(&inbox(&house, inbox_only).await).len(), 1);
    for user in [mail_only, nothing, nobody] {
        assert_eq!(nodes(&inbox(&house, user).await).len(), 0);
    }
    assert_eq!(house.mail.taken().len(), 1);
    assert_eq!(house.mail.taken()[0].to, ["user3@example.org"]);
    assert_eq!(house.told().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_that_changes_before_the_mail_goes_out_counts() {
    let house = House::open().await;
    house.set_clock("2026-01-10T23:00:00Z");
    let quiet = json!({ "quietHours": { "from": "22:00", "to": "07:00" } });
    let user = house.user_with(2, &["EMAIL"], quiet);
    let mut placed = placed(user, 7);
    placed.time = Some("2026-01-10T23:00:00Z".parse().unwrap());
    house.hear(&placed).await;
    house.work().await;
    house.user(2, &["IN_APP"]);
    house.hurry().await;
    house.work().await;
    assert!(house.mail.taken().is_empty());
    assert_eq!(house.texts("SELECT status FROM delivery").await, ["DROPPED"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_waits_for_the_end_of_the_night_in_which_the_clock_changes() {
    for (now, hours, morning) in [
        // From ten in the evening, or eleven, to seven. Berlin's clocks go from 2 to 3 in this night, and from 3 to 2 in that one.
        ("2026-03-28T21:00:00Z", 8, "2026-03-29T05:00:00Z"),
        ("2026-10-24T21:00:00Z", 9, "2026-10-25T06:00:00Z"),
    ] {
        let house = House::open().await;
        house.set_clock(now);
        let user =
            house.user_with(2, &["IN_APP", "EMAIL"], json!({ "quietHours": { "from": "22:00", "to": "07:00" } }));
        let mut placed = placed(user, 7);
        placed.time = Some(now.parse().unwrap());
        house.hear(&placed).await;
        house.work().await;
        assert_eq!(nodes(&inbox(&house, user).await).len(), 1, "the inbox doesn't wait");
        // However often it is looked, the mail goes out in the morning and not before.
        for _ in 0..3 {
            let waits =
                "SELECT round(extract(epoch FROM due_at - created_at) / 3600)::bigint FROM job WHERE state = 'waiting'";
            assert_eq!(house.count(waits).await, hours, "{now}");
            house.hurry().await;
            house.work().await;
            assert!(house.mail.taken().is_empty());
        }
        house.set_clock(morning);
        house.hurry().await;
        house.work().await;
        assert_eq!(house.mail.taken().len(), 1, "{now}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_tells_a_day_in_one_mail() {
    let house = House::open().await;
    let user = house.user_with(2, &["IN_APP", "EMAIL"], json!({ "digest": "DAILY" }));
    for number in 1..=3 {
        house.hear(&placed(user, number)).await;
        house.work().await;
    }
    assert!(house.mail.taken().is_empty());
    assert_eq!(nodes(&inbox(&house, user).await).len(), 3, "the inbox doesn't wait");
    assert_eq!(house.texts("SELECT status FROM delivery").await, ["COLLECTING"]);
    let due = "SELECT to_char(due_at AT TIME ZONE 'Europe/Berlin', 'HH24:MI') FROM job WHERE state = 'waiting'";
    assert_eq!(house.texts(due).await, ["08:00"]);
    house.hurry().await;
    house.work().await;
    let taken = house.mail.taken();
    assert_eq!(taken.len(), 1);
    let mail = MessageParser::default().parse(taken[0].text.as_bytes()).unwrap();
    assert_eq!(mail.subject(), Some("Supergraph: 3 pieces of news"));
    let text = mail.body_text(0).unwrap();
    let places: Vec<_> = (1..=3).map(|number| text.find(&format!("* Your order SG-{number:08}")).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
    let mailed = house.told().await.into_iter().filter(|(_, data)| data["channel"] == "EMAIL").count();
    assert_eq!(mailed, 3);
    // What comes later is for the next day's.
    house.hear(&placed(user, 4)).await;
    house.work().await;
    assert_eq!(house.texts("SELECT status FROM delivery ORDER BY created_at").await, ["SENT", "COLLECTING"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_that_is_closed_gets_nothing_more() {
    let house = House::open().await;
    let user = house.user_with(2, &["EMAIL"], json!({ "digest": "DAILY" }));
    house.hear(&placed(user, 1)).await;
    house.work().await;
    // The server fails: the digest is closed and waits. What comes meanwhile begins another one.
    house.mail.script(&[super::mail_server::Fault::HangUpAt("MAIL")]);
    house.hurry().await;
    house.work().await;
    house.hear(&placed(user, 2)).await;
    house.work().await;
    assert_eq!(house.texts("SELECT status FROM delivery ORDER BY created_at").await, ["PENDING", "COLLECTING"]);
    house.hurry().await;
    house.work().await;
    let subjects: Vec<_> =
        house.mail.taken().iter().map(|taken| super::mail_server::header(&taken.text, "Subject")).collect();
    assert_eq!(subjects, ["Supergraph: one piece of news"; 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_users_service_is_away_everything_waits_and_nothing_is_lost() {
    let house = House::open().await;
    let user = house.user(2, &["IN_APP", "EMAIL"]);
    house.book.is_away.store(true, Ordering::Relaxed);
    house.hear(&placed(user, 7)).await;
    for _ in 0..3 {
        house.work().await;
        house.hurry().await;
    }
    assert_eq!(house.count("SELECT count(*) FROM notification WHERE planned_at IS NULL").await, 1);
    house.book.is_away.store(false, Ordering::Relaxed);
    house.work().await;
    assert_eq!((house.mail.taken().len(), nodes(&inbox(&house, user).await).len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_say_for_a_night_is_for_the_inbox() {
    let house = House::open().await;
    let user = house.user(2, &["EMAIL"]);
    house.book.is_away.store(true, Ordering::Relaxed);
    house.hear(&placed(user, 7)).await;
    let last = (1..).take_while(|failures| Schedule::CONTACT.after(*failures).is_some()).last().unwrap();
    for _ in 0..=last {
        house.work().await;
        house.hurry().await;
    }
    assert_eq!(nodes(&inbox(&house, user).await).len(), 1);
    assert_eq!(house.count("SELECT count(*) FROM job WHERE finished_at IS NULL").await, 0);
    let payload = house.texts("SELECT payload FROM job ORDER BY created_at DESC LIMIT 1").await.remove(0);
    assert_eq!(serde_json::from_str::<Errand>(&payload).unwrap().failures, last);
}
