//! A customer and an administrator who read: what they have written themselves, and all that there is. No read of theirs may fail.

use std::time::Duration;

use kit::testing::wait_within;
use serde_json::{Value, json};

use super::client::{self, Answer};

/// How long others may take to see what was written without being told: it is a moment, and patience with a loaded machine.
const SEEN_WITHIN: Duration = Duration::from_secs(60);

/// See the module.
#[derive(Clone, Debug)]
pub struct Callers {
    /// Where they ask.
    pub graphql: String,
    /// The customer's token.
    pub customer: String,
    /// The administrator's.
    pub administrator: String,
}

impl Callers {
    /// An answer without errors, no older than `read_after`.
    pub async fn ask(&self, token: &str, query: &str, read_after: Option<&str>) -> Answer {
        let mut request = reqwest::Client::new().post(&self.graphql).bearer_auth(token);
        request = request.header("content-type", "application/json").body(json!({ "query": query }).to_string());
        if let Some(read_after) = read_after {
            request = request.header("x-read-after", read_after);
        }
        let answer = client::send(request).await;
        assert!(answer.json()["errors"].is_null(), "{query}: {answer:?}");
        answer
    }

    /// Names are written and read back, so often: by the writer without a word, and by another one with what the writer was told.
    pub async fn write_and_read_back(&self, state: &str, times: usize) {
        let id = self.ask(&self.customer, "{ me { id } }", None).await.json()["data"]["me"]["id"].clone();
        let of_user = format!("{{ user(id: {id}) {{ name }} }}");
        for round in 0..times {
            let name = format!("{state} {round}");
            let change = format!("mutation {{ updateProfile(input: {{ name: \"{name}\" }}) {{ user {{ name }} }} }}");
            let changed = self.ask(&self.customer, &change, None).await;
            let read_after = changed.header("x-read-after");
            assert!(read_after.starts_with("users="), "{changed:?}");
            let own = self.ask(&self.customer, "{ me { name } }", None).await;
            assert_eq!(own.json()["data"]["me"]["name"], Value::from(name.as_str()));
            assert_eq!(own.header("x-read-after"), "", "nothing was written");
            let others = self.ask(&self.administrator, &of_user, Some(&read_after)).await;
            assert_eq!(others.json()["data"]["user"]["name"], Value::from(name.as_str()));
        }
        let last = format!("{state} {}", times - 1);
        wait_within(SEEN_WITHIN, "others to see it without being told", async || {
            let seen = self.ask(&self.administrator, &of_user, None).await;
            (seen.json()["data"]["user"]["name"] == last.as_str()).then_some(())
        })
        .await;
    }

    /// A product's price is raised and read back, so often: by the administrator without a word, and by the customer with what the
    /// administrator was told. Nobody else changes it.
    pub async fn raise_price_and_read_back(&self, product: &str, times: usize) {
        let query = format!("{{ product(id: \"{product}\") {{ version price {{ amountMinor currency }} }} }}");
        for _ in 0..times {
            let before = self.ask(&self.administrator, &query, None).await.json()["data"]["product"].clone();
            let version = before["version"].as_i64().expect("a version");
            let minor: i64 =
                before["price"]["amountMinor"].as_str().and_then(|text| text.parse().ok()).expect("an amount");
            let raised = json!({ "amountMinor": (minor + 1).to_string(), "currency": before["price"]["currency"] });
            let change = format!(
                "mutation {{ changePrice(input: {{ id: \"{product}\", expectedVersion: {version}, \
                 price: {{ amountMinor: {0}, currency: {1} }} }}) {{ product {{ version }} errors {{ __typename }} }} }}",
                raised["amountMinor"], raised["currency"],
            );
            let changed = self.ask(&self.administrator, &change, None).await;
            assert_eq!(
                changed.json()["data"]["changePrice"]["product"]["version"],
                version + 1,
                "{before}: {changed:?}"
            );
            let read_after = changed.header("x-read-after");
            assert!(read_after.starts_with("products="), "{changed:?}");
            for (token, read_after) in [(&self.administrator, None), (&self.customer, Some(read_after.as_str()))] {
                let read = self.ask(token, &query, read_after).await;
                assert_eq!(read.json()["data"]["product"]["price"], raised, "{read:?}");
            }
        }
    }

    /// Pieces of the first product come in and are read back, so often: by the administrator without a word, and by the customer with
    /// what the administrator was told. Nobody buys any.
    pub async fn restock_and_read_back(&self, times: usize) {
        let first = self.ask(&self.administrator, "{ products(first: 1) { edges { node { id stock } } } }", None).await;
        let product = first.json()["data"]["products"]["edges"][0]["node"].clone();
        let stock = product["stock"].as_i64().expect("a stock");
        let query = format!("{{ product(id: {}) {{ stock }} }}", product["id"]);
        let change = format!(
            "mutation {{ restock(input: {{ id: {}, quantity: 1 }}) {{ product {{ stock }} errors {{ __typename }} }} }}",
            product["id"]
        );
        for stock in (stock + 1..).take(times) {
            let changed = self.ask(&self.administrator, &change, None).await;
            assert_eq!(changed.json()["data"]["restock"]["product"]["stock"], stock, "{changed:?}");
            let read_after = changed.header("x-read-after");
            assert!(read_after.starts_with("stock="), "{changed:?}");
            for (token, read_after) in [(&self.administrator, None), (&self.customer, Some(read_after.as_str()))] {
                let read = self.ask(token, &query, read_after).await;
                assert_eq!(read.json()["data"]["product"]["stock"], stock, "{read:?}");
            }
        }
    }

    /// What one page over all services says to who may see all of it.
    pub async fn read_everything(&self) {
        let query = "{ products(first: 2) { edges { node { id stock } } } users(first: 5) { edges { node { name addresses { city } \
            notifications(first: 1) { edges { node { id } } } orders(first: 3) { edges { node { number status \
            lines { product { name price { amountMinor } } } payments { status } } } } } } } }";
        let answer = self.ask(&self.administrator, query, None).await;
        assert!(answer.text.contains("\"price\""), "{answer:?}");
    }
}
