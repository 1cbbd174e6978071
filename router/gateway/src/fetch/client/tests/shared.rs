//! One connection of HTTP/2 for all calls of an origin.

use std::time::Duration;

use tokio::net::TcpListener;
use url::Url;

use super::server::{RULES, Server, ask};
use crate::config::Http2;
use crate::fetch::client::{Rules, Target};

#[tokio::test]
async fn calls_at_once_share_the_first_connection() {
    let server = Server::plain().await;
    let client = server.client(Http2::PriorKnowledge, RULES);
    for _ in 0..2 {
        let asked = (0..50).map(|_| ask(&client, &server.url));
        futures::future::join_all(asked).await.into_iter().for_each(|told| assert!(told.unwrap().contains("HTTP/2.0")));
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_connection_that_rested_too_long_is_made_anew() {
    let server = Server::plain().await;
    let rules = Rules { rest_time_max: Duration::from_millis(50), ..RULES };
    let client = server.client(Http2::PriorKnowledge, rules);
    ask(&client, &server.url).await.unwrap();
    tokio::time::sleep(Duration::from_millis(60)).await;
    ask(&client, &server.url).await.unwrap();
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn what_was_refused_is_sent_on_a_new_connection_even_if_it_changes_something() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut connection = h2::server::handshake(stream).await.unwrap();
                let mut number = 0;
                // One request a connection is worked on.
                while let Some(Ok((_, mut answer))) = connection.accept().await {
                    match number {
                        0 => drop(answer.send_response(http::Response::new(()), true)),
                        _ => answer.send_reset(h2::Reason::REFUSED_STREAM),
                    }
                    number += 1;
                }
            });
        }
    });
    let server = Server { url, ..Server::plain().await };
    let client = server.client(Http2::PriorKnowledge, RULES);
    for _ in 0..4 {
        assert_eq!(ask(&client, &server.url).await.unwrap(), "");
    }
}

#[tokio::test]
async fn who_does_not_answer_a_connection_is_given_up_by_all_at_once() {
    // Nobody listens any more.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let server = Server { url, ..Server::plain().await };
    let client = server.client(Http2::PriorKnowledge, RULES);
    for failed in futures::future::join_all((0..5).map(|_| ask(&client, &server.url))).await {
        let text = failed.unwrap_err().text;
        assert!(text.contains("refused"), "{text}");
    }
}

#[test]
fn what_an_address_says_beside_the_place_becomes_headers() {
    let headers = |text: &str| {
        let (url, mut headers) = (Url::parse(text).unwrap(), http::HeaderMap::new());
        let target = Target::new(&url).unwrap();
        target.add_headers(&url, &mut headers).unwrap();
        let shown = |name| headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        [target.absolute().to_string(), target.relative().to_string(), shown("host"), shown("authorization")]
    };
    assert_eq!(headers("http://a:80"), ["http://a/", "/", "a", ""]);
    assert_eq!(
        headers("http://b%40c:p@[::1]:8080/x?y#z"),
        ["http://[::1]:8080/x?y", "/x?y", "[::1]:8080", "Basic YkBjOnA="]
    );
    assert_eq!(
        headers("https://bücher.example:443/ä b?\"|{}"),
        ["https://xn--bcher-kva.example/%C3%A4%20b?%22|{}", "/%C3%A4%20b?%22|{}", "xn--bcher-kva.example", ""]
    );
}
