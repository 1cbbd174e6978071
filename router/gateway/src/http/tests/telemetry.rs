//! Health and metrics.

use crate::Config;
use crate::testing::Door;

#[tokio::test]
async fn health_answers() {
    let door = Door::open(Config::default());
    assert_eq!(door.get("/health/live", &[]).await.text, r#"{"status":"live"}"#);
    assert_eq!(door.get("/health/ready", &[]).await.text, r#"{"status":"ready"}"#);
}

#[tokio::test]
async fn metrics_tell_of_requests_and_clients() {
    let door = Door::open(Config::default());
    door.post("{", &[("apollographql-client-name", "web"), ("apollographql-client-version", "1.2")]).await;
    let answer = door.get("/metrics", &[]).await;
    assert_eq!(answer.header("content-type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
    for line in [
        "http_server_request_duration_seconds_count{http_request_method=\"POST\",http_route=\"/graphql\",http_response_status_code=\"400\"} 1",
        "graphql_client_requests_total{client_name=\"web\",client_version=\"1.2\"} 1",
        "graphql_operations_total{graphql_operation_type=\"unknown\",outcome=\"refused\"} 1",
        "http_server_active_requests 0",
    ] {
        assert!(answer.text.contains(line), "{line} is not in {}", answer.text);
    }
}

#[tokio::test]
async fn metrics_with_an_address_of_their_own_are_not_served_to_clients() {
    let mut config = Config::default();
    config.telemetry.metrics.listen = Some(([127, 0, 0, 1], 9).into());
    let door = Door::open(config);
    assert_eq!(door.get("/metrics", &[]).await.status.as_u16(), 404);
    let own = Door { router: door.gateway.metrics_router(), ..door };
    assert_eq!(own.get("/metrics", &[]).await.status.as_u16(), 200);
}
