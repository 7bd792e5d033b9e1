//! The OpenAPI document of the staff API, collected from the handlers themselves.

use actix_web::{App, web::ServiceConfig as ActixConfig};
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, Server,
    schema::{ArrayItems, Schema},
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    tag::TagBuilder,
};
use utoipa_actix_web::{AppExt, service_config::ServiceConfig};
use utoipa_swagger_ui::SwaggerUi;

const ABOUT: &str = "Cardea keeps a bank's cardholders: who they are, what they hold and do. Every operation names its permission \
under *security*; every failure is an RFC 9457 problem document whose `code` is stable. Lists are keyset pages: pass `next` as \
`after`. Single resources carry an `ETag`; changes need it as `If-Match`. Money is an integer number of minor units.";

/// Tags in reading order, each with one sentence.
const TAGS: &[(&str, &str)] = &[
    ("sessions", "Signing in and out, and who one is."),
    ("branches", "The branch tree."),
    ("staff", "Who works where and may do what."),
    ("cardholders", "Who they are: profile, contacts, lifecycle, history, search."),
    ("accounts", "What they hold: accounts, cards, loans, standing orders."),
    ("transactions", "What they do: transactions and what they add up to."),
    ("billing", "Monthly statements and repayments."),
    ("consents", "What they agreed to, what they wish, and whether they may be contacted."),
    ("subject_requests", "What they ask for under the law on personal information, and until when."),
    ("workbench", "What needs the caller today."),
    ("statistics", "Figures of the bank by branch, product and month."),
    ("exports", "Lists as files: asked for, approved, written, downloaded."),
    ("work_items", "The one inbox: what waits for somebody."),
    ("break_glass", "Records of other branches opened in an emergency."),
    ("approvals", "What waits for a second pair of eyes, and who decided."),
    ("views", "Saved views of lists."),
    ("events", "What happens, as it happens."),
    ("imports", "Files that are uploaded, checked and imported."),
    ("jobs", "Background work and how far it is."),
    ("keys", "The vault's keys and their rotation; never a key itself."),
    ("retention", "How long rows are kept, and the walks that delete those whose time is over."),
    ("access", "Who may do and see what."),
    ("audit", "Who did what, when, from where."),
    ("reference", "Products and merchant categories."),
];

/// The routes below `/api/v1`: each chapter's, in one scope.
pub(crate) fn staff_routes(config: &mut ServiceConfig) {
    // In the order in which they are tried: cardholders are asked for far more often than staff.
    records::routes(config);
    trust::routes(config);
}

/// What the document says before any operation is added.
pub(crate) fn base() -> OpenApi {
    let license = LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build();
    let info = InfoBuilder::new()
        .title("Cardea staff API")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(license))
        .build();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("The access token of `POST /api/v1/auth/login`"))
        .build();
    let components = ComponentsBuilder::new()
        .schemas_from_iter(web::problem_schemas())
        .security_scheme("staff", SecurityScheme::Http(bearer))
        .build();
    let tags = TAGS.iter().map(|(name, text)| TagBuilder::new().name(*name).description(Some(*text)).build());
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components))
        .servers(Some([Server::new("/")]))
        .tags(Some(tags.collect::<Vec<_>>()))
        .build()
}

/// The finished document.
pub fn document() -> OpenApi {
    let (_, collected) = App::new()
        .into_utoipa_app()
        .openapi(base())
        .service(utoipa_actix_web::scope("/api/v1").configure(staff_routes))
        .split_for_parts();
    finish(collected)
}

/// The derive macro writes a page's items out; what has a name of its own is referred to by it.
pub(crate) fn finish(mut api: OpenApi) -> OpenApi {
    let Some(components) = &mut api.components else { return api };
    let named = components.schemas.clone();
    for (name, page) in &mut components.schemas {
        let Some((item, schema)) = name.strip_prefix("Page_").and_then(|item| named.get_key_value(item))
        else {
            continue;
        };
        if let RefOr::T(Schema::Object(page)) = page
            && let Some(RefOr::T(Schema::Array(items))) = page.properties.get_mut("items")
            && items.items == ArrayItems::RefOrSchema(Box::new(schema.clone()))
        {
            items.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(item).into()));
        }
    }
    api
}

/// Swagger UI at `/docs/`, the document at `/openapi/openapi.json`.
pub(crate) fn show(config: &mut ActixConfig, api: OpenApi) {
    config.service(SwaggerUi::new("/docs/{_:.*}").url("/openapi/openapi.json", api));
    config.service(actix_web::web::redirect("/docs", "/docs/"));
}
