//! What clients have written, from their requests to subgraphs and from subgraphs' answers to them.

use std::sync::Arc;

use bytes::Bytes;
use futures::FutureExt;
use http::{HeaderMap, HeaderValue};
use indexmap::IndexMap;

use crate::fetch::{InProcess, InProcessAnswer, RoutedFetch};
use crate::testing::{Canned, Door, supergraph};
use crate::{Config, Edition};

const MUTATION: &str = "mutation { rename(id: \"1\", name: \"Ada\") { name score } }";

/// Subgraphs that say in their answers what `says` has for them, and in their data what they were told.
fn door(config: Config, says: [(&'static str, &'static str); 2]) -> Door {
    let in_process = says.map(|(name, says)| {
        let call = move |_: Bytes, _: Option<Arc<str>>, headers: HeaderMap| {
            let told = headers.get("x-read-after").map(|told| told.to_str().unwrap().to_owned()).unwrap_or_default();
            let user = format!(r#"{{"__typename":"User","id":"1","name":"{told}"}}"#);
            let data = match name {
                "users" => format!(r#"{{"user":{user},"rename":{user}}}"#),
                _ => r#"{"_entities":[{"__typename":"User","score":7}]}"#.to_owned(),
            };
            let mut headers = HeaderMap::new();
            if !says.is_empty() {
                headers.insert("x-read-after", HeaderValue::from_static(says));
            }
            async move { Ok(InProcessAnswer { body: format!(r#"{{"data":{data}}}"#).into(), headers }) }.boxed()
        };
        (name.to_owned(), InProcess::new(call))
    });
    let fetch = RoutedFetch::new(&config, &supergraph(), IndexMap::from(in_process)).unwrap();
    Door::serving(Edition::new(config, supergraph(), Arc::new(fetch)), Arc::new(Canned::default()))
}

async fn post(door: &Door, query: &str, told: &str) -> (String, String) {
    let answer = door.post(&serde_json::json!({ "query": query }).to_string(), &[("x-read-after", told)]).await;
    let data = &answer.json()["data"];
    let user = if data["rename"].is_object() { &data["rename"] } else { &data["user"] };
    (
        user["name"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned(),
        answer.header("x-read-after").to_owned(),
    )
}

#[tokio::test]
async fn what_subgraphs_say_is_one_header_and_what_the_client_says_reaches_them() {
    let door = door(Config::default(), [("users", "users=0/5"), ("scores", "scores=1/A,users=0/3")]);
    let (told, says) = post(&door, MUTATION, "users=0/2").await;
    assert_eq!((told.as_str(), says.as_str()), ("users=0/2", "scores=1/A,users=0/5"), "of each the latest");
}

#[tokio::test]
async fn what_is_not_of_the_form_says_nothing_and_where_nothing_is_written_there_is_no_header() {
    let door = door(Config::default(), [("users", "everything"), ("scores", "")]);
    let (_, says) = post(&door, "{ user(id: \"1\") { name score } }", "users=0/2").await;
    assert_eq!(says, "");
}

#[tokio::test]
async fn who_does_not_want_it_to_travel_says_so() {
    let mut config = Config::default();
    config.headers.read_after = false;
    let door = door(config, [("users", "users=0/5"), ("scores", "scores=1/A")]);
    assert_eq!(post(&door, MUTATION, "users=0/2").await, (String::new(), String::new()));
}
