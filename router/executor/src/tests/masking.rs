//! What clients are told of subgraphs' faults, by policy.

use std::sync::{Arc, Mutex};

use federation::SubgraphId;

use super::support::{Canned, Reply, plan, root, run_with, supergraph};
use crate::fetch::FetchError;
use crate::policy::{ErrorPolicies, ErrorPolicy, Messages, Policy, ServiceName};

const SDL: &str = "type Query { one: String two: String }";
const REPORTS: &str = r#"{"data":{"one":null},"errors":[
    {"message":"secret one","path":["one"],"extensions":{"code":"SECRET","hint":"h","stack":"secret"}}
]}"#;

/// The errors told when subgraph `a` does something with `one`, and `b` with `two`.
fn told(policies: ErrorPolicies, [one, two]: [Reply; 2]) -> String {
    let supergraph = supergraph(SDL);
    let plan = plan(&supergraph, "{ one two }", &[root("a", "{ one }"), root("b", "{ two }")]);
    let policy = Policy { errors: policies, ..Policy::default() };
    let response = run_with(&supergraph, &plan, &Canned::new([("a", one), ("b", two)]), &policy);
    let body = String::from_utf8(response.body.to_vec()).unwrap();
    let start = body.find("\"errors\":").unwrap();
    body[start..].replace(r#","locations":[{"line":1,"column":1}]"#, "").replace(r#","traceId":"t""#, "")
}

fn masked(messages: Messages, extensions: &[&str]) -> ErrorPolicy {
    ErrorPolicy {
        messages,
        service: ServiceName::Hide,
        extensions: extensions.iter().map(|name| (*name).to_owned()).collect(),
        default_code: "DEFAULT".to_owned(),
    }
}

fn common(common: ErrorPolicy) -> ErrorPolicies {
    ErrorPolicies { common, own: Vec::new() }
}

fn unreachable() -> Reply {
    Reply::Fail(FetchError::Unreachable("secret host".to_owned()))
}

#[test]
fn masked_errors_say_neither_message_nor_name_nor_extension() {
    assert_eq!(
        told(common(masked(Messages::Mask, &[])), [Reply::from(REPORTS), unreachable()]),
        r#""errors":[{"message":"A subgraph reported an error.","path":["one"],"extensions":{"code":"DEFAULT"}},{"message":"A subgraph could not answer.","path":["two"],"extensions":{"code":"DEFAULT"}}]}"#
    );
}

#[test]
fn codes_and_other_extensions_pass_as_listed() {
    let errors = told(common(masked(Messages::Mask, &["hint", "code"])), [Reply::from(REPORTS), unreachable()]);
    assert!(errors.contains(r#""extensions":{"hint":"h","code":"SECRET"}"#), "{errors}");
    assert!(errors.contains(r#""extensions":{"code":"SUBREQUEST_UNREACHABLE"}"#), "{errors}");
    assert!(!errors.contains("secret"), "{errors}");
}

#[test]
fn a_code_that_is_no_string_is_none() {
    for code in ["5", "null", "true", r#"["SECRET"]"#, r#"{"code":"SECRET"}"#] {
        let errors = told(
            common(masked(Messages::Mask, &["code"])),
            [Reply::Text(REPORTS.replace(r#""SECRET""#, code).into()), unreachable()],
        );
        assert!(errors.contains(r#""path":["one"],"extensions":{"code":"DEFAULT"}"#), "{errors}");
    }
}

#[test]
fn a_message_of_ones_own_stands_for_reports_and_failed_calls_alike() {
    let errors =
        told(common(masked(Messages::Replace("Try again.".to_owned()), &[])), [Reply::from(REPORTS), unreachable()]);
    assert_eq!(errors.matches(r#""message":"Try again.""#).count(), errors.matches("message").count(), "{errors}");
}

#[test]
fn one_subgraph_may_tell_what_others_hide() {
    let policies =
        ErrorPolicies { common: masked(Messages::Mask, &[]), own: vec![(SubgraphId(1), ErrorPolicy::default())] };
    let errors = told(policies, [unreachable(), unreachable()]);
    assert_eq!(
        errors,
        r#""errors":[{"message":"A subgraph could not answer.","path":["one"],"extensions":{"code":"DEFAULT"}},{"message":"Subgraph \"b\" could not be reached.","path":["two"],"extensions":{"code":"SUBREQUEST_UNREACHABLE","service":"b"}}]}"#
    );
}

/// Keeps the text of all that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl tracing::field::Visit for Log {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        self.0.lock().unwrap().push_str(&format!("{field}={value:?} "));
    }
}

impl tracing::Subscriber for Log {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

#[test]
fn the_log_keeps_the_original_under_the_trace_id() {
    let log = Log::default();
    let reported = r#"{"data":{"x":null},"errors":[{"message":"the disk is full","path":["x"]}]}"#;
    let body = tracing::subscriber::with_default(log.clone(), || {
        told(common(masked(Messages::Mask, &[])), [reported.into(), unreachable()])
    });
    let text = log.0.lock().unwrap().clone();
    assert!(!body.contains("disk") && !body.contains("secret"), "{body}");
    for original in ["the disk is full", "secret", "subgraph=\"a\"", "subgraph=\"b\"", "trace_id=\"t\""] {
        assert!(text.contains(original), "{original} is not in {text}");
    }
}
