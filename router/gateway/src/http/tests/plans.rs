//! The extension that asks for a plan.

use crate::Config;
use crate::testing::Door;

const BODY: &str = r#"{"query":"{ user(id: 1) { name score } }","extensions":{"queryPlan":true}}"#;

fn enabled() -> Config {
    let mut config = Config::default();
    config.query_plans.enabled = true;
    config
}

#[tokio::test]
async fn a_plan_comes_with_the_answer() {
    let answer = Door::open(enabled()).post(BODY, &[]).await.json();
    assert_eq!(answer["data"]["user"]["name"], "Ada");
    let plan = &answer["extensions"]["queryPlan"];
    assert!(plan["text"].as_str().unwrap().contains("Step 2\n  #1 scores after #0, at user, given User(id)"), "{plan}");
    assert_eq!(plan["json"]["steps"], 2);
    assert_eq!(plan["json"]["fetches"][1]["subgraph"], "scores");
    assert_eq!(plan["json"]["fetches"][1]["after"], serde_json::json!([0]));
}

#[tokio::test]
async fn a_get_can_ask_as_well() {
    let path = "/graphql?query=%7Buser(id:1)%7Bname%7D%7D&extensions=%7B%22queryPlan%22:true%7D";
    let answer = Door::open(enabled()).get(path, &[]).await.json();
    assert_eq!(answer["extensions"]["queryPlan"]["json"]["fetches"][0]["subgraph"], "users");
}

#[tokio::test]
async fn nobody_learns_a_plan_unless_it_is_configured_and_asked_for() {
    let door = Door::open(Config::default());
    assert!(door.post(BODY, &[]).await.json().get("extensions").is_none());
    let door = Door::open(enabled());
    assert!(door.query("{ user(id: 1) { name } }").await.json().get("extensions").is_none());
    let other = BODY.replace("true", "\"true\"");
    assert!(door.post(&other, &[]).await.json().get("extensions").is_none());
}
