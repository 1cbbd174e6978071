//! What other services ask of this one at once, under `/internal/v1`: where and how a user is told things.

use axum::{
    Json,
    extract::{Path, State},
};
use kit::{
    Access, Database, GlobalId as _,
    internal::{InternalApi, InternalConfig, Problem, serve},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    NAME, StoreError, UserId,
    contact::{self, Contact},
};

/// Who may ask: who tells users things, and nobody else.
const CALLERS: [&str; 1] = ["notifications"];

/// The routes, on `database`, which has been migrated.
#[must_use]
pub fn internal_api(database: Database, access: Access) -> InternalApi {
    let routes = OpenApiRouter::new().routes(routes!(user_contact)).with_state(database);
    serve(NAME, access, &CALLERS, InternalConfig::default(), routes)
}

/// A user's contact and preferences; `NOT_FOUND` for who doesn't exist, or is erased.
#[utoipa::path(
    get,
    path = "/users/{id}/contact",
    params(("id" = String, Path, description = "The user's global id")),
    responses((status = 200, description = "The contact", body = Contact))
)]
async fn user_contact(State(database): State<Database>, Path(id): Path<String>) -> Result<Json<Contact>, Problem> {
    let nobody = || Problem::not_found("There is no such user");
    let id = UserId::parse_global(&id).map_err(|_| nobody())?;
    contact::contact(&database, id).await?.map(Json).ok_or_else(nobody)
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Database(error) => error.into(),
            error => Self::internal(error),
        }
    }
}
