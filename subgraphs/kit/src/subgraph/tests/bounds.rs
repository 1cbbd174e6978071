//! Documents and bodies that are too much, or no sense at all.

use super::*;

#[tokio::test]
async fn bounds_what_it_parses() {
    let keys = TestIdentity::new("orders");
    let (subgraph, _) = subgraph(keys.access());
    let token = keys.token(&Identity::anonymous());
    let deep = "{a".repeat(100_000);
    let lists = format!("{{ fast(a: {}) }}", "[".repeat(100_000));
    let wide = format!("{{ {} }}", (0..20_000).map(|n| format!("a{n}:fast ")).collect::<String>());
    for query in [deep.as_str(), &lists, &wide, &"x".repeat(300_000), "", "{", "{ nothing }"] {
        let (status, response) = run(&subgraph, query, Some(&token)).await;
        assert_eq!(status, 400, "{}", &query[..query.len().min(20)]);
        assert!(code(&response).starts_with("GRAPHQL_"), "{response}");
    }
    for body in ["", "[]", "{", "null", "7", r#"{"query": 7}"#, r#"[{"query":"{ fast }"}]"#] {
        let reply = subgraph.call(body.into(), Call { identity: Some(&token), ..Call::default() }).await;
        let response: Value = serde_json::from_slice(&reply.body).unwrap();
        assert!(reply.status == 400, "{body}: {response}");
    }
}

#[tokio::test]
async fn refuses_doubling_fragments_at_once() {
    let keys = TestIdentity::new("orders");
    let (subgraph, _) = subgraph(keys.access());
    let token = keys.token(&Identity::anonymous());
    let fragments: String =
        (0..30).map(|n| format!("fragment F{n} on Query {{ ...F{} ...F{} }} ", n + 1, n + 1)).collect();
    let query = format!("{{ ...F0 }} {fragments} fragment F30 on Query {{ fast }}");
    let start = std::time::Instant::now();
    let (status, response) = run(&subgraph, &query, Some(&token)).await;
    assert_eq!((status, code(&response)), (400, "GRAPHQL_VALIDATION_FAILED"));
    assert!(start.elapsed() < std::time::Duration::from_millis(500));
}

#[tokio::test]
async fn answers_ten_thousand_odd_bodies_without_a_panic() {
    let keys = TestIdentity::new("orders");
    let (subgraph, _) = subgraph(keys.access());
    let token = keys.token(&Identity::user("someone"));
    let sound = body(ENTITIES, &json!({ "r": [{ "__typename": "Thing", "id": "1" }, 7, null] }));
    let mut random = fastrand::Rng::with_seed(7);
    for round in 0..10_000 {
        let mut bytes =
            if round % 4 == 0 { (0..random.usize(0..200)).map(|_| random.u8(..)).collect() } else { sound.to_vec() };
        for _ in 0..random.usize(0..8) {
            let at = random.usize(0..bytes.len().max(1));
            match (bytes.get_mut(at), random.u8(0..3)) {
                (Some(byte), 0) => *byte = random.u8(..),
                (Some(byte), 1) => *byte = *random.choice(br#"{}[]()":,\$!@._0n"#.as_slice()).unwrap(),
                _ => bytes.truncate(at),
            }
        }
        let call = Call { identity: Some(&token), ..Call::default() };
        let reply = subgraph.call(bytes.into(), call).await;
        let response: Value = serde_json::from_slice(&reply.body).unwrap();
        let errors = response["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        assert!(errors.iter().all(|error| error["extensions"]["code"].is_string()), "{response}");
        assert!(matches!(reply.status, 200 | 400), "{response}");
    }
}
