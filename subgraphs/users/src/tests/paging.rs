//! The users connection.

use super::*;

async fn page(fixture: &Fixture, arguments: &str) -> Value {
    let query = format!(
        "{{ users({arguments}) {{ edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
    );
    let response = fixture.run(&administrator(), &query).await;
    assert_eq!(codes(&response), [""; 0], "{response}");
    response["data"]["users"].clone()
}

fn ids(page: &Value) -> Vec<String> {
    let edges = page["edges"].as_array().unwrap();
    edges.iter().map(|edge| edge["node"]["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn walks_all_users_forward_and_backward() {
    let fixture = Fixture::new().await;
    let all: Vec<String> = (1..=24).map(user).collect();
    let mut forward = Vec::new();
    let mut arguments = "first: 7".to_owned();
    loop {
        let page = page(&fixture, &arguments).await;
        forward.extend(ids(&page));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        arguments = format!("first: 7, after: {}", page["pageInfo"]["endCursor"]);
    }
    assert_eq!(forward, all);

    let mut backward = Vec::new();
    let mut arguments = "last: 5".to_owned();
    loop {
        let page = page(&fixture, &arguments).await;
        backward.splice(0..0, ids(&page));
        if page["pageInfo"]["hasPreviousPage"] == false {
            break;
        }
        arguments = format!("last: 5, before: {}", page["pageInfo"]["startCursor"]);
    }
    assert_eq!(backward, all);
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_arguments_that_make_no_page() {
    let fixture = Fixture::new().await;
    for arguments in ["first: 101", "first: -1", "first: 1, last: 1", r#"after: "x""#] {
        let query = format!("{{ users({arguments}) {{ edges {{ cursor }} }} }}");
        let response = fixture.run(&administrator(), &query).await;
        assert_eq!(codes(&response), ["INVALID_PAGINATION"], "{arguments}");
    }
}
