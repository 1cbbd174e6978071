//! The last look at a response's errors: every one gets a code, and no
//! internal cause leaves the process.

use async_graphql::{Response, ServerError, Value};
use wire::codes;

use super::trace::TraceId;
use crate::{
    database::describe,
    error::{INPUT_MESSAGE, InternalCause},
};

pub(super) fn seal(response: &mut Response, trace: TraceId) {
    for error in &mut response.errors {
        speak_plainly(error);
        if let Some(cause) = error.source::<InternalCause>() {
            tracing::error!(error = %describe(&*cause.0), path = ?error.path, "a resolver failed");
            hide(error, trace);
        } else if error.source.is_some() {
            tracing::error!(error = %error.message, path = ?error.path, "a resolver failed");
            hide(error, trace);
        } else if !has_code(error) {
            let code = if error.path.is_empty() { codes::GRAPHQL_VALIDATION_FAILED } else { codes::BAD_USER_INPUT };
            set_code(error, code);
        }
    }
}

/// Takes the message that a refused input brings along.
fn speak_plainly(error: &mut ServerError) {
    let Some(extensions) = &mut error.extensions else { return };
    if let Some(Value::String(message)) = extensions.get(INPUT_MESSAGE) {
        error.message.clone_from(message);
        extensions.unset(INPUT_MESSAGE);
    }
}

fn hide(error: &mut ServerError, trace: TraceId) {
    error.source = None;
    "Internal error".clone_into(&mut error.message);
    set_code(error, codes::INTERNAL_SERVER_ERROR);
    error.extensions.get_or_insert_default().set("traceId", trace.to_string());
}

fn has_code(error: &ServerError) -> bool {
    error.extensions.as_ref().is_some_and(|extensions| extensions.get("code").is_some())
}

pub(super) fn set_code(error: &mut ServerError, code: &str) {
    error.extensions.get_or_insert_default().set("code", code);
}
