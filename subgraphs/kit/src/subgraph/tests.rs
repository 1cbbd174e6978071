//! One path for all calls: who gets through, what comes back, in which order.

mod bounds;
mod entities;
mod http;
mod nulls;
mod scalars;

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use async_graphql::{Context, EmptyMutation, EmptySubscription, ID, Object, Schema, SimpleObject};
use bytes::Bytes;
use serde_json::{Value, json};
use wire::identity::Identity;

use super::{Access, Call, Root, SdlAccess, Subgraph, SubgraphBuilder};
use crate::{Batch, Caller, Entity, Error, Loader, Result, request_data, testing::TestIdentity};

struct Query;

#[derive(SimpleObject, Clone)]
struct Thing {
    id: ID,
    name: String,
}

struct Things(Arc<AtomicU64>);

type ThingLoader = Loader<String, Thing, Things>;

impl Batch<String, Thing> for Things {
    async fn load(&self, keys: &[String]) -> Result<HashMap<String, Thing>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        if keys.iter().any(|key| key == "broken") {
            return Err(Error::internal("the secret cause"));
        }
        let found = keys.iter().filter(|key| key.as_str() != "missing").map(|key| {
            let thing = Thing { id: ID(key.clone()), name: format!("thing {key}") };
            (key.clone(), thing)
        });
        Ok(found.collect())
    }
}

#[Object]
impl Query {
    async fn slow(&self) -> i32 {
        tokio::task::yield_now().await;
        1
    }

    async fn fast(&self) -> i32 {
        2
    }

    async fn who(&self, context: &Context<'_>) -> Result<Option<String>> {
        Ok(Caller::from_context(context)?.identity().subject.clone())
    }

    async fn fails(&self) -> Result<Option<i32>> {
        Err(Error::internal("the secret cause"))
    }

    async fn administrators(&self, context: &Context<'_>) -> Result<Option<i32>> {
        Caller::from_context(context)?.require_administrator()?;
        Ok(Some(1))
    }

    #[graphql(entity)]
    async fn find_thing_by_id(&self, context: &Context<'_>, id: ID) -> Entity<Thing> {
        Entity::find(async {
            if id.as_str() == "forbidden" {
                return Err(Error::Forbidden);
            }
            request_data::<ThingLoader>(context)?.load(id.0).await
        })
        .await
    }
}

fn subgraph(access: Access) -> (Subgraph, Arc<AtomicU64>) {
    let loads = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&loads);
    let schema = Schema::build(Root(Query), EmptyMutation, EmptySubscription);
    let subgraph = SubgraphBuilder::new("things", schema, access)
        .request_data(move |data| {
            data.insert(ThingLoader::new(Things(Arc::clone(&counted))));
        })
        .build();
    (subgraph, loads)
}

fn body(query: &str, variables: &Value) -> Bytes {
    json!({ "query": query, "variables": variables }).to_string().into()
}

async fn run(subgraph: &Subgraph, query: &str, token: Option<&str>) -> (u16, Value) {
    let call = Call { identity: token, ..Call::default() };
    let reply = subgraph.call(body(query, &json!({})), call).await;
    (reply.status, serde_json::from_slice(&reply.body).unwrap())
}

fn code(response: &Value) -> &str {
    response["errors"][0]["extensions"]["code"].as_str().unwrap()
}

const ENTITIES: &str = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Thing { name id } } }";

