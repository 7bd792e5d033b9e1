use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    get, post,
    web::{Data, Json},
};
use kernel::{Fault, Kind, Page, PageLimit};
use platform::{Db, Tx, ids::ApprovalId, vault::Vault};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use web::{
    ApiResult, Caller, CreateProblems, Directory, IdPath, Query, ReadProblems, Remarks, Requires, Valid,
    access::markers::{ApprovalsDecide, ApprovalsRead},
    parse_after,
};

use super::{
    decide::{self, Bench},
    executors::Executors,
    faults::ApprovalError,
    model::{ApprovalFilter, ApprovalRow, Approving, BulkDecision, Decision, Rejecting},
    policies::{self, ApprovalPolicy},
    repo,
    view::{self, Approval, ApprovalDetail, SubmittedApproval, Viewer},
};

pub fn routes(config: &mut ServiceConfig) {
    // The literal goes first: `/approvals/{approval_id}` would swallow it.
    config.service(decide_approvals).service(list_approvals).service(get_approval);
    config.service(approve_request).service(reject_request).service(withdraw_request);
    config.service(list_approval_policies);
}

/// List requests
///
/// Newest first: one's own, and within the caller's part of the bank those they could ask for or decide.
#[utoipa::path(
    tag = "approvals",
    params(ApprovalFilter),
    responses((status = 200, description = "A page of requests", body = Page<Approval>), ReadProblems),
    security(("staff" = ["approvals:read"]))
)]
#[get("/approvals")]
async fn list_approvals(
    caller: Caller<ApprovalsRead>,
    db: Data<Db>,
    Query(filter): Query<ApprovalFilter>,
) -> ApiResult<Json<Page<Approval>>> {
    let limit = PageLimit::parse(filter.limit).unwrap_or_default();
    let after = parse_after(filter.after.as_deref())?;
    let (conn, viewer) = (db.read().await?, Viewer::from(&caller));
    let rows = repo::list(&conn, &viewer, &filter, limit, after).await?;
    let Page { items, next, count } = Page::cut(rows, limit, |row| row.approval_id);
    Ok(Json(Page { items: view::shown(&conn, &viewer, items).await?, next, count }))
}

/// One request
///
/// With what a checker decides by: before and after of each field, the evidence, how much hangs on it, who has decided.
#[utoipa::path(
    tag = "approvals",
    params(("approval_id" = ApprovalId, Path)),
    responses((status = 200, description = "The request", body = ApprovalDetail), ReadProblems),
    security(("staff" = ["approvals:read"]))
)]
#[get("/approvals/{approval_id}")]
async fn get_approval(
    caller: Caller<ApprovalsRead>,
    db: Data<Db>,
    remarks: Remarks,
    id: IdPath<ApprovalId>,
) -> ApiResult<Json<ApprovalDetail>> {
    let (conn, viewer) = (db.read().await?, Viewer::from(&caller));
    if let Some(known) = repo::known(&conn, *id).await? {
        remarks.about(repo::shown_by(&conn, &known).await?);
    }
    let row = repo::find(&conn, &viewer, *id).await?.ok_or(ApprovalError::Missing)?;
    Ok(Json(view::detail(&conn, &viewer, row).await?.ok_or(ApprovalError::Missing)?))
}

/// Approve a request
///
/// Once per checker, never one's own. The last approval that is needed does what was asked for, in the same transaction.
#[utoipa::path(
    tag = "approvals",
    params(("approval_id" = ApprovalId, Path)),
    request_body = Approving,
    responses((status = 200, description = "Approved", body = Approval), CreateProblems),
    security(("staff" = ["approvals:decide"]))
)]
#[post("/approvals/{approval_id}/approve")]
async fn approve_request(
    caller: Caller<ApprovalsDecide>,
    office: Office,
    id: IdPath<ApprovalId>,
    Valid(approving): Valid<Approving>,
) -> ApiResult<Json<Approval>> {
    let row = office.decide(&caller, *id, Decision::Approve, approving.comment).await?;
    Ok(Json(office.shown(&caller, row).await?))
}

