//! The statuses of the draft, where they are switched on.

use serde_json::json;

use crate::Config;
use crate::config::StatusCodes;
use crate::testing::{Canned, Door};

const LEGACY: &str = "application/json";
const STANDARD: &str = "application/graphql-response+json";

fn door() -> Door {
    let mut config = Config::default();
    config.http.status_codes = StatusCodes::Draft;
    let failing = Canned {
        answers: [Err(executor::FetchError::Timeout), Canned::default().answers[1].clone()],
        ..Canned::default()
    };
    Door::over(config, failing)
}

#[tokio::test]
async fn each_fault_has_the_status_of_the_draft() {
    let door = door();
    let query = |query: &str| json!({ "query": query }).to_string();
    let rows: [(String, u16, &str); 12] = [
        ("{".to_owned(), 400, "BAD_REQUEST"),
        ("[]".to_owned(), 422, "BATCHING_NOT_SUPPORTED"),
        ("{}".to_owned(), 422, "BAD_REQUEST"),
        (json!({ "qeury": "{__typename}" }).to_string(), 422, "BAD_REQUEST"),
        (json!({ "query": "{__typename}", "variables": [7] }).to_string(), 422, "BAD_REQUEST"),
        (query("{"), 400, "GRAPHQL_PARSE_FAILED"),
        (query("{ nothing }"), 422, "GRAPHQL_VALIDATION_FAILED"),
        (query("query A { __typename } query B { __typename }"), 422, "OPERATION_RESOLUTION_FAILURE"),
        (query("query($id: ID!) { user(id: $id) { name } }"), 422, "BAD_USER_INPUT"),
        (json!({ "extensions": { "persistedQuery": {} } }).to_string(), 200, "PERSISTED_QUERY_NOT_SUPPORTED"),
        (query("{ user(id: 1) { name } }"), 200, ""),
        (query("{ user(id: 1) { name score } }"), 294, "SUBREQUEST_TIMEOUT"),
    ];
    for (body, status, code) in rows {
        let standard = door.post(&body, &[("accept", STANDARD)]).await;
        assert_eq!((standard.status.as_u16(), standard.code().as_str()), (status, code), "{body}");
        assert!(standard.header("content-type").starts_with(STANDARD), "{body}");
        // Older clients get what is no success in the newer type, and never a status that nobody knows.
        let legacy = door.post(&body, &[("accept", LEGACY)]).await;
        assert_eq!(legacy.status.as_u16(), if status == 294 { 200 } else { status }, "{body}");
        let media = if legacy.status.is_success() { LEGACY } else { STANDARD };
        assert!(legacy.header("content-type").starts_with(media), "{body}: {}", legacy.header("content-type"));
    }
}

#[tokio::test]
async fn a_mutation_by_get_and_other_media_types_are_as_ever() {
    let door = door();
    let mutation = "/graphql?query=mutation%7Brename(id:1,name:%22x%22)%7Bid%7D%7D";
    assert_eq!(door.get(mutation, &[]).await.status.as_u16(), 405);
    assert_eq!(door.post("{}", &[("accept", "text/html")]).await.status.as_u16(), 406);
    assert_eq!(door.get("/graphql?query=%7B&variables=%7B", &[]).await.status.as_u16(), 400);
}
