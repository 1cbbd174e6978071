//! What other services ask of this one at once, under `/internal/v1`: whose an order is, before they take money for it.

use axum::Json;
use axum::extract::{Path, State};
use kit::internal::{InternalApi, InternalConfig, Problem, serve};
use kit::{Access, Database, GlobalId as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::store::{OrderStore, StoreError};
use crate::{NAME, OrderId};

/// Who may ask: who takes money, and nobody else.
const CALLERS: [&str; 1] = ["payments"];

/// Whose an order is, as `/internal/v1/orders/{id}/customer` answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerView {
    /// The order's global id.
    pub order_id: String,
    /// The customer's.
    pub customer_id: String,
    /// Whether nothing is taken from them any more, nor anything personal of theirs kept.
    pub is_erased: bool,
}

/// The routes over a migrated `database`, for services that `access` lets in.
#[must_use]
pub fn internal_api(database: &Database, access: Access) -> InternalApi {
    let routes = OpenApiRouter::new().routes(routes!(order_customer)).with_state(OrderStore::new(database.clone()));
    serve(NAME, access, &CALLERS, InternalConfig::default(), routes)
}

/// Whose an order is that was placed; `NOT_FOUND` for none, and for a cart.
#[utoipa::path(get, path = "/orders/{id}/customer", params(("id" = String, Path, description = "The order's global id")),
    responses((status = 200, body = CustomerView), (status = 404, description = "There is no such order")))]
async fn order_customer(
    State(store): State<OrderStore>,
    Path(id): Path<String>,
) -> Result<Json<CustomerView>, Problem> {
    let none = || Problem::not_found("There is no such order");
    let id = OrderId::parse_global(&id).map_err(|_| none())?;
    let (customer_id, is_erased) = store.order_customer(id).await?.ok_or_else(none)?;
    Ok(Json(CustomerView { order_id: id.to_global(), customer_id: customer_id.to_global(), is_erased }))
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Database(error) => error.into(),
            error => Self::internal(error),
        }
    }
}
