//! The OpenAPI document: what the routes say of themselves, and what is true of all of them.

use utoipa::{
    PartialSchema as _, ToSchema as _,
    openapi::{
        Components, ContentBuilder, Info, OpenApi, Ref, RefOr, Required, ResponseBuilder,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem},
        security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme},
    },
};
use wire::identity::IDENTITY_HEADER;

use super::{DEADLINE_HEADER, PROBLEM_TYPE, problem::ProblemDocument};

/// By which operations name the identity.
const IDENTITY: &str = "identity";

/// The document of a service, as JSON.
pub(super) fn document(name: &str, mut openapi: OpenApi) -> String {
    openapi.info = Info::new(format!("{name}, between services"), "1".to_owned());
    for item in openapi.paths.paths.values_mut() {
        operations(item).for_each(complete);
    }
    let components = openapi.components.get_or_insert_with(Components::new);
    components.schemas.insert(ProblemDocument::name().into_owned(), ProblemDocument::schema());
    let description = "An identity token of a service, signed by its own key";
    let identity = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(IDENTITY_HEADER, description)));
    components.add_security_scheme(IDENTITY, identity);
    openapi.security = Some(vec![SecurityRequirement::new(IDENTITY, Vec::<String>::new())]);
    // A tree of strings and numbers: writing it can't fail.
    openapi.to_json().unwrap_or_default()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, head, .. } = item;
    [get, put, post, delete, patch, head].into_iter().flatten()
}

/// Adds the deadline, and that every call may be answered by a problem.
fn complete(operation: &mut Operation) {
    let deadline: Parameter = ParameterBuilder::new()
        .name(DEADLINE_HEADER)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("How many milliseconds the caller still waits"))
        .schema(Some(u64::schema()))
        .build();
    operation.parameters.get_or_insert_default().push(RefOr::T(deadline));
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name(ProblemDocument::name()))).build();
    let response = ResponseBuilder::new().description("Any error").content(PROBLEM_TYPE, problem).build();
    operation.responses.responses.entry("default".to_owned()).or_insert(RefOr::T(response));
}
