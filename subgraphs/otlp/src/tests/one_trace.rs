//! The only test in this process that exports: whoever makes spans is chosen once.

use bytes::Bytes;
use kit::{
    subgraph::Call,
    testing::{TestIdentity, wait_for},
};
use opentelemetry_proto::tonic::trace::v1::{Span, span::SpanKind};
use wire::identity::Identity;

use super::{
    collector::{Collector, hexadecimal},
    shop::Shop,
};
use crate::{TracesConfig, start};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const ROUTERS_SPAN: &str = "00f067aa0ba902b7";

#[tokio::test(flavor = "multi_thread")]
async fn from_a_request_by_an_event_to_another_services_job_and_call() {
    let collector = Collector::start().await;
    let config = TracesConfig { endpoint: Some(collector.url.clone()), ..TracesConfig::default() };
    let exporting = start(&config, "testing").unwrap().unwrap();
    assert!(start(&config, "testing").is_err(), "a process exports once");
    let router = TestIdentity::new("nobody");
    let shop = Shop::open(router.access()).await;

    let token = router.token(&Identity::administrator("a"));
    let traceparent = format!("00-{TRACE}-{ROUTERS_SPAN}-01");
    let call = Call { identity: Some(&token), traceparent: Some(&traceparent), ..Call::default() };
    let body = r#"{"query":"mutation Withdraw { withdraw }","operationName":"Withdraw"}"#;
    let reply = shop.products.call(Bytes::from_static(body.as_bytes()), call).await;
    assert_eq!(reply.body, r#"{"data":{"withdraw":true}}"#);
    let last = "GET /internal/v1/told";
    wait_for("the last span", async || collector.trace(TRACE).contains_key(last).then_some(())).await;
    let unkept = Call {
        identity: Some(&token),
        traceparent: Some("00-00000000000000000000000000000001-0000000000000001-00"),
        ..Call::default()
    };
    shop.products.call(Bytes::from_static(body.as_bytes()), unkept).await;
    shop.close().await;
    exporting.end().await;
    let spans = collector.trace(TRACE);
    let names = |parent: &str| -> Vec<(&str, SpanKind)> {
        let of = spans.values().filter(|span| hexadecimal(&span.parent_span_id) == parent);
        let mut names: Vec<_> = of.map(|span| (span.name.as_str(), span.kind())).collect();
        names.sort_by_key(|(name, _)| *name);
        names
    };
    let id = |name: &str| hexadecimal(&spans[name].span_id);
    assert_eq!(names(ROUTERS_SPAN), [("graphql products", SpanKind::Server)]);
    let heard = [("process products/events", SpanKind::Consumer), ("send products/events", SpanKind::Producer)];
    assert_eq!(names(&id("graphql products")), heard);
    assert_eq!(names(&id("process products/events")), [("job asking", SpanKind::Internal)]);
    assert_eq!(names(&id("job asking")), [("GET /internal/v1", SpanKind::Client)]);
    assert_eq!(names(&id("GET /internal/v1")), [(last, SpanKind::Server)]);
    assert_eq!(attribute(&spans["graphql products"], "graphql.operation.name"), "Withdraw");
    assert_eq!(attribute(&spans["process products/events"], "messaging.consumer.group.name"), "stock.catalogue");
    assert!(collector.trace("00000000000000000000000000000001").is_empty(), "what the router doesn't keep is kept");
}

fn attribute<'a>(span: &'a Span, name: &str) -> &'a str {
    use opentelemetry_proto::tonic::common::v1::any_value::Value;
    let attribute = span.attributes.iter().find(|attribute| attribute.key == name).unwrap();
    match attribute.value.as_ref().and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text,
        other => panic!("{other:?}"),
    }
}
