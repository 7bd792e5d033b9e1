//! The one place that notes reads and refusals: it sees every answer on its way out, writes the row that belongs to it, and lets
//! the answer go when the row is durable. Handlers know nothing of it, so none can forget.

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, StatusCode},
    middleware::Next,
    web::Data,
};
use futures_util::future::try_join_all;
use platform::ids::CardholderId;
use serde_json::{Map, Value};
use uuid::Uuid;
use web::{ApiError, Known, Remarked, free_text};

use super::{ReadLog, TokenRefusals, model::AuditError, record::Entry};

/// Why somebody looks, as they may say it: one word of their own system, or the number of a case.
const PURPOSE_HEADER: &str = "x-purpose";
const PURPOSE_BYTES_MAX: usize = 64;
/// The purpose of a look at what break-glass opened.
const BREAK_GLASS: &str = "break_glass";

/// Answers that hold no personal or financial field of a cardholder, or are nobody's but the caller's own. What is not here and
/// is read is noted; a new operation has to be put here to be left out.
const UNWATCHED: &[&str] = &[
    "/access_matrix",
    "/approval_policies",
    "/branches",
    "/branches/{branch_id}",
    "/break_glass_grants",
    "/consent_texts",
    // One's own; what is fetched notes itself, with what was in it.
    "/exports",
    "/exports/{export_id}",
    "/exports/{export_id}/file",
    "/events",
    "/imports",
    "/imports/{import_id}",
    "/jobs",
    "/jobs/{job_id}",
    "/keys",
    "/me",
    "/merchant_categories",
    "/products",
    "/retention/rules",
    "/retention/runs",
    "/retention/runs/{run_id}",
    "/saved_views",
    "/staff",
    "/staff/managers",
    "/staff/{staff_id}",
    "/work_items",
    "/work_items/counts",
];

/// Operations that read although they are no GET: what is looked for must not stand in an address.
const READS_BY_POST: &[&str] = &["/cardholders/search", "/cardholders/{cardholder_id}/preview_merge"];

/// What is named in such a path is a cardholder, or is about one.
const OF_SOMEBODY: &[&str] =
    &["/cardholders/{", "/approvals/{", "/subject_requests/{", "/break_glass_grants/{"];

/// A refusal that tells of somebody who is here already: it is a look at them, asked by number, phone or name.
const DUPLICATE_FOUND: &str = "cardholders.possible_duplicate";

/// Wraps the application below the one that shapes answers.
pub async fn watch(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let purpose = match purpose_of(request.request()) {
        Ok(purpose) => purpose,
        Err(error) => return Ok(request.error_response(ApiError::from(error))),
    };
    let response = next.call(request).await?.map_into_boxed_body();
    let Some(pattern) = response.request().match_pattern() else { return Ok(response) };
    let Some(path) = pattern.strip_prefix("/api/v1") else { return Ok(response) };
    let error = response.response().error().and_then(|error| error.as_error::<ApiError>());
    let code = error.map(ToString::to_string);
    let seen = Seen { request: response.request(), path, status: response.status(), purpose };
    match seen.note(code.as_deref()).await {
        Ok(()) => Ok(response),
        Err(error) => Ok(response.error_response(ApiError::from(error))),
    }
}

fn purpose_of(request: &HttpRequest) -> Result<Option<String>, AuditError> {
    let Some(value) = request.headers().get(PURPOSE_HEADER) else { return Ok(None) };
    let is_word = |text: &str| {
        !text.is_empty()
            && text.len() <= PURPOSE_BYTES_MAX
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_.:-".contains(&b))
            // A purpose has a name; a bare number could be anybody's.
            && text.bytes().any(|b| b.is_ascii_lowercase())
    };
    let is_nobodys = |text: &&str| is_word(text) && free_text::line(text).is_ok();
    let word = value.to_str().ok().filter(is_nobodys).ok_or(AuditError::PurposeInvalid)?;
    Ok(Some(word.to_owned()))
}

/// An answer on its way out.
struct Seen<'a> {
    request: &'a HttpRequest,
    /// The operation's path below `/api/v1`, with its parameters' names.
    path: &'a str,
    status: StatusCode,
    purpose: Option<String>,
}

