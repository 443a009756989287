//! The route list: every handler with its permission. OpenAPI, the answer 405 and the permission table of the tests are made from it.

use actix_web::dev::{HttpServiceFactory, ResourceDef};
use actix_web::web;
use serde_json::json;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{ContentBuilder, ObjectBuilder, OpenApi, Ref, RefOr, Required, ResponseBuilder, Schema, Type};
use utoipa_actix_web::OpenApiFactory;

use super::names::Renames;
use super::permission::{Permission, Scope};
use crate::accounts::model::Role;

/// Where the API lives.
pub const ROOT: &str = "/api/v1";

/// One route.
#[derive(Clone, Debug)]
pub struct Route {
    /// `POST`.
    pub method: String,
    /// The template of its path.
    pub path: String,
    /// Name of its permission.
    pub permission: &'static str,
    /// Who has it.
    pub roles: &'static [Role],
    /// Whether it needs no account.
    pub public: bool,
}

/// Collects the routes of all features; features get it in their `routes(api)`.
pub struct Api<'a> {
    config: &'a mut web::ServiceConfig,
    document: &'a mut OpenApi,
    routes: &'a mut Vec<Route>,
    section: &'static str,
}

impl<'a> Api<'a> {
    /// A list to be filled.
    pub fn new(config: &'a mut web::ServiceConfig, document: &'a mut OpenApi, routes: &'a mut Vec<Route>) -> Self {
        Api { config, document, routes, section: "" }
    }

    /// The feature whose routes follow.
    pub fn section(&mut self, name: &'static str) -> &mut Self {
        self.section = name;
        self
    }

    /// Adds a handler with the permission that its arguments ask for.
    pub fn route<P: Permission>(&mut self, handler: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        self.add::<P>(handler, true)
    }

    /// The same for a handler that takes neither `Idempotency-Key` nor `If-Match`: sessions.
    pub fn bare<P: Permission>(&mut self, handler: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        self.add::<P>(handler, false)
    }

    fn add<P: Permission>(&mut self, handler: impl HttpServiceFactory + OpenApiFactory + 'static, guarded: bool) -> &mut Self {
        let mut schemas = Vec::new();
        handler.schemas(&mut schemas);
        let known = &mut self.document.components.get_or_insert_default().schemas;
        let renames = Renames::new(known, &schemas, self.section);
        known.extend(schemas.into_iter().map(|(name, schema)| (renames.name(name), renames.apply(&schema))));
        let mut paths = utoipa::openapi::path::Paths::new();
        for (path, mut item) in handler.paths().paths {
            let full = format!("{ROOT}{path}");
            let operations = [
                ("GET", &mut item.get),
                ("POST", &mut item.post),
                ("PUT", &mut item.put),
                ("PATCH", &mut item.patch),
                ("DELETE", &mut item.delete),
            ];
            for (method, operation) in operations {
                if let Some(operation) = operation {
                    *operation = renames.apply(operation);
                    self.routes.push(Route {
                        method: method.into(),
                        path: full.clone(),
                        permission: P::NAME,
                        roles: P::ROLES,
                        public: P::PUBLIC,
                    });
                    complete::<P>(operation, method, &full, self.section, guarded);
                }
            }
            paths.paths.insert(full, item);
        }
        self.document.paths.merge(paths);
        self.config.service(handler);
        self
    }
}

/// Adds what every operation has: path parameters, headers, security, problems.
fn complete<P: Permission>(operation: &mut Operation, method: &str, path: &str, section: &str, guarded: bool) {
    operation.tags = Some(vec![section.to_owned()]);
    operation.operation_id = operation.operation_id.take().map(|id| format!("{section}_{id}"));
    let parameters = operation.parameters.get_or_insert_default();
    parameters.retain(|parameter| !matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Path));
    for name in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
        let kind = if name == "n" { Type::Integer } else { Type::String };
        parameters.push(parameter(name, ParameterIn::Path, kind));
    }
    match method {
        "POST" if guarded => parameters.push(parameter("Idempotency-Key", ParameterIn::Header, Type::String)),
        "PUT" | "PATCH" | "DELETE" if guarded => parameters.push(parameter("If-Match", ParameterIn::Header, Type::String)),
        _ => {}
    }
    let mut security = vec![SecurityRequirement::new("bearer", [""; 0]), SecurityRequirement::new("cookie", [""; 0])];
    if !P::Scope::IDENTIFIED {
        security.clear();
    } else if P::PUBLIC {
        security.push(SecurityRequirement::default());
    }
    operation.security = Some(security);
    for status in problems(method) {
        operation.responses.responses.entry((*status).to_owned()).or_insert_with(problem);
    }
    let permission = json!({"name": P::NAME, "roles": P::ROLES, "public": P::PUBLIC, "incident": P::Scope::INCIDENT});
    operation.extensions.get_or_insert_default().insert("x-permission".into(), permission);
}

fn problems(method: &str) -> &'static [&'static str] {
    match method {
        "GET" => &["400", "401", "403", "404", "422", "429", "500", "503"],
        "POST" => &["400", "401", "403", "404", "408", "409", "413", "415", "422", "429", "500", "503"],
        _ => &["400", "401", "403", "404", "408", "409", "412", "413", "415", "422", "428", "429", "500", "503"],
    }
}

fn problem() -> RefOr<utoipa::openapi::Response> {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    RefOr::T(ResponseBuilder::new().description("A problem (RFC 9457)").content("application/problem+json", content).build())
}

fn parameter(name: &str, place: ParameterIn, kind: Type) -> RefOr<utoipa::openapi::path::Parameter> {
    let mut schema = ObjectBuilder::new().schema_type(kind);
    match name {
        "Idempotency-Key" => schema = schema.min_length(Some(16)).max_length(Some(200)).pattern(Some("^[!-~]+$")),
        "If-Match" => schema = schema.pattern(Some("^\"[0-9]{1,18}\"$")),
        _ => {}
    }
    let schema = RefOr::T(Schema::Object(schema.build()));
    RefOr::T(ParameterBuilder::new().name(name).parameter_in(place).required(Required::True).schema(Some(schema)).build())
}

/// The routes as requests meet them: the methods of each path, for the answer 405, and the permission of each route.
pub struct Table(Vec<(ResourceDef, Route)>);

impl Table {
    /// Of a route list.
    pub fn new(routes: &[Route]) -> Self {
        Table(routes.iter().map(|route| (ResourceDef::new(route.path.as_str()), route.clone())).collect())
    }

    /// The methods that a path has.
    pub(super) fn methods(&self, path: &str) -> Vec<&str> {
        let here = self.0.iter().filter(|(def, _)| def.is_match(path));
        let mut methods: Vec<&str> = here.map(|(_, route)| route.method.as_str()).collect();
        methods.sort_unstable();
        methods.dedup();
        methods
    }

    /// Whether the list names this permission for a route: a handler that asks for another one than it was registered with would stand
    /// wrongly in OpenAPI and in the permission table.
    pub(super) fn agrees(&self, method: &str, pattern: &str, permission: &str) -> bool {
        let mut here = self.0.iter().filter(|(_, route)| route.method == method && route.path == pattern);
        here.all(|(_, route)| route.permission == permission)
    }
}
