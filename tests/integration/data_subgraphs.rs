//! The data-driven subgraph itself: a test instrument that doesn't fail where it should proves nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::data_subgraph::DataService;
use crate::support::subgraph_schema::SubgraphSchema;
use crate::support::value::Counters;

const SDL: &str = r#"
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])
    type Query { products: [Product!] cheapest: Product! media: Media kind(of: Kind = BOOK): Kind }
    type Mutation { add(to: String!, number: Int!): Int! }
    type Product @key(fields: "id") @key(fields: "maker { name } number") @key(fields: "serial", resolvable: false) {
        id: ID!
        number: Int
        serial: ID
        maker: Maker
        name: String!
        price: Int @external
        isCheap: Boolean @requires(fields: "price")
        kind: Kind
    }
    type Maker { name: String! }
    union Media = Film
    type Film { title: String }
    enum Kind { BOOK FILM }
"#;

fn service(switches: Value) -> DataService {
    let data = json!({
        "fields": {
            "Query.products": [{ "__ref": "Product/one" }, { "__ref": "Product/two" }],
            "Query.cheapest": { "__ref": "Product/one", "name": "provided" },
            "Query.media": { "__typename": "Product", "id": "1" },
            "Query.kind": { "__cases": [
                { "arguments": { "of": "BOOK" }, "value": "BOOK" },
                { "arguments": { "of": "FILM" }, "value": "SECRET" },
            ] },
            "Mutation.add": { "__counter": { "operation": "add", "of": "to", "by": "number" } },
            "Product.isCheap": { "__cases": [{ "given": { "price": 1 }, "value": true }] },
        },
        "records": { "Product": {
            "one": { "id": "1", "number": 7, "maker": { "name": "acme" }, "name": "first", "kind": "BOOK" },
            "two": { "id": "2", "number": 8, "maker": { "name": "acme" }, "name": "second", "kind": "SECRET" },
        } },
        "switches": switches,
    });
    let dataset = serde_json::from_value(data).unwrap();
    DataService::new(Arc::new(SubgraphSchema::new(SDL)), Arc::new(dataset), Counters::default())
}

async fn query(service: &DataService, query: &str) -> Value {
    service.answer(json!({ "query": query })).await
}

async fn entities(service: &DataService, fields: &str, representations: Value) -> Value {
    let query = format!("query($r:[_Any!]!){{_entities(representations:$r){{...on Product{{{fields}}}}}}}");
    service.answer(json!({ "query": query, "variables": { "r": representations } })).await
}

#[tokio::test]
async fn answers_root_fields_with_aliases_fragments_and_conditions() {
    let service = service(json!({}));
    let text = "query($no: Boolean = false) { all: products { id ...Named x: number @include(if: $no) } } \
                fragment Named on Product { __typename maker { name } ... on Product { title: name } }";
    let answer = query(&service, text).await;
    let product = |id, name| json!({ "id": id, "__typename": "Product", "maker": { "name": "acme" }, "title": name });
    assert_eq!(answer, json!({ "data": { "all": [product("1", "first"), product("2", "second")] } }));
    assert_eq!(service.faults(), Vec::<String>::new());
}

#[tokio::test]
async fn finds_entities_by_each_resolvable_key() {
    let service = service(json!({}));
    let representations = json!([
        { "__typename": "Product", "id": 2 },
        { "__typename": "Product", "maker": { "name": "acme" }, "number": 7 },
        { "__typename": "Product", "id": "3" },
    ]);
    let answer = entities(&service, "name", representations).await;
    assert_eq!(answer, json!({ "data": { "_entities": [{ "name": "second" }, { "name": "first" }, null] } }));
    assert_eq!(service.faults(), Vec::<String>::new());
}

#[tokio::test]
async fn faults_representations_without_a_whole_resolvable_key() {
    for representation in [
        json!({ "__typename": "Product", "serial": "s" }),
        json!({ "__typename": "Product", "number": 7 }),
        json!({ "__typename": "Product", "id": null }),
        json!({ "__typename": "Maker", "name": "acme" }),
        json!({ "id": "1" }),
    ] {
        let service = service(json!({}));
        let answer = entities(&service, "name", json!([representation])).await;
        assert_eq!(answer["data"], json!({ "_entities": [null] }));
        assert_eq!(answer["errors"][0]["path"], json!(["_entities", 0]));
        assert_eq!(service.faults().len(), 1, "{representation}");
    }
}

#[tokio::test]
async fn faults_what_its_schema_does_not_have_and_what_its_data_does_not_tell() {
    let service = service(json!({}));
    let unknown = query(&service, "{ products { colour } }").await;
    assert!(unknown.get("data").is_none() && unknown["errors"].is_array(), "{unknown}");
    let untold = query(&service, "{ products { price } }").await;
    assert_eq!(untold["data"], json!({ "products": [{ "price": null }, { "price": null }] }));
    assert_eq!(service.faults().len(), 3);
}

