//! Whatever bytes a subgraph sends, the response is JSON and nothing panics.

use graphql::json;

use super::support::{Canned, Reply, entities, plan, root, run, supergraph};

const SDL: &str = "
    scalar JSON
    type Query { users: [User!] me: User! pet: Pet }
    interface Pet { name: String }
    type Dog implements Pet { name: String }
    type Cat implements Pet { name: String }
    type User { id: ID! name: String! json: [JSON] friends: [[User]] }
";

/// A small generator of its own, so that failures can be repeated from the seed alone.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn value(&mut self, depth: usize) -> String {
        const LEAVES: [&str; 12] = [
            "null",
            "true",
            "1",
            "-0",
            "1e999",
            "\"\"",
            "\"Dog\"",
            "\"User\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "[]",
            "{}",
        ];
        const KEYS: [&str; 14] = [
            "data",
            "errors",
            "users",
            "me",
            "pet",
            "id",
            "name",
            "json",
            "friends",
            "__typename",
            "_entities",
            "path",
            "message",
            "extensions",
        ];
        match if depth == 0 { 0 } else { self.below(4) } {
            0 => LEAVES[self.below(LEAVES.len())].to_owned(),
            1 => {
                let items: Vec<String> = (0..self.below(4)).map(|_| self.value(depth - 1)).collect();
                format!("[{}]", items.join(","))
            }
            _ => {
                let mut member = || {
                    let key = KEYS[self.below(KEYS.len())];
                    format!("\"{key}\":{}", self.value(depth - 1))
                };
                let members: Vec<String> = (0..6).map(|_| member()).collect();
                format!("{{{}}}", members.join(","))
            }
        }
    }

    fn answer(&mut self, top: &str) -> Vec<u8> {
        let data = self.value(6);
        let errors = self.value(3);
        let mut text = match self.below(6) {
            0 => self.value(6),
            1 => format!("{{\"data\":{data},\"errors\":{errors}}}"),
            2 => format!("{{\"data\":{{\"{top}\":{data}}}}}"),
            3 => format!(
                "{{\"errors\":[{errors},{{\"message\":1,\"path\":[\"_entities\",0,\"name\"]}}],\"data\":{data}}}"
            ),
            4 => format!("{{\"data\":{{\"{top}\":[{data},{data}]}},\"errors\":[{errors}]}}"),
            _ => format!("{{\"data\":{data}}}"),
        }
        .into_bytes();
        for _ in 0..self.below(3) {
            let (at, byte) = (self.below(text.len().max(1)), self.below(256) as u8);
            match self.below(4) {
                0 => text.truncate(at),
                1 => text.insert(at.min(text.len()), byte),
                _ => {}
            }
        }
        text
    }
}

#[test]
fn random_answers_never_panic() {
    let supergraph = supergraph(SDL);
    let steps = [
        root("a", "{ users { __typename id friends { id } } me { __typename id } pet { __typename name } }"),
        entities("b", "users", ("User", "id"), "{ name json friends { name } }"),
        entities("c", "me", ("User", "id"), "{ name json }"),
    ];
    let query =
        "{ users { id name json friends { id name } } me { id name json } pet { __typename ... on Dog { name } } }";
    let plan = plan(&supergraph, query, &steps);
    let good = r#"{"data":{"users":[{"__typename":"User","id":1,"friends":[[{"id":2}]]},{"__typename":"User","id":2}],"me":{"__typename":"User","id":3}}}"#;
    let mut random = Random(7);
    for _ in 0..1_000 {
        let first = if random.below(2) == 0 { good.as_bytes().to_vec() } else { random.answer("users") };
        let (second, third) = (random.answer("_entities"), random.answer("_entities"));
        let text = Reply::Text;
        let fetch = Canned::new([("a", text(first)), ("b", text(second)), ("c", text(third))]);
        let body = run(&supergraph, &plan, &fetch);
        // Lone surrogates pass through, and our own parser refuses to decode those.
        let checked = body.replace("\\ud800", "");
        assert!(json::parse(checked.as_bytes(), &json::JsonLimits::default()).is_ok(), "{body}");
    }
}
