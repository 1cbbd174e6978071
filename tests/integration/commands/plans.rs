//! `supergraph plan`: every form, the choice of an operation, and what it says of what it can't plan.

use serde_json::Value;

use super::fixture;
use crate::support::process::{self, Finished};

const DOCUMENT: &str = "query Stock($price: Boolean = true) { topProducts { name price @include(if: $price) inStock } }\n\
                        query Me { me { id } }\n";

const UNDECIDED: &str = "query($a: Boolean!, $b: Boolean = true) { me { id @include(if: $a) username @skip(if: $b) } }";

async fn plan(document: &str, arguments: &[&str]) -> Finished {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("operation.graphql").display().to_string();
    std::fs::write(&file, document).unwrap();
    let supergraph = fixture("bench/supergraph.graphql");
    let fixed = ["plan", "--supergraph", supergraph.as_str(), file.as_str()];
    process::run(&[&fixed, arguments].concat()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_shown_as_text_json_and_flowchart() {
    let text = plan(DOCUMENT, &["--operation-name", "Stock"]).await;
    assert_eq!((text.code, text.stderr.as_str()), (0, ""), "{text:?}");
    assert!(text.stdout.contains("Step 2\n  #1 inventory after #0, at topProducts, given Product(upc)"), "{text:?}");

    let json = plan(DOCUMENT, &["--operation-name", "Stock", "--format", "json"]).await;
    let value: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((value["steps"].as_u64(), value["fetches"][1]["subgraph"].as_str()), (Some(2), Some("inventory")));

    let chart = plan(DOCUMENT, &["--operation-name", "Stock", "--format", "mermaid"]).await;
    assert!(chart.stdout.starts_with("flowchart LR\n") && chart.stdout.contains("  f0 --> f1\n"), "{chart:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_subgraphs_are_sent_is_named_as_the_router_would() {
    for (arguments, begins) in [
        (&[][..], "query Stock__products__0{topProducts"),
        (&["--subgraph-operation-names", "client"][..], "query Stock{topProducts"),
        (&["--subgraph-operation-names", "none"][..], "query{topProducts"),
    ] {
        let shown = plan(DOCUMENT, &[&["--operation-name", "Stock"], arguments].concat()).await;
        assert!(shown.stdout.contains(begins), "{begins}: {shown:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_decide_what_is_planned() {
    let with = plan(DOCUMENT, &["--operation-name", "Stock"]).await;
    let without = plan(DOCUMENT, &["--operation-name", "Stock", "--variables", r#"{"price": false}"#]).await;
    assert!(with.stdout.contains("price") && !without.stdout.contains("price"), "{without:?}");
    let given = plan(UNDECIDED, &["--variables", r#"{"a": true}"#]).await;
    assert!(given.code == 0 && given.stdout.contains("id") && !given.stdout.contains("username"), "{given:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deferred_comes_after_the_rest() {
    let shown = plan("{ topProducts { name ... @defer { inStock } } }", &[]).await;
    assert!(shown.code == 0 && shown.stdout.contains("Deferred needs #1"), "{shown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_asks_nobody_says_so() {
    let nobody = plan("{ __typename }", &[]).await;
    assert_eq!((nobody.code, nobody.stdout.as_str()), (0, "No subgraph is asked\n"), "{nobody:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_planned_is_said_with_its_place() {
    for (document, arguments, says) in [
        (DOCUMENT, &[][..], "choose one with --operation-name"),
        (DOCUMENT, &["--operation-name", "Other"][..], "Other"),
        ("{ topProducts { nope } }", &[][..], "operation.graphql:1:17: error[GRAPHQL_VALIDATION_FAILED]"),
        ("{ topProducts ", &[][..], "error[GRAPHQL_PARSE_FAILED]"),
        (UNDECIDED, &[][..], "the plan depends on $a, which is given no value"),
        (UNDECIDED, &["--variables", r#"{"a": 1}"#][..], "the plan depends on $a, which is given something else"),
        ("{ me { id } }", &["--variables", "[]"][..], "--variables is no JSON object"),
        ("{ me { id } }", &["--override-label", "nope"][..], "no override of the supergraph has the label nope"),
    ] {
        let refused = plan(document, arguments).await;
        assert!(refused.code != 0 && refused.stdout.is_empty(), "{refused:?}");
        assert!(refused.stderr.contains(says), "{says}: {refused:?}");
    }
}