impl Seen<'_> {
    async fn note(self, code: Option<&str>) -> Result<(), AuditError> {
        let log = self.request.app_data::<Data<ReadLog>>();
        let known = self.request.extensions().get::<Known>().cloned();
        match (log, known) {
            (Some(log), Some(known)) => {
                let rows = self.entries(&known, code).into_iter();
                try_join_all(rows.map(|entry| log.note(&known.actor, known.now, entry))).await.map(drop)
            }
            (Some(log), None) if self.status == StatusCode::UNAUTHORIZED => {
                let refusals = self.request.app_data::<Data<TokenRefusals>>();
                match refusals.filter(|_| self.request.headers().contains_key("authorization")) {
                    Some(refusals) => refusals.count(log, self.request).await,
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// What is noted of the answer: one row, or one for each whom it is about.
    fn entries(&self, known: &Known, code: Option<&str>) -> Vec<Entry> {
        let is_read = is_watched(self.request.method(), self.path);
        let is_refused = self.status == StatusCode::FORBIDDEN
            || (self.status == StatusCode::NOT_FOUND && is_of_somebody(self.path));
        let Remarked { mut said, about } =
            self.request.extensions().get::<Remarked>().cloned().unwrap_or_default();
        let entry = if is_refused {
            said.insert("operation".to_owned(), format!("{} {}", self.request.method(), self.path).into());
            said.insert("code".to_owned(), code.unwrap_or_default().into());
            Entry::of("access.refuse").refused()
        } else if is_read && self.status.is_success() {
            Entry::of(action_of(self.path))
        } else if code == Some(DUPLICATE_FOUND) {
            Entry::of("cardholders.find_duplicates")
        } else {
            return Vec::new();
        };
        let mut whom: Vec<CardholderId> = self.cardholder_id().into_iter().chain(about).collect();
        whom.sort_unstable();
        whom.dedup();
        if whom.is_empty() {
            return vec![self.told(entry, known, said, None)];
        }
        let row = |id| self.told(entry.clone(), known, said.clone(), Some(id));
        whom.into_iter().map(row).collect()
    }

    /// About whom, why, under which grant.
    fn told(
        &self,
        mut entry: Entry,
        known: &Known,
        said: Map<String, Value>,
        cardholder_id: Option<CardholderId>,
    ) -> Entry {
        let staff_id = known.actor.staff().map(|staff| staff.staff_id);
        let grant = staff_id.zip(cardholder_id).and_then(|(staff_id, cardholder_id)| {
            known.directory.grant_for(staff_id, cardholder_id, known.now)
        });
        if let Some(cardholder_id) = cardholder_id {
            entry = entry.about(cardholder_id);
        }
        if let Some(grant_id) = grant {
            entry = entry.on("break_glass_grant", grant_id).because(BREAK_GLASS);
        } else if let Some((kind, id)) = self.object() {
            entry = entry.on(kind, id);
        }
        if let Some(purpose) = &self.purpose {
            entry = entry.because(purpose.clone());
        }
        if said.is_empty() { entry } else { entry.changing(Value::Object(said)) }
    }

    fn cardholder_id(&self) -> Option<CardholderId> {
        let text = self.request.match_info().get("cardholder_id")?;
        Uuid::parse_str(text).ok().map(CardholderId)
    }

    /// What the last parameter of the path names, where it is not the cardholder.
    fn object(&self) -> Option<(&'static str, Uuid)> {
        let parameter = self.path.rsplit('/').find_map(|step| step.strip_prefix('{')?.strip_suffix('}'))?;
        let kind = match parameter {
            "account_id" => "account",
            "card_id" => "card",
            "transaction_id" => "transaction",
            "approval_id" => "approval",
            "request_id" => "subject_request",
            _ => return None,
        };
        Uuid::parse_str(self.request.match_info().get(parameter)?).ok().map(|id| (kind, id))
    }
}

/// Whether there is a cardholder behind what the path names: who looks for one that is not there for them is remembered.
fn is_of_somebody(path: &str) -> bool {
    OF_SOMEBODY.iter().any(|beginning| path.starts_with(beginning))
}

fn is_watched(method: &Method, path: &str) -> bool {
    match *method {
        Method::GET | Method::HEAD => !UNWATCHED.contains(&path),
        _ => READS_BY_POST.contains(&path),
    }
}

/// `/cardholders/{cardholder_id}/accounts/{account_id}` is `accounts.read`, `/cardholders` is `cardholders.list`.
fn action_of(path: &str) -> String {
    let words: Vec<&str> =
        path.split('/').filter(|step| !step.is_empty() && !step.starts_with('{')).collect();
    match words.as_slice() {
        ["cardholders"] if !path.contains('{') => "cardholders.list".to_owned(),
        ["cardholders", "search"] => "cardholders.search".to_owned(),
        ["cardholders", "preview_merge"] => "merges.preview".to_owned(),
        ["audit_entries"] => "audit.list".to_owned(),
        ["imports", what] => format!("imports.{what}"),
        ["audit", what] => format!("audit.{what}"),
        [.., last] => format!("{}.read", last.replace('-', "_")),
        [] => "access.read".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_noted_by_what_it_reads() {
        for (path, action) in [
            ("/cardholders", "cardholders.list"),
            ("/cardholders/{cardholder_id}", "cardholders.read"),
            ("/cardholders/search", "cardholders.search"),
            ("/cardholders/{cardholder_id}/cards/{card_id}", "cards.read"),
            ("/cardholders/{cardholder_id}/spending", "spending.read"),
            ("/cardholders/{cardholder_id}/contact-decision", "contact_decision.read"),
            ("/audit_entries", "audit.list"),
            ("/audit/verify", "audit.verify"),
            ("/workbench", "workbench.read"),
        ] {
            assert_eq!(action_of(path), action);
        }
    }

    #[test]
    fn what_is_not_listed_is_watched_and_only_reading_is() {
        assert!(is_watched(&Method::GET, "/something/new"));
        assert!(!is_watched(&Method::GET, "/me"));
        assert!(is_watched(&Method::POST, "/cardholders/search"));
        assert!(!is_watched(&Method::POST, "/cardholders"));
        assert!(is_of_somebody("/subject_requests/{request_id}/complete"));
        assert!(!is_of_somebody("/saved_views/{view_id}") && !is_of_somebody("/approvals"));
    }
}
