//! What the OpenAPI document says besides the routes.

use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Info, OpenApi, OpenApiVersion};

use crate::error::FieldError;

/// The body of a problem.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the body that `Problem::body` writes")]
struct ProblemBody {
    /// Where the code is explained.
    r#type: String,
    /// The code in words.
    title: String,
    /// The status.
    status: u16,
    /// The stable code; refusals may carry further members beside it.
    code: String,
    /// What can be done about it.
    detail: String,
    /// The id of the request.
    instance: String,
    /// Every field that must be mended.
    errors: Option<Vec<FieldProblem>>,
}

/// One field that must be mended.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what `Problem::body` writes")]
struct FieldProblem {
    #[schema(inline)]
    #[serde(flatten)]
    error: FieldError,
    /// What can be done about it.
    detail: String,
}

/// A document without routes.
pub fn document() -> OpenApi {
    let mut document = OpenApi::new(Info::new("Heli", env!("CARGO_PKG_VERSION")), utoipa::openapi::Paths::new());
    document.openapi = OpenApiVersion::Version31;
    let components = document.components.get_or_insert_default();
    let mut schemas = Vec::new();
    <ProblemBody as utoipa::ToSchema>::schemas(&mut schemas);
    components.schemas.extend(schemas);
    components.schemas.insert("Problem".into(), <ProblemBody as utoipa::PartialSchema>::schema());
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("heli_access"))));
    document
}
