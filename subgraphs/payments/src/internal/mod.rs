//! What payments answer to other services at once, under [`kit::internal::PATH`]: how a payment stands, and having money given
//! back.
//!
//! Orders are told what happens by events; this is for who can't wait for them.

mod view;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use kit::event_store::Metadata;
use kit::internal::{InternalApi, InternalConfig, Keyed, KeyedReply, Problem, serve};
use kit::{Access, Database, describe};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::commands::payments::{RefundPayment, RefundPaymentRefusal};
use wire::id::{PaymentId, RefundId};
use wire::money::Money;

use crate::NAME;
use crate::desk::{self, DeskError};
use crate::domain::decide::Answer;
use crate::story::{StoryError, stories};

pub use view::{PaymentList, PaymentView, RefundBody, RefundView};

/// Who may ask.
const CALLERS: [&str; 1] = ["orders"];
/// Payments that are listed at once: a page of orders has at most as many.
pub const IDS_MAX: usize = 100;
/// The longest reason of a refund, in characters: a sentence or two.
pub const REASON_LENGTH_MAX: usize = 200;

/// The routes over a migrated `database`, for services that `access` lets in.
#[must_use]
pub fn internal_api(database: &Database, access: Access, config: InternalConfig) -> InternalApi {
    let routes = OpenApiRouter::new().routes(routes!(payments)).routes(routes!(payment)).routes(routes!(refund));
    let routes = routes.with_state(database.clone());
    serve(NAME, access, &CALLERS, config, routes)
}

/// How a payment stands.
#[utoipa::path(get, path = "/payments/{id}", params(("id" = String, Path, description = "The payment's global id")),
    responses((status = 200, body = PaymentView), (status = 404, description = "There is no such payment")))]
async fn payment(State(database): State<Database>, Path(id): Path<String>) -> Result<Json<PaymentView>, Problem> {
    let id = payment_id(&id)?.uuid();
    let mut connection = database.connection().await?;
    let story = stories(&mut connection, &[id]).await?.remove(&id).transpose()?;
    story.and_then(|story| PaymentView::of(&story)).map(Json).ok_or_else(unknown)
}

/// Which payments.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Listed {
    /// Their global ids, 1 to 100, with commas between them.
    ids: String,
}

/// How several payments stand. Those that there aren't are left out, those that can't be read are named.
#[utoipa::path(get, path = "/payments", params(Listed),
    responses((status = 200, body = PaymentList), (status = 422, description = "These are no ids, or too many")))]
async fn payments(
    State(database): State<Database>,
    Query(Listed { ids }): Query<Listed>,
) -> Result<Json<PaymentList>, Problem> {
    let invalid = |what| Problem::refused("INVALID_IDS", what);
    let ids: Option<Vec<_>> = ids.split(',').take(IDS_MAX + 1).map(|id| Some(PaymentId::parse(id)?.uuid())).collect();
    let ids = ids.ok_or_else(|| invalid("These are no ids of payments"))?;
    if ids.len() > IDS_MAX {
        return Err(invalid("These are more ids than are listed at once"));
    }
    let mut connection = database.connection().await?;
    let mut stories = stories(&mut connection, &ids).await?;
    let mut list = PaymentList { payments: Vec::new(), unreadable: Vec::new() };
    for (id, read) in ids.iter().filter_map(|id| Some((*id, stories.remove(id)?))) {
        match read {
            Ok(story) => list.payments.extend(PaymentView::of(&story)),
            Err(error) => {
                let id = PaymentId::from(id).to_string();
                tracing::error!(payment = %id, error = %describe(&error), "how a payment stands can't be said");
                list.unreadable.push(id);
            }
        }
    }
    Ok(Json(list))
}

/// Has money given back. Answered before the provider is asked: what becomes of it is told by an event, and by the payment.
#[utoipa::path(post, path = "/payments/{id}/refunds", params(("id" = String, Path, description = "The payment's global id")),
    request_body = RefundBody,
    responses((status = 200, body = RefundView), (status = 404, description = "There is no such payment"),
        (status = 422, description = "It can't be given back, or not so much of it")))]
async fn refund(
    State(database): State<Database>,
    Path(id): Path<String>,
    keyed: Keyed<RefundBody>,
) -> Result<KeyedReply<RefundView>, Problem> {
    let RefundBody { refund_id, amount_minor, currency, reason } = &keyed.body;
    let invalid = |what| Problem::refused("INVALID_REFUND", what);
    let refund_id = RefundId::parse(refund_id).ok_or_else(|| invalid("The refund's id is none"))?;
    let currency = currency.parse().map_err(|_| invalid("The currency is none"))?;
    if reason.as_ref().is_some_and(|reason| !(1..=REASON_LENGTH_MAX).contains(&reason.chars().count())) {
        return Err(invalid("The reason is empty or too long"));
    }
    let (amount, reason) = (Money::new(*amount_minor, currency), reason.clone());
    let payment_id = payment_id(&id)?;
    let order = RefundPayment { payment_id, refund_id, amount, or_what_is_left: None, instead_of: None, reason };
    let actor = Some(format!("service:{}", keyed.caller.name()));
    let metadata = Metadata { actor, ..Metadata::default() };
    keyed
        .once(&database, async |connection| {
            let status = match desk::take(connection, &order, &metadata, None).await? {
                None => "requested",
                Some(Answer::Done(_)) => "refunded",
                Some(Answer::Refused(code, text)) => return Err(refusal(&code, text)),
            };
            let (id, status) = (order.refund_id.to_string(), status.to_owned());
            Ok(RefundView { id, amount_minor: order.amount.amount_minor, status })
        })
        .await
}

fn refusal(code: &RefundPaymentRefusal, text: &'static str) -> Problem {
    match code {
        RefundPaymentRefusal::UnknownPayment => unknown(),
        RefundPaymentRefusal::NotCaptured => Problem::refused("NOT_CAPTURED", text),
        RefundPaymentRefusal::InvalidAmount => Problem::refused("INVALID_AMOUNT", text),
        RefundPaymentRefusal::NothingLeft => Problem::refused("NOTHING_LEFT", text),
        RefundPaymentRefusal::ChargedBack => Problem::refused("CHARGED_BACK", text),
        RefundPaymentRefusal::RefundConflict => Problem::new(StatusCode::CONFLICT, "REFUND_CONFLICT", text),
        RefundPaymentRefusal::Declined | RefundPaymentRefusal::Other(_) => Problem::refused("DECLINED", text),
    }
}

fn payment_id(text: &str) -> Result<PaymentId, Problem> {
    PaymentId::parse(text).ok_or_else(unknown)
}

fn unknown() -> Problem {
    Problem::not_found("There is no such payment")
}

impl From<StoryError> for Problem {
    fn from(error: StoryError) -> Self {
        Self::internal(error)
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        Self::internal(error)
    }
}
