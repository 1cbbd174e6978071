//! Encrypted connections, and the version that is agreed on.

use super::server::{RULES, Server, ask};
use crate::config::Http2;

#[tokio::test]
async fn the_version_is_agreed_on() {
    let rows = [
        (&["h2", "http/1.1"][..], Http2::Negotiated, "HTTP/2.0"),
        (&["http/1.1"], Http2::Negotiated, "HTTP/1.1"),
        (&[], Http2::Negotiated, "HTTP/1.1"),
        (&["h2"], Http2::PriorKnowledge, "HTTP/2.0"),
        (&[], Http2::PriorKnowledge, "HTTP/2.0"),
    ];
    for (versions, http2, expected) in rows {
        let server = Server::encrypted(versions).await;
        let client = server.client(http2, RULES);
        for _ in 0..3 {
            let told = ask(&client, &server.url).await.unwrap();
            assert_eq!(
                told,
                format!("{expected} {} /a%20b?c=%C3%A4 2", server.url.authority()),
                "{versions:?} {http2:?}"
            );
        }
        assert_eq!(server.connections(), 1, "{versions:?} {http2:?}");
    }
}

#[tokio::test]
async fn calls_at_once_end_up_on_one_connection_where_http2_is_agreed_on() {
    let server = Server::encrypted(&["h2"]).await;
    let client = server.client(Http2::Negotiated, RULES);
    for _ in 0..2 {
        let asked = (0..10).map(|_| ask(&client, &server.url));
        futures::future::join_all(asked).await.into_iter().for_each(|told| assert!(told.unwrap().contains("HTTP/2.0")));
    }
    let made = server.connections();
    assert!(made <= 10, "{made}");
    ask(&client, &server.url).await.unwrap();
    assert_eq!(server.connections(), made);
}

#[tokio::test]
async fn nobody_is_trusted_without_reason() {
    let server = Server::encrypted(&["http/1.1"]).await;
    let stranger = Server::encrypted(&["http/1.1"]).await;
    let client = Server { roots: stranger.roots.clone(), ..server.clone() }.client(Http2::Negotiated, RULES);
    let failure = ask(&client, &server.url).await.err().unwrap();
    assert!(failure.text.contains("certificate"), "{}", failure.text);

    let mut elsewhere = server.url.clone();
    elsewhere.set_host(Some("127.0.0.1")).unwrap();
    let server = Server { url: elsewhere, ..server.clone() };
    let failure = ask(&server.client(Http2::Negotiated, RULES), &server.url).await.err().unwrap();
    assert!(failure.text.contains("certificate"), "{}", failure.text);
}