/// Reject a request
///
/// One rejection ends it.
#[utoipa::path(
    tag = "approvals",
    params(("approval_id" = ApprovalId, Path)),
    request_body = Rejecting,
    responses((status = 200, description = "Rejected", body = Approval), CreateProblems),
    security(("staff" = ["approvals:decide"]))
)]
#[post("/approvals/{approval_id}/reject")]
async fn reject_request(
    caller: Caller<ApprovalsDecide>,
    office: Office,
    id: IdPath<ApprovalId>,
    Valid(rejecting): Valid<Rejecting>,
) -> ApiResult<Json<Approval>> {
    let row = office.decide(&caller, *id, Decision::Reject, Some(rejecting.comment)).await?;
    Ok(Json(office.shown(&caller, row).await?))
}

/// Take a request back
///
/// Only one's own, while it waits.
#[utoipa::path(
    tag = "approvals",
    params(("approval_id" = ApprovalId, Path)),
    responses((status = 200, description = "Taken back", body = Approval), CreateProblems),
    security(("staff" = ["approvals:read"]))
)]
#[post("/approvals/{approval_id}/withdraw")]
async fn withdraw_request(
    caller: Caller<ApprovalsRead>,
    db: Data<Db>,
    id: IdPath<ApprovalId>,
) -> ApiResult<Json<Approval>> {
    let viewer = Viewer::from(&caller);
    let row = db.write(&caller.actor, async |tx| decide::withdraw(tx, &viewer, *id).await).await?;
    let shown = view::shown_one(&*db.read().await?, &viewer, row).await?;
    Ok(Json(shown.ok_or(ApprovalError::Missing)?))
}

/// Decide many requests
///
/// The same decision about each, each in its own transaction and with its own result: one refusal stops none of the others.
#[utoipa::path(
    tag = "approvals",
    request_body = BulkDecision,
    responses((status = 200, description = "What became of each", body = BulkResults), CreateProblems),
    security(("staff" = ["approvals:decide"]))
)]
#[post("/approvals/decide")]
async fn decide_approvals(
    caller: Caller<ApprovalsDecide>,
    office: Office,
    Valid(bulk): Valid<BulkDecision>,
) -> ApiResult<Json<BulkResults>> {
    if bulk.decision == Decision::Reject && bulk.comment.is_none() {
        return Err(ApprovalError::CommentMissing.into());
    }
    let mut items = Vec::new();
    for id in bulk.ids {
        items.push(office.decide_one_of_many(&caller, id, bulk.decision, bulk.comment.clone()).await?);
    }
    Ok(Json(BulkResults { items }))
}

/// The policy table
///
/// What needs an approval, from which amount or number of rows on, of whom and of how many.
#[utoipa::path(
    tag = "approvals",
    responses((status = 200, description = "Every line in force", body = ApprovalPolicies), ReadProblems),
    security(("staff" = ["approvals:read"]))
)]
#[get("/approval_policies")]
async fn list_approval_policies(
    _caller: Caller<ApprovalsRead>,
    db: Data<Db>,
) -> ApiResult<Json<ApprovalPolicies>> {
    Ok(Json(ApprovalPolicies { items: policies::in_force(&*db.read().await?).await? }))
}

/// The answer to a change that waits instead of having been made.
pub async fn accepted<P: Requires>(
    db: &Db,
    caller: &Caller<P>,
    row: ApprovalRow,
) -> Result<HttpResponse, ApprovalError> {
    Ok(HttpResponse::Accepted().json(SubmittedApproval { approval: shown_to(db, caller, row).await? }))
}

/// A request as its maker sees it.
pub async fn shown_to<P: Requires>(
    db: &Db,
    caller: &Caller<P>,
    row: ApprovalRow,
) -> Result<Approval, ApprovalError> {
    let shown = view::shown_one(&*db.read().await?, &Viewer::from(caller), row).await?;
    shown.ok_or(ApprovalError::Missing)
}

