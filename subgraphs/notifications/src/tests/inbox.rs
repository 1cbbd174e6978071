//! The inbox: pages, reading, counts.

use kit::reexport::join_all;
use serde_json::{Value, json};

use super::{House, administrator, inbox, nodes, placed, reader};
use crate::UserId;
use kit::GlobalId as _;

const MARK: &str = "mutation ($input: MarkNotificationsReadInput!) { markNotificationsRead(input: $input) { \
    notifications { id readAt user { unreadNotificationCount } } errors { __typename } } }";
const MARK_ALL: &str = "mutation ($input: MarkAllNotificationsReadInput) { markAllNotificationsRead(input: $input) { \
    user { id unreadNotificationCount } errors { __typename } } }";

async fn filled(notifications: u64) -> (House, uuid::Uuid) {
    let house = House::open().await;
    let user = house.user(2, &["IN_APP"]);
    for number in 1..=notifications {
        house.hear(&placed(user, number)).await;
    }
    house.work().await;
    (house, user)
}

fn ids(inbox: &Value) -> Vec<String> {
    nodes(inbox).iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn walks_an_inbox_forward_and_backward_newest_first() {
    let (house, user) = filled(23).await;
    let all = ids(&inbox(&house, user).await);
    assert_eq!(all.len(), 23);
    let user_id = UserId::from_uuid(user).to_global();
    for (way, cursor, page_info) in
        [("first", "after", "hasNextPage endCursor"), ("last", "before", "hasPreviousPage startCursor")]
    {
        let query = format!(
            "query ($r: [_Any!]!, $cursor: String) {{ _entities(representations: $r) {{ ... on User {{ \
             notifications({way}: 7, {cursor}: $cursor) {{ edges {{ node {{ id }} }} pageInfo {{ {page_info} }} }} }} }} }}"
        );
        let (mut walked, mut at) = (Vec::new(), Value::Null);
        loop {
            let variables = json!({ "r": [{ "__typename": "User", "id": user_id }], "cursor": at });
            let answer = house.ask(&reader(user), &query, variables).await;
            let page = &answer["data"]["_entities"][0];
            if way == "first" {
                walked.extend(ids(page))
            } else {
                walked.splice(0..0, ids(page)).for_each(drop)
            }
            let info = &page["notifications"]["pageInfo"];
            let more = if way == "first" { "hasNextPage" } else { "hasPreviousPage" };
            at = info[if way == "first" { "endCursor" } else { "startCursor" }].clone();
            if info[more] == false {
                break;
            }
        }
        assert_eq!(walked, all, "{way}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_is_counted_no_more_and_told_once() {
    let (house, user) = filled(5).await;
    let all = ids(&inbox(&house, user).await);
    let two = json!({ "input": { "notificationIds": [all[0], all[3], all[0]] } });
    for _ in 0..2 {
        let marked = house.ask(&reader(user), MARK, two.clone()).await;
        let marked = marked["data"]["markNotificationsRead"]["notifications"].as_array().unwrap();
        assert_eq!(marked.len(), 3);
        assert!(marked.iter().all(|node| node["readAt"].is_string() && node["user"]["unreadNotificationCount"] == 3));
    }
    let user_id = UserId::from_uuid(user).to_global();
    let unread = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { notifications(unreadOnly: true) { edges { node { id } } } } } }";
    let answer = house.ask(&reader(user), unread, json!({ "r": [{ "__typename": "User", "id": user_id }] })).await;
    assert_eq!(ids(&answer["data"]["_entities"][0]), [all[1].clone(), all[2].clone(), all[4].clone()]);
    for _ in 0..2 {
        let marked = house.ask(&reader(user), MARK_ALL, json!({})).await;
        assert_eq!(marked["data"]["markAllNotificationsRead"]["user"]["unreadNotificationCount"], 0);
    }
    let read: Vec<_> =
        house.told().await.into_iter().filter(|(name, _)| name == "read").map(|(_, data)| data).collect();
    assert_eq!(read.len(), 2, "what changes nothing tells nothing");
    assert_eq!((&read[0]["unread"], read[0]["notification_ids"].as_array().unwrap().len()), (&json!(3), 2));
    assert_eq!((&read[1]["unread"], &read[1]["notification_ids"]), (&json!(0), &Value::Null));
}

/// Many read, and much comes, at the same time: each event's number is right for its place in the order.
#[tokio::test(flavor = "multi_thread")]
async fn counts_are_right_while_others_read_and_more_comes() {
    let (house, user) = filled(20).await;
    let all = ids(&inbox(&house, user).await);
    let reading = all.iter().map(|id| {
        let (house, input) = (&house, json!({ "input": { "notificationIds": [id] } }));
        async move { house.ask(&reader(user), MARK, input).await }
    });
    let coming = async {
        for number in 21..=30 {
            house.hear(&placed(user, number)).await;
        }
        house.work().await;
    };
    let (answers, ()) = futures::join!(join_all(reading), coming);
    assert!(answers.iter().all(|answer| answer["data"]["markNotificationsRead"]["errors"] == json!([])));
    assert_eq!(inbox(&house, user).await["unreadNotificationCount"], 10);
    let mut unread = 20_i64;
    for (name, data) in house.told().await.into_iter().skip(20) {
        unread += if name == "delivered" { 1 } else { -1 };
        if name == "read" {
            assert_eq!(data["unread"], unread);
        }
    }
    assert_eq!(unread, 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_that_name_nothing_or_somebody_elses_change_nothing() {
    let (house, user) = filled(2).await;
    let stranger = house.user(3, &["IN_APP"]);
    let all = ids(&inbox(&house, user).await);
    let unknown = crate::NotificationId::from_uuid(uuid::Uuid::from_u128(1)).to_global();
    let too_many = vec![all[0].clone(); 101];
    for (identity, list, expected) in [
        (reader(user), json!([all[0], unknown]), "NotificationNotFoundError"),
        (reader(user), json!([]), "InvalidNotificationListError"),
        (reader(user), json!(too_many), "InvalidNotificationListError"),
        (reader(stranger), json!([all[0]]), "NotificationNotFoundError"),
    ] {
        let answer = house.ask(&identity, MARK, json!({ "input": { "notificationIds": list } })).await;
        let payload = &answer["data"]["markNotificationsRead"];
        assert_eq!((&payload["notifications"], &payload["errors"][0]["__typename"]), (&Value::Null, &json!(expected)));
    }
    assert_eq!(inbox(&house, user).await["unreadNotificationCount"], 2);
    let by_administrator = json!({ "input": { "userId": UserId::from_uuid(user).to_global() } });
    let answer = house.ask(&administrator(), MARK_ALL, by_administrator).await;
    assert_eq!(answer["data"]["markAllNotificationsRead"]["user"]["unreadNotificationCount"], 0);
}

/// No N+1.
#[tokio::test(flavor = "multi_thread")]
async fn many_inboxes_take_as_many_statements_as_one() {
    let house = House::open().await;
    let users: Vec<_> = (1..=12).map(|number| house.user(number, &["IN_APP", "EMAIL"])).collect();
    for user in &users {
        for number in 1..=3 {
            house.hear(&placed(*user, number)).await;
        }
    }
    house.work().await;
    let query = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { unreadNotificationCount webhooks { id } \
        notifications(first: 3) { edges { node { title order { id } deliveries { status } } } } } } }";
    let representations: Vec<Value> =
        users.iter().map(|user| json!({ "__typename": "User", "id": UserId::from_uuid(*user).to_global() })).collect();
    let before = house.database.database().statements_executed();
    let answer = house.ask(&administrator(), query, json!({ "r": representations })).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    assert_eq!(house.database.database().statements_executed() - before, 4);
    assert_eq!(nodes(&answer["data"]["_entities"][11]).len(), 3);
}
