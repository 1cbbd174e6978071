//! What failed fields leave behind: null where they stand, and the objects around them, whatever their place may be.

use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema, Union};
use serde_json::{Value, json};
use wire::identity::Identity;

use super::{Root, run};
use crate::{Error, Result, SubgraphBuilder, testing::TestIdentity};

struct Query;

/// Whose fields may fail.
#[derive(Clone)]
struct Part;

#[Object]
impl Part {
    async fn works(&self) -> i32 {
        1
    }

    async fn fails(&self) -> Result<Option<i32>> {
        Err(Error::Forbidden)
    }

    async fn must(&self) -> Result<i32> {
        Err(Error::Forbidden)
    }

    async fn absent(&self) -> Option<Part> {
        None
    }

    async fn part(&self) -> Option<Part> {
        Some(Part)
    }

    async fn sure_part(&self) -> Part {
        Part
    }

    async fn parts(&self) -> Vec<Part> {
        vec![Part, Part]
    }

    async fn odd_parts(&self) -> Option<Vec<Option<Part>>> {
        Some(vec![None, Some(Part)])
    }

    async fn nested(&self) -> Vec<Vec<Part>> {
        vec![vec![], vec![Part]]
    }

    async fn failing_parts(&self) -> Option<Vec<Result<Part>>> {
        Some(vec![Ok(Part), Err(Error::Forbidden)])
    }

    async fn failing_part(&self) -> Result<Option<Part>> {
        Err(Error::Forbidden)
    }

    async fn either(&self) -> Either {
        Either::Part(Part)
    }
}

#[derive(Union)]
enum Either {
    Part(Part),
}

#[Object]
impl Query {
    async fn top(&self) -> Option<Part> {
        Some(Part)
    }

    async fn fails(&self) -> Result<Option<i32>> {
        Err(Error::Forbidden)
    }
}

/// What a query answers, and the paths of its errors.
async fn answer(query: &str) -> (Value, Vec<Value>) {
    let identity = TestIdentity::new("orders");
    let schema = Schema::build(Root(Query), EmptyMutation, EmptySubscription);
    let subgraph = SubgraphBuilder::new("things", schema, identity.access()).build();
    let (status, mut response) = run(&subgraph, query, Some(&identity.token(&Identity::anonymous()))).await;
    assert_eq!(status, 200, "{response}");
    let errors = response["errors"].as_array().cloned().unwrap_or_default();
    assert!(errors.iter().all(|error| error["extensions"]["code"] == "FORBIDDEN"), "{errors:?}");
    (response["data"].take(), errors.into_iter().map(|mut error| error["path"].take()).collect())
}

#[tokio::test]
async fn an_object_stays_when_all_of_its_fields_fail() {
    let lost = json!({ "fails": null });
    for (query, data) in [
        ("{ fails }", lost.clone()),
        ("{ top { fails } }", json!({ "top": lost })),
        ("{ top { works fails } }", json!({ "top": { "works": 1, "fails": null } })),
        ("{ top { part { fails } } }", json!({ "top": { "part": lost } })),
        ("{ top { surePart { fails } works } }", json!({ "top": { "surePart": lost, "works": 1 } })),
        ("{ top { part { part { fails } } } }", json!({ "top": { "part": { "part": lost } } })),
        ("{ top { parts { fails } } }", json!({ "top": { "parts": [lost, lost] } })),
        ("{ top { oddParts { fails } } }", json!({ "top": { "oddParts": [null, lost] } })),
        ("{ top { nested { fails } } }", json!({ "top": { "nested": [[], [lost]] } })),
        ("{ top { either { ... on Part { fails } } } }", json!({ "top": { "either": lost } })),
        ("{ top { a: fails b: fails } }", json!({ "top": { "a": null, "b": null } })),
    ] {
        let (found, errors) = answer(query).await;
        assert_eq!(found, data, "{query}");
        assert!(!errors.is_empty(), "{query}");
    }
}

/// What spreads to which parent is the router's to say, by its own schema: here the place itself is null.
#[tokio::test]
async fn a_field_that_must_not_be_null_is_null_where_it_stands() {
    let (data, errors) = answer("{ top { must part { must } parts { must works } } }").await;
    let part = json!({ "must": null, "works": 1 });
    assert_eq!(data, json!({ "top": { "must": null, "part": { "must": null }, "parts": [part, part] } }));
    assert_eq!(errors.len(), 4);
}

#[tokio::test]
async fn what_is_not_there_stays_null() {
    let (data, errors) =
        answer("{ top { absent { fails } failingPart { fails works } failingParts { works } } }").await;
    assert_eq!(data["top"], json!({ "absent": null, "failingPart": null, "failingParts": null }));
    assert_eq!(errors.len(), 2, "{errors:?}");
}