/// What deciding takes, gathered from the application.
struct Office {
    db: Data<Db>,
    executors: Data<Executors>,
    vault: Data<Vault>,
    directory: Data<Directory>,
}

impl FromRequest for Office {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let mut office = || {
            Ok(Self {
                db: Data::from_request(request, payload).into_inner()?,
                executors: Data::from_request(request, payload).into_inner()?,
                vault: Data::from_request(request, payload).into_inner()?,
                directory: Data::from_request(request, payload).into_inner()?,
            })
        };
        ready(office())
    }
}

impl Office {
    async fn decide(
        &self,
        caller: &Caller<ApprovalsDecide>,
        id: ApprovalId,
        decision: Decision,
        comment: Option<String>,
    ) -> Result<ApprovalRow, ApprovalError> {
        let viewer = Viewer::from(caller);
        let bench = Bench { executors: &self.executors, vault: &self.vault, viewer: &viewer };
        let decided = self.db.write(&caller.actor, async |tx| match decision {
            Decision::Approve => decide::approve(tx, &bench, id, comment).await,
            Decision::Reject => decide::reject(tx, &bench, id, comment).await,
        });
        let row = match decided.await {
            Ok(outcome) => outcome.told()?,
            Err(error) => return Err(self.refused(caller, (id, decision), error).await?),
        };
        // What was done may have been to a member of staff, and bites at once.
        self.directory.refresh(&self.db).await?;
        Ok(row)
    }

    /// A refusal leaves its row too, but for a proof that is asked for and for what is nobody's fault.
    async fn refused(
        &self,
        caller: &Caller<ApprovalsDecide>,
        (id, decision): (ApprovalId, Decision),
        error: ApprovalError,
    ) -> Result<ApprovalError, ApprovalError> {
        let is_the_callers = !matches!(error.kind(), Kind::Busy | Kind::Internal);
        if is_the_callers && !matches!(error, ApprovalError::StepUp(_)) {
            let noted = async |tx: &mut Tx<'_>| decide::note_refusal(tx, id, decision, error.code()).await;
            self.db.write(&caller.actor, noted).await?;
        }
        Ok(error)
    }

    async fn shown(
        &self,
        caller: &Caller<ApprovalsDecide>,
        row: ApprovalRow,
    ) -> Result<Approval, ApprovalError> {
        let viewer = Viewer::from(caller);
        view::shown_one(&*self.db.read().await?, &viewer, row).await?.ok_or(ApprovalError::Missing)
    }

    /// A refusal is this item's result; only who has to prove themselves again is told so at once.
    async fn decide_one_of_many(
        &self,
        caller: &Caller<ApprovalsDecide>,
        approval_id: ApprovalId,
        decision: Decision,
        comment: Option<String>,
    ) -> Result<BulkResult, ApprovalError> {
        match self.decide(caller, approval_id, decision, comment).await {
            Ok(row) => {
                let approval = Some(self.shown(caller, row).await?);
                Ok(BulkResult { approval_id, approval, code: None, params: Map::new() })
            }
            Err(error @ ApprovalError::StepUp(_)) => Err(error),
            Err(error) => {
                let (code, params) = (Some(error.code().to_owned()), error.params());
                Ok(BulkResult { approval_id, approval: None, code, params })
            }
        }
    }
}

/// The policy table.
#[derive(Serialize, ToSchema)]
pub struct ApprovalPolicies {
    pub items: Vec<ApprovalPolicy>,
}

/// What became of one request of a bulk decision: the request, or why not.
#[derive(Serialize, ToSchema)]
pub struct BulkResult {
    pub approval_id: ApprovalId,
    pub approval: Option<Approval>,
    #[schema(example = "approvals.stale_base")]
    pub code: Option<String>,
    #[schema(value_type = Object)]
    pub params: Map<String, Value>,
}

/// What became of each, in the order they were named.
#[derive(Serialize, ToSchema)]
pub struct BulkResults {
    pub items: Vec<BulkResult>,
}