#[tokio::test]
async fn refuses_unsigned_calls_before_any_resolver() {
    let keys = TestIdentity::new("orders");
    let (subgraph, loads) = subgraph(keys.access());
    let forged = TestIdentity::new("orders").token(&Identity::administrator("a"));
    for token in [None, Some(""), Some("nonsense"), Some(forged.as_str())] {
        for query in [
            "{ fast }",
            "{ __schema { queryType { name } } }",
            r#"{ _entities(representations: [{__typename: "Thing", id: "1"}]) { __typename } }"#,
            "{ _service { sdl } }",
            "not a document",
        ] {
            let (status, response) = run(&subgraph, query, token).await;
            assert_eq!((status, code(&response)), (401, "UNAUTHENTICATED"), "{query}");
        }
    }
    assert_eq!(loads.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn opens_nothing_but_the_contract() {
    let keys = TestIdentity::new("orders");
    let access = Access { sdl_open: SdlAccess::Open, ..keys.access() };
    let (subgraph, _) = subgraph(access);
    let (status, response) = run(&subgraph, "{ s: _service { t: sdl } }", None).await;
    assert_eq!((status, response["data"]["s"]["t"].as_str()), (200, Some(subgraph.sdl())));
    for query in [
        "{ _service { sdl } fast }",
        "{ _service { sdl } ...F } fragment F on Query { fast }",
        "{ _service { sdl } __schema { queryType { name } } }",
        "query A { _service { sdl } } query B { fast }",
        "mutation { _service { sdl } }",
    ] {
        assert_eq!(run(&subgraph, query, None).await.0, 401, "{query}");
    }
}

#[tokio::test]
async fn answers_the_verified_caller() {
    let keys = TestIdentity::new("orders");
    let (subgraph, _) = subgraph(keys.access());
    let user = keys.token(&Identity::user("someone"));
    let (status, response) = run(&subgraph, "{ who administrators fast }", Some(&user)).await;
    assert_eq!(status, 200);
    assert_eq!(response["data"], json!({ "who": "someone", "administrators": null, "fast": 2 }));
    assert_eq!(code(&response), "UNAUTHENTICATED", "a subject that is no user id");
    let service = keys.token(&Identity::service("orders"));
    let (_, response) = run(&subgraph, "{ administrators }", Some(&service)).await;
    assert_eq!(code(&response), "FORBIDDEN");
}

#[tokio::test]
async fn writes_fields_in_the_documents_order() {
    let keys = TestIdentity::new("orders");
    let (subgraph, _) = subgraph(keys.access());
    let token = keys.token(&Identity::anonymous());
    let query = "{ slow ...F fails fast } fragment F on Query { who again: slow }";
    let reply = subgraph.execute(body(query, &json!({})), Some(&token)).await;
    let text = String::from_utf8(reply.to_vec()).unwrap();
    let data = r#"{"data":{"slow":1,"who":null,"again":1,"fails":null,"fast":2}"#;
    assert!(text.starts_with(data), "{text}");
}

#[tokio::test]
async fn hides_internal_causes_behind_a_trace_id() {
    let keys = TestIdentity::new("orders");
    let (subgraph, _) = subgraph(keys.access());
    let token = keys.token(&Identity::anonymous());
    let call = Call {
        identity: Some(&token),
        traceparent: Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        ..Call::default()
    };
    let reply = subgraph.call(body("{ fails }", &json!({})), call).await;
    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    assert!(!text.contains("secret"), "{text}");
    let response: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(response["errors"][0]["message"], "Internal error");
    assert_eq!(
        response["errors"][0]["extensions"],
        json!({ "code": "INTERNAL_SERVER_ERROR", "traceId": "4bf92f3577b34da6a3ce929d0e0e4736" })
    );
}

#[tokio::test]
async fn a_request_that_is_refused_has_no_data() {
    let keys = TestIdentity::new("orders");
    let (subgraph, _) = subgraph(keys.access());
    let token = keys.token(&Identity::anonymous());
    for (query, token) in [("{ fast }", None), ("{ nothing }", Some(&token)), ("{", Some(&token))] {
        let (_, response) = run(&subgraph, query, token.map(String::as_str)).await;
        assert!(response.get("data").is_none() && response["errors"].is_array(), "{response}");
    }
}

#[tokio::test]
async fn contract_imports_what_it_uses_and_defines_no_built_ins() {
    let (subgraph, _) = subgraph(Access::closed());
    let sdl = subgraph.sdl();
    let link = "extend schema\n  @link(url: \"https://specs.apollo.dev/federation/v2.5\", import: [\"@key\"])\n\n";
    assert!(sdl.starts_with(link), "{sdl}");
    assert!(sdl.contains("type Thing @key(fields: \"id\") {\n  id: ID!\n  name: String!\n}\n"), "{sdl}");
    assert!(!sdl.contains("directive @") && !sdl.contains("\n\n\n") && !sdl.contains('\t'), "{sdl}");
}
