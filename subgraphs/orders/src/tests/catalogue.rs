//! The catalogue's adapter over both transports, against subgraphs that answer as they please.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures::future::BoxFuture;
use wire::identity::{Identity, Issuer, Signer, TrustedKey, Verifier};

use super::product_id;
use crate::catalogue::{Catalogue, CatalogueError, HttpCatalogue, HttpTransport, SubgraphCatalogue, Transport};
use crate::domain::Article;

fn article(product: u64) -> Article {
    Article { product_id: product_id(product), variant_id: None }
}

/// Answers with fixed bytes and keeps what it was handed.
struct Canned {
    answer: &'static str,
    identity: Arc<Mutex<String>>,
}

impl Transport for Canned {
    fn call(&self, _body: Bytes, identity: String) -> BoxFuture<'_, Result<Bytes, CatalogueError>> {
        *self.identity.lock().unwrap() = identity;
        Box::pin(async move { Ok(Bytes::from_static(self.answer.as_bytes())) })
    }
}

fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}

#[tokio::test]
async fn calls_as_the_service_orders() {
    let signer = Arc::new(Signer::generate().unwrap());
    let identity = Arc::new(Mutex::new(String::new()));
    let transport = Canned { answer: r#"{"data":{"_entities":[null]}}"#, identity: Arc::clone(&identity) };
    let catalogue = SubgraphCatalogue::over(transport, Arc::clone(&signer));
    assert_eq!(catalogue.quotes(&[article(1)]).await.unwrap(), []);
    let trusted = TrustedKey { public_key: signer.public_key(), issuer: Issuer::Service("orders".to_owned()) };
    let token = identity.lock().unwrap().clone();
    assert_eq!(Verifier::new(vec![trusted]).verify(&token, now()).unwrap(), Identity::service("orders"));
}

/// Serves one HTTP response to every connection.
async fn serve(response: String) -> reqwest::Url {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/graphql", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = [0; 8_192];
            let _ = socket.read(&mut request).await;
            let _ = socket.write_all(response.as_bytes()).await;
        }
    });
    url
}

fn response(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

async fn ask(url: reqwest::Url) -> Result<usize, CatalogueError> {
    let signer = Arc::new(Signer::generate().unwrap());
    let catalogue = HttpCatalogue::over(HttpTransport::new(url).unwrap(), signer);
    catalogue.quotes(&[article(1)]).await.map(|quotes| quotes.len())
}

#[tokio::test]
async fn reads_prices_over_http() {
    let id = product_id(1);
    let body = format!(
        r#"{{"data":{{"_entities":[{{"__typename":"Product","id":"{id}","sku":"CUP","name":"Cup","withdrawn":false,"variants":[],"price":{{"amountMinor":"5","currency":"EUR"}}}}]}}}}"#
    );
    assert_eq!(ask(serve(response("200 OK", &body)).await).await.unwrap(), 1);
}

#[tokio::test]
async fn tells_bad_answers_apart() {
    let refused = ask(serve(response("503 Service Unavailable", "busy")).await).await;
    assert!(matches!(refused, Err(CatalogueError::Status(503))));
    let html = ask(serve(response("200 OK", "<html>")).await).await;
    assert!(matches!(html, Err(CatalogueError::Malformed(_))));
    let endless = ask(serve(response("200 OK", &" ".repeat(1_200_000))).await).await;
    assert!(matches!(endless, Err(CatalogueError::TooLong(_))));
    let truncated = ask(serve("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_owned()).await).await;
    assert!(matches!(truncated, Err(CatalogueError::Transport(_))));
    let redirect = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    let redirected = ask(serve(redirect.to_owned()).await).await;
    assert!(matches!(redirected, Err(CatalogueError::Status(302))));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    assert!(matches!(ask(nobody).await, Err(CatalogueError::Transport(_))));
}
