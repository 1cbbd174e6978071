//! Whatever arrives is answered, and nothing panics. The long run is an integration test.

use crate::Config;
use crate::testing::Door;

/// A small generator (xorshift, Marsaglia 2003), so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % bound
    }
}

#[tokio::test]
async fn mutilated_bodies_and_urls_are_answered() {
    const SEEDS: [&str; 3] = [
        r#"{"query":"query Q($id: ID! = 1, $s: Boolean) { user(id: $id) { ...F @skip(if: $s) } } fragment F on User { n: name score }","variables":{"s":true},"operationName":"Q"}"#,
        r#"{"query":"mutation { rename(id: \"1\", name: \"\"\"b\\u00e9\"\"\") { __typename } }","extensions":{"a":[1.5e300,null]}}"#,
        r#"{"query":"{ __schema { types { name fields { name args { name } } } } }","variables":null}"#,
    ];
    let door = Door::open(Config::default());
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..1_500 {
        let mut body = SEEDS[random.below(SEEDS.len())].as_bytes().to_vec();
        for _ in 0..random.below(6) {
            let at = random.below(body.len().max(1));
            match random.below(4) {
                _ if body.is_empty() => {}
                0 => body[at] = u8::try_from(random.below(256)).unwrap(),
                1 => body.insert(at, b"{}[]\"\\,:$@!()"[random.below(13)]),
                2 => drop(body.remove(at)),
                _ => body.truncate(at.max(1)),
            }
        }
        let request = http::Request::post("/graphql").header("content-type", "application/json");
        let answer = door.send(request.body(body.clone().into()).unwrap()).await;
        let shown = String::from_utf8_lossy(&body).into_owned();
        assert!(matches!(answer.status.as_u16(), 200 | 400), "{} for {shown}: {}", answer.status, answer.text);
        assert!(answer.json().is_object(), "{shown}");

        let encoded: String = url::form_urlencoded::byte_serialize(&body).collect();
        let answer = door.get(&format!("/graphql?query={encoded}&variables={encoded}"), &[]).await;
        assert!(matches!(answer.status.as_u16(), 200 | 400 | 405), "{} for {shown}", answer.status);
    }
}
