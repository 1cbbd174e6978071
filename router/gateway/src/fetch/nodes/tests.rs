//! Nodes through the whole gateway, over subgraphs that know some objects and refuse some.

use std::sync::Mutex;

use axum::body::Body;
use executor::AnswerHeaders;
use http::Request;
use serde_json::{Value, json};
use tower::ServiceExt;
use uuid::Uuid;

use super::*;
use crate::testing::{Answer, Nothing};
use crate::{Config, Edition, Gateway};

const SUPERGRAPH: &str = r#"
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY) { query: Query }
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
scalar join__FieldSet
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
enum join__Graph {
  NODES @join__graph(name: "nodes", url: "nodes:Order=orders,Secret=users,User=users")
  ORDERS @join__graph(name: "orders", url: "http://127.0.0.1:1/graphql")
  USERS @join__graph(name: "users", url: "http://127.0.0.1:1/graphql")
}
interface Node @join__type(graph: NODES) { id: ID! }
type Query @join__type(graph: NODES) @join__type(graph: ORDERS) @join__type(graph: USERS) {
  node(id: ID!): Node @join__field(graph: NODES)
  nodes(ids: [ID!]!): [Node] @join__field(graph: NODES)
}
type Order implements Node @join__implements(graph: NODES, interface: "Node")
  @join__type(graph: NODES, key: "id", resolvable: false) @join__type(graph: ORDERS, key: "id") {
  id: ID!
  number: String @join__field(graph: ORDERS)
}
type Secret implements Node @join__implements(graph: NODES, interface: "Node")
  @join__type(graph: NODES, key: "id", resolvable: false) @join__type(graph: USERS, key: "id") @inaccessible {
  id: ID!
}
type User implements Node @join__implements(graph: NODES, interface: "Node")
  @join__type(graph: NODES, key: "id", resolvable: false) @join__type(graph: ORDERS, key: "id") @join__type(graph: USERS, key: "id") {
  id: ID!
  name: String @join__field(graph: USERS)
  orderCount: Int @join__field(graph: ORDERS)
}
"#;

fn id(ty: &str, number: u128) -> String {
    wire::id::encode(ty, Uuid::from_u128(number))
}

/// Objects 1 to 9 are there, 10 to 19 are somebody else's, 20 is a fault, and there are no others. What the orders know of users
/// they say of any.
#[derive(Default)]
struct Shop {
    received: Mutex<Vec<(u16, Value, Option<String>)>>,
    down: Option<u16>,
}

impl Shop {
    fn entity(subgraph: u16, index: usize, representation: &Value) -> (Value, Option<Value>) {
        let (ty, id) = (representation["__typename"].as_str().unwrap(), representation["id"].as_str().unwrap());
        let number = wire::id::decode(ty, id).unwrap().as_u128();
        let refused = |code: &str| {
            let path = json!(["_entities", index]);
            (Value::Null, Some(json!({ "message": "no", "path": path, "extensions": { "code": code } })))
        };
        match number {
            _ if (subgraph, ty) == (1, "User") => (json!({ "__typename": "User", "id": id, "orderCount": 3 }), None),
            1..=9 => (json!({ "__typename": ty, "id": id, "name": "Ada", "number": "A-1" }), None),
            10..=19 => refused("FORBIDDEN"),
            20 => refused("INTERNAL_SERVER_ERROR"),
            _ => (Value::Null, None),
        }
    }
}

impl Fetch for Shop {
    fn fetch<'a>(
        &'a self,
        request: SubgraphRequest,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Responses, FetchError>> {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let subgraph = request.subgraph.0;
        assert_ne!(subgraph, 0, "nobody is called for nodes");
        let identity = context.identity.as_deref().map(str::to_owned);
        self.received.lock().unwrap().push((subgraph, body.clone(), identity));
        let representations = body["variables"].as_object().unwrap().values().next().unwrap().as_array().unwrap();
        let all = representations.iter().enumerate().map(|(index, each)| Self::entity(subgraph, index, each));
        let (entities, errors): (Vec<Value>, Vec<Option<Value>>) = all.unzip();
        let errors: Vec<Value> = errors.into_iter().flatten().collect();
        let answer = json!({ "data": { "_entities": entities }, "errors": errors }).to_string();
        let answer = if self.down == Some(subgraph) { Err(FetchError::Timeout) } else { Ok(answer.into()) };
        async move { Ok(stream::once(std::future::ready(Ok(answer?))).boxed()) }.boxed()
    }
}

fn supergraph(text: &str) -> Arc<Supergraph> {
    Arc::new(Supergraph::parse(text, federation::Limits::default()).expect("the test supergraph loads"))
}

async fn ask_of(shop: Shop, query: &str, variables: Value) -> (Value, Vec<(u16, Value, Option<String>)>) {
    let shop = Arc::new(shop);
    let edition = Edition::new(Config::default(), supergraph(SUPERGRAPH), Arc::clone(&shop) as _);
    let gateway = Gateway::of(edition, Arc::new(Nothing)).unwrap();
    let body = json!({ "query": query, "variables": variables }).to_string();
    let request = Request::post("/graphql").header("content-type", "application/json").body(Body::from(body)).unwrap();
    let answer = Answer::read(gateway.router().oneshot(request).await.unwrap()).await.json();
    let received = shop.received.lock().unwrap().clone();
    (answer, received)
}

async fn ask(query: &str, variables: Value) -> Value {
    ask_of(Shop::default(), query, variables).await.0
}

