//! Which calls under way are shared.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use executor::fetch::Idempotent;
use executor::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};
use federation::SubgraphId;
use futures::future::{BoxFuture, join_all};
use futures::{FutureExt, StreamExt, stream};
use planner::plan::BodyStart;

use super::calls::context;
use crate::config::Subgraphs;
use crate::fetch::{Guards, layered};
use crate::telemetry::metrics::Metrics;

/// Answers after a while with the number of the call.
#[derive(Default)]
struct Slow(AtomicUsize);

impl Fetch for Slow {
    fn fetch<'a>(&'a self, _: SubgraphRequest, _: &'a RequestContext) -> BoxFuture<'a, Result<Responses, FetchError>> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        async move {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let body = Ok(Bytes::from(number.to_string()));
            Ok(stream::once(std::future::ready(body)).boxed() as Responses)
        }
        .boxed()
    }
}

fn sharing(slow: &Arc<Slow>) -> Arc<dyn Fetch> {
    let config = Subgraphs { share_calls: true, ..Subgraphs::default() };
    let metrics = Arc::new(Metrics::new(&crate::config::Metrics::default()));
    let guards = Guards::new(&config, vec!["scores".into(), "users".into()], &metrics, None);
    layered(Arc::clone(slow) as _, &config, &guards, &metrics)
}

fn request(subgraph: u16, body: &'static str, idempotent: Idempotent) -> SubgraphRequest {
    SubgraphRequest { subgraph: SubgraphId(subgraph), body: Bytes::from_static(body.as_bytes()), named: 0, idempotent }
}

async fn answer(fetch: &Arc<dyn Fetch>, request: SubgraphRequest, context: RequestContext) -> Bytes {
    fetch.fetch(request, &context).await.unwrap().next().await.unwrap().unwrap()
}

fn with_header(name: &'static str, value: &str) -> RequestContext {
    let mut context = context();
    Arc::make_mut(&mut context.headers).insert(name, value.parse().unwrap());
    context
}

#[tokio::test(start_paused = true)]
async fn what_is_the_same_but_for_the_trace_is_asked_once() {
    let slow = Arc::new(Slow::default());
    let fetch = sharing(&slow);
    let calls = (0..10).map(|number| {
        let context = with_header("traceparent", &format!("00-{number}-2-01"));
        answer(&fetch, request(0, "{a}", Idempotent::Yes), context)
    });
    assert_eq!(join_all(calls).await, vec!["0"; 10]);
    // What has been answered is asked anew.
    assert_eq!(answer(&fetch, request(0, "{a}", Idempotent::Yes), context()).await, "1");
}

#[tokio::test(start_paused = true)]
async fn what_differs_in_the_name_of_its_operation_alone_is_asked_once() {
    let slow = Arc::new(Slow::default());
    let fetch = sharing(&slow);
    let named = |name: Option<&str>, rest: &str| {
        let space = if name.is_some() { " " } else { "" };
        let document = format!("query{space}{}{rest}", name.unwrap_or_default());
        let BodyStart { mut text, named } = BodyStart::new(&document, name);
        text.push(b'}');
        SubgraphRequest { subgraph: SubgraphId(0), body: text.into(), named, idempotent: Idempotent::Yes }
    };
    let calls = [
        named(Some("A__scores__0"), "{a}"),
        named(Some("Other__scores__7"), "{a}"),
        named(None, "{a}"),
        named(Some("A__scores__0"), "{b}"),
    ];
    let answers = join_all(calls.map(|request| answer(&fetch, request, context()))).await;
    assert_eq!(answers, ["0", "0", "0", "1"]);
}

#[tokio::test(start_paused = true)]
async fn nothing_that_differs_in_any_other_way_is_shared() {
    let slow = Arc::new(Slow::default());
    let fetch = sharing(&slow);
    let yes = Idempotent::Yes;
    let other = RequestContext { identity: Some("another".into()), ..context() };
    let nobody = RequestContext { identity: None, ..context() };
    let calls = [
        (request(0, "{a}", yes), context()),
        (request(0, "{b}", yes), context()),
        (request(1, "{a}", yes), context()),
        (request(0, "{a}", yes), other),
        (request(0, "{a}", yes), nobody),
        (request(0, "{a}", yes), with_header("x-tenant", "b")),
        (request(0, "{a}", yes), with_header("x-other", "b")),
        (request(0, "{a}", Idempotent::No), context()),
        (request(0, "{a}", Idempotent::No), context()),
    ];
    let count = calls.len();
    let mut answers = join_all(calls.into_iter().map(|(request, context)| answer(&fetch, request, context))).await;
    answers.sort();
    answers.dedup();
    assert_eq!(answers.len(), count);
}

#[tokio::test(start_paused = true)]
async fn whoever_goes_first_leaves_the_others_their_answer() {
    let slow = Arc::new(Slow::default());
    let fetch = sharing(&slow);
    let first_context = context();
    let mut first = fetch.fetch(request(0, "{a}", Idempotent::Yes), &first_context);
    assert!(futures::poll!(&mut first).is_pending());
    let mut second = Box::pin(answer(&fetch, request(0, "{a}", Idempotent::Yes), context()));
    assert!(futures::poll!(&mut second).is_pending());
    first_context.cancellation.cancel();
    drop(first);
    assert_eq!(second.await, "0");
    assert_eq!(slow.0.load(Ordering::Relaxed), 1);
}