#[tokio::test]
async fn works_out_required_values_and_faults_those_that_are_missing() {
    let service = service(json!({}));
    let representations = json!([{ "__typename": "Product", "id": "1", "price": 1 }]);
    let answer = entities(&service, "isCheap", representations).await;
    assert_eq!(answer, json!({ "data": { "_entities": [{ "isCheap": true }] } }));
    assert_eq!(service.faults(), Vec::<String>::new());
    entities(&service, "isCheap", json!([{ "__typename": "Product", "id": "1" }])).await;
    assert_eq!(service.faults().len(), 1);
}

#[tokio::test]
async fn tells_what_is_provided_only_where_it_is_provided() {
    let service = service(json!({}));
    let answer = query(&service, "{ cheapest { name } products { name } }").await;
    let products = json!([{ "name": "first" }, { "name": "second" }]);
    assert_eq!(answer, json!({ "data": { "cheapest": { "name": "provided" }, "products": products } }));
}

#[tokio::test]
async fn coerces_results_as_its_schema_says() {
    let service = service(json!({}));
    let answer = query(&service, "{ media { __typename } products { kind } kind film: kind(of: FILM) }").await;
    let products = json!([{ "kind": "BOOK" }, { "kind": null }]);
    assert_eq!(answer["data"], json!({ "media": null, "products": products, "kind": "BOOK", "film": null }));
    let paths: Vec<&Value> = answer["errors"].as_array().unwrap().iter().map(|error| &error["path"]).collect();
    assert_eq!(paths, [&json!(["media"]), &json!(["products", 1, "kind"]), &json!(["film"])]);
    assert_eq!(service.faults(), Vec::<String>::new());
}

#[tokio::test]
async fn counts_in_the_order_of_mutations() {
    let service = service(json!({}));
    let text = r#"mutation { a: add(to: "x", number: 2) b: add(to: "x", number: 3) c: add(to: "y", number: 1) }"#;
    assert_eq!(query(&service, text).await, json!({ "data": { "a": 2, "b": 5, "c": 1 } }));
}

#[tokio::test]
async fn fails_a_field_of_every_object() {
    let service = service(json!({ "Product.kind": { "error": "down" } }));
    let answer = query(&service, "{ products { id kind } }").await;
    assert_eq!(answer["data"], json!({ "products": [{ "id": "1", "kind": null }, { "id": "2", "kind": null }] }));
    let error = |index: usize| json!({ "message": "down", "path": ["products", index, "kind"] });
    assert_eq!(answer["errors"], json!([error(0), error(1)]));
    assert_eq!(service.faults(), Vec::<String>::new());
}

#[tokio::test]
async fn fails_a_field_of_one_record_up_to_where_null_may_be() {
    let service = service(json!({ "Product/two.name": { "error": "down" } }));
    let answer = query(&service, "{ products { name } }").await;
    assert_eq!(answer["data"], json!({ "products": null }));
    assert_eq!(answer["errors"], json!([{ "message": "down", "path": ["products", 1, "name"] }]));
    let answer = query(&service, "{ cheapest { name } }").await;
    assert_eq!(answer, json!({ "data": { "cheapest": { "name": "provided" } } }));
}

#[tokio::test]
async fn nulls_and_fails_records() {
    let service = service(json!({ "Product/one": "null", "Product/two": { "error": "lost" } }));
    let representations = json!([{ "__typename": "Product", "id": "1" }, { "__typename": "Product", "id": "2" }]);
    let answer = entities(&service, "name", representations).await;
    assert_eq!(answer["data"], json!({ "_entities": [null, null] }));
    assert_eq!(answer["errors"], json!([{ "message": "lost", "path": ["_entities", 1] }]));
    let answer = query(&service, "{ cheapest { name } }").await;
    assert_eq!(answer["data"], Value::Null);
    assert_eq!(answer["errors"][0]["path"], json!(["cheapest"]));
}

#[tokio::test]
async fn holds_answers_back() {
    let service = service(json!({ "Product.name": { "slow_ms": 40 }, "Product.kind": "null" }));
    let start = Instant::now();
    let answer = query(&service, "{ products { name kind } }").await;
    assert!(start.elapsed() >= Duration::from_millis(40));
    let product = |name| json!({ "name": name, "kind": null });
    assert_eq!(answer, json!({ "data": { "products": [product("first"), product("second")] } }));
}

#[tokio::test]
async fn records_its_calls() {
    let service = service(json!({}));
    query(&service, "{ kind }").await;
    query(&service, "{ products { id } }").await;
    assert_eq!(service.calls(), [json!({ "query": "{ kind }" }), json!({ "query": "{ products { id } }" })]);
}