#[tokio::test]
async fn a_node_has_the_fields_of_its_type_from_whoever_has_them() {
    let query =
        "query ($id: ID!) { node(id: $id) { __typename id ... on User { name orderCount } ... on Order { number } } }";
    let user = id("User", 1);
    let answer = ask(query, json!({ "id": user })).await;
    let expected = json!({ "__typename": "User", "id": user, "name": "Ada", "orderCount": 3 });
    assert_eq!(answer, json!({ "data": { "node": expected } }));
    let order = id("Order", 2);
    let literal = format!("{{ it: node(id: \"{order}\") {{ key: id ...F }} }} fragment F on Order {{ number }}");
    assert_eq!(ask(&literal, json!({})).await, json!({ "data": { "it": { "key": order, "number": "A-1" } } }));
}

/// What nothing but the type is asked of, as well: the id alone proves nothing.
#[tokio::test]
async fn what_is_not_there_or_not_ones_own_is_null_alike() {
    for number in [10, 99] {
        for selection in ["id", "__typename", "... on Order { number }", "... on User { orderCount }"] {
            for ty in ["Order", "User"] {
                let query = format!("{{ node(id: \"{}\") {{ {selection} }} }}", id(ty, number));
                assert_eq!(ask(&query, json!({})).await, json!({ "data": { "node": null } }), "{query}");
            }
        }
    }
}

#[tokio::test]
async fn ids_of_nothing_are_null_without_a_question() {
    let upper = id("Order", 10).to_uppercase();
    for text in ["", "7", "é", &id("Basket", 1), &id("Secret", 1), &upper, &"A".repeat(10_000)] {
        let (answer, received) =
            ask_of(Shop::default(), "query ($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": text }))
                .await;
        assert_eq!((answer, received.len()), (json!({ "data": { "node": null } }), 0), "{text}");
    }
}

/// The identity that goes to an owner is that of the call, which is the one that goes to whoever has the other fields.
#[tokio::test]
async fn a_node_is_asked_for_in_the_callers_name() {
    let shop = Arc::new(Shop::default());
    let fetch = NodesFetch::around(Arc::clone(&shop) as _, &supergraph(SUPERGRAPH)).unwrap();
    let context = RequestContext {
        identity: Some("signed".into()),
        headers: Arc::default(),
        deadline: std::time::Instant::now() + std::time::Duration::from_secs(60),
        cancellation: Default::default(),
        trace_id: "trace".into(),
        answer_headers: AnswerHeaders::default(),
    };
    let body = json!({ "query": format!("{{ node(id: \"{}\") {{ __typename }} }}", id("Order", 1)) }).to_string();
    let request =
        SubgraphRequest { subgraph: SubgraphId(0), body: body.into(), named: 0, idempotent: executor::Idempotent::Yes };
    let answer = fetch.fetch(request, &context).await.unwrap().next().await.unwrap().unwrap();
    assert_eq!(&answer[..], br#"{"data":{"node":{"__typename":"Order"}}}"#);
    let received = shop.received.lock().unwrap();
    assert_eq!((received.len(), received[0].2.as_deref()), (1, Some("signed")));
}

#[tokio::test]
async fn many_stand_in_their_order_and_each_owner_is_asked_once() {
    let ids =
        [id("User", 1), id("Order", 99), id("Order", 3), id("User", 11), "x".to_owned(), id("User", 2), id("User", 1)];
    let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } node(id: \"again\") { id } }";
    let (answer, received) = ask_of(Shop::default(), query, json!({ "ids": ids })).await;
    let there = |index: usize| json!({ "id": ids[index] });
    let expected = json!([there(0), null, there(2), null, null, there(5), there(6)]);
    assert_eq!(answer, json!({ "data": { "nodes": expected, "node": null } }));
    let mut asked: Vec<(u16, usize)> = received
        .iter()
        .map(|(subgraph, body, _)| (*subgraph, body["variables"]["representations"].as_array().unwrap().len()))
        .collect();
    asked.sort_unstable();
    assert_eq!(asked, [(1, 2), (2, 3)]);
}

#[tokio::test]
async fn an_owner_that_cannot_say_is_an_error_with_its_code() {
    let query = "query ($id: ID!) { node(id: $id) { id } }";
    let variables = || json!({ "id": id("Order", 1) });
    let (answer, _) = ask_of(Shop { down: Some(1), ..Shop::default() }, query, variables()).await;
    assert_eq!((&answer["data"]["node"], &answer["errors"][0]["path"]), (&Value::Null, &json!(["node"])));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "SUBREQUEST_TIMEOUT", "{answer}");
    let answer = ask(query, json!({ "id": id("Order", 20) })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL_SERVER_ERROR", "{answer}");
    // The others are there all the same.
    let ids = json!({ "ids": [id("User", 1), id("Order", 1)] });
    let (answer, _) =
        ask_of(Shop { down: Some(1), ..Shop::default() }, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids)
            .await;
    assert_eq!(answer["data"]["nodes"], json!([{ "id": id("User", 1) }, null]));
    assert_eq!(answer["errors"][0]["path"], json!(["nodes", 1]));
}

#[tokio::test]
async fn more_than_a_page_is_refused_without_a_question() {
    let ids: Vec<String> = (1..=101).map(|number| id("Order", number)).collect();
    let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let (answer, received) = ask_of(Shop::default(), query, json!({ "ids": ids })).await;
    assert_eq!((&answer["data"]["nodes"], received.len()), (&Value::Null, 0));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
}

#[test]
fn owners_that_cannot_be_asked_are_refused_at_the_start() {
    for (from, to, says) in [
        ("nodes:Order=orders,", "nodes:Order=nobody,", "no subgraph nobody"),
        ("nodes:Order=orders,", "nodes:Order=users,", "users can't be asked for Order"),
        ("nodes:Order=orders,", "nodes:Basket=orders,", "orders can't be asked for Basket"),
    ] {
        let supergraph = supergraph(&SUPERGRAPH.replace(from, to));
        let error = NodesFetch::around(Arc::new(Shop::default()), &supergraph).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}
