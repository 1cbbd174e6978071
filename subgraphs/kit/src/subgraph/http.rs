//! The HTTP side: async-graphql-axum reads, [`Subgraph::respond`] does the rest.

use async_graphql_axum::{GraphQLRequest, rejection::GraphQLRejection};
use axum::{
    RequestExt as _, Router,
    extract::{DefaultBodyLimit, FromRequest as _, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use wire::{identity::IDENTITY_HEADER, read_after::READ_AFTER_HEADER};

use super::{
    Call, Subgraph,
    call::{self, Answer},
    limits,
};

/// The media type of the GraphQL over HTTP specification: it tells our errors
/// from those of what stands between.
const RESPONSE_TYPE: &str = "application/graphql-response+json";

pub(super) fn router(subgraph: Subgraph) -> Router {
    Router::new()
        .route("/graphql", post(graphql))
        .layer(DefaultBodyLimit::max(limits::BODY_BYTES_MAX))
        .route("/health/live", get(|| async { StatusCode::OK }))
        .route("/health/ready", get(ready))
        .with_state(subgraph)
}

async fn graphql(State(subgraph): State<Subgraph>, request: Request) -> Response {
    let headers = request.headers().clone();
    if !is_json(&headers) {
        return write(call::unsupported_media_type());
    }
    let request = GraphQLRequest::<GraphQLRejection>::from_request(request.with_limited_body(), &())
        .await
        .map(GraphQLRequest::into_inner)
        .map_err(|GraphQLRejection(error)| error);
    let call = Call {
        identity: text(&headers, IDENTITY_HEADER),
        traceparent: text(&headers, "traceparent"),
        read_after: text(&headers, READ_AFTER_HEADER),
    };
    write(subgraph.respond(request, call).await)
}

async fn ready(State(subgraph): State<Subgraph>) -> StatusCode {
    if subgraph.is_ready().await { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}

fn write(answer: Answer) -> Response {
    let mut response = (answer.status, [(header::CONTENT_TYPE, RESPONSE_TYPE)], answer.body()).into_response();
    let read_after = answer.read_after.and_then(|written| HeaderValue::try_from(written).ok());
    if let Some(written) = read_after {
        response.headers_mut().insert(READ_AFTER_HEADER, written);
    }
    response
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = text(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let mut parts = content_type.split(';');
    let media_type = parts.next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/json")
        && parts.all(|parameter| {
            let parameter = parameter.trim().to_ascii_lowercase();
            parameter.is_empty() || parameter == "charset=utf-8" || parameter == "charset=\"utf-8\""
        })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
