use super::*;

fn metrics(clients_max: usize) -> Metrics {
    Metrics::new(&config::Metrics { clients_max, ..Default::default() })
}

#[test]
fn names_follow_the_conventions() {
    let metrics = metrics(1);
    metrics.served("POST", "/graphql", 200, Duration::from_millis(3));
    metrics.answered_calls("users").into_iter().for_each(|answered| answered.observe(0.002));
    metrics.operated("query", "ok");
    metrics.plan("hit");
    metrics.serves(0xab);
    let active = metrics.active();
    let text = metrics.text(Some(4096));
    for line in [
        "http_server_request_duration_seconds_count{http_request_method=\"POST\",http_route=\"/graphql\",http_response_status_code=\"200\"} 1",
        "http_client_request_duration_seconds_count{subgraph=\"users\",outcome=\"ok\"} 1",
        "graphql_operations_total{graphql_operation_type=\"query\",outcome=\"ok\"} 1",
        "graphql_plan_cache_lookups_total{result=\"hit\"} 1",
        "http_server_active_requests 1",
        "process_resident_memory_bytes 4096",
        "supergraph_version{version=\"00000000000000ab\"} 1",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    drop(active);
    assert!(metrics.text(None).contains("http_server_active_requests 0"));
}

#[test]
fn reloads_tell_the_version_and_the_last_error() {
    let metrics = metrics(1);
    metrics.serves(1);
    metrics.refused_reload("error[KEY_FIELDS]: no\nmore");
    let text = metrics.text(None);
    assert!(text.contains("supergraph_reloads_total{result=\"refused\"} 1"), "{text}");
    assert!(text.contains("supergraph_reload_error{reason=\"error[KEY_FIELDS]: no\"} 1"), "{text}");
    metrics.reloaded(2);
    let text = metrics.text(None);
    assert!(text.contains("supergraph_reloads_total{result=\"applied\"} 1"), "{text}");
    assert!(text.contains("supergraph_version{version=\"0000000000000002\"} 1"), "{text}");
    assert!(!text.contains("reason=") && !text.contains("0000000000000001"), "{text}");
}

#[test]
fn clients_make_a_bounded_number_of_series() {
    let metrics = metrics(2);
    for n in 0..100 {
        metrics.client(&Client { name: format!("client-{n}"), version: format!("{n}") });
    }
    let text = metrics.text(None);
    assert_eq!(text.lines().filter(|line| line.starts_with("graphql_client_requests_total{")).count(), 3);
    assert!(text.contains("client_name=\"other\",client_version=\"other\"} 98"), "{text}");
}

#[test]
fn a_client_that_loses_its_label_is_counted_as_other() {
    let metrics = metrics(1);
    let client = |name: &str| Client { name: name.to_owned(), version: String::new() };
    metrics.client(&client("early"));
    for _ in 0..100 {
        metrics.client(&client("busy"));
    }
    let text = metrics.text(None);
    let counts = text.lines().filter(|line| line.starts_with("graphql_client_requests_total{"));
    let counts: Vec<u64> = counts.map(|line| line.rsplit(' ').next().unwrap().parse().unwrap()).collect();
    assert!(text.contains("client_name=\"busy\"") && !text.contains("early"), "{text}");
    assert_eq!(counts.iter().sum::<u64>(), 101, "{text}");
}

#[test]
fn nothing_is_collected_when_metrics_are_off() {
    let metrics = Metrics::new(&config::Metrics { enabled: false, ..Default::default() });
    metrics.served("POST", "/graphql", 200, Duration::from_millis(3));
    metrics.answered_calls("users").into_iter().for_each(|answered| answered.observe(0.002));
    metrics.failed_call("users", "SUBREQUEST_TIMEOUT", Duration::from_millis(2));
    metrics.operated("query", "ok");
    metrics.plan("hit");
    metrics.client(&Client { name: "a".into(), version: "1".into() });
    let text = metrics.text(None);
    assert!(!text.contains('{'), "{text}");
}
