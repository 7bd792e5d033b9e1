//! Problem documents (RFC 9457). The only place that knows which status a fault becomes.

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use kernel::{Fault, FieldFault, Kind};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::words;

pub type ApiResult<T> = Result<T, ApiError>;

/// What every answer of 400 and above looks like.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Where the code is described.
    #[schema(example = "/problems/cardholders.possible_duplicate")]
    pub r#type: String,
    #[schema(example = "与现有数据冲突")]
    pub title: String,
    #[schema(example = 409)]
    pub status: u16,
    /// The code's sentence, in the language of `Accept-Language`.
    pub detail: String,
    /// Stable: the client words it.
    #[schema(example = "cardholders.possible_duplicate")]
    pub code: String,
    /// Parameters of the client's sentence.
    #[schema(value_type = Object)]
    pub params: Map<String, Value>,
    /// Quote it to support; it is in the logs and in the audit row.
    pub trace_id: String,
    pub errors: Vec<FieldProblem>,
}

/// One wrong field.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FieldProblem {
    /// A JSON pointer into the body, or `/name` of a query parameter.
    #[schema(example = "/phones/0/number")]
    pub pointer: String,
    #[schema(example = "phone.invalid")]
    pub code: String,
    #[schema(value_type = Object)]
    pub params: Map<String, Value>,
    /// The code's sentence, in the language of `Accept-Language`.
    pub message: String,
}

/// Why the door stayed closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("sign in first")]
    SignInRequired,
    #[error("change the initial password first")]
    PasswordChangeRequired,
    #[error("set up the second factor first")]
    SecondFactorDue,
    #[error("this role may not do that")]
    Forbidden,
    #[error("the server was put together wrongly")]
    Misconfigured,
}

impl Fault for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Self::SignInRequired => Kind::Unauthenticated,
            Self::PasswordChangeRequired | Self::SecondFactorDue | Self::Forbidden => Kind::Forbidden,
            Self::Misconfigured => Kind::Internal,
        }
    }

    fn code(&self) -> &str {
        match self {
            Self::SignInRequired => "staff.sign_in_required",
            Self::PasswordChangeRequired => "staff.password_change_required",
            Self::SecondFactorDue => "staff.second_factor_due",
            Self::Forbidden => "staff.forbidden",
            Self::Misconfigured => "internal",
        }
    }
}

/// Any fault on its way out. Slices never name it; `?` makes it.
#[derive(Debug)]
pub struct ApiError {
    pub(crate) fault: Box<dyn Fault>,
}

impl<E: Fault> From<E> for ApiError {
    fn from(fault: E) -> Self {
        Self { fault: Box::new(fault) }
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.fault.code())
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        status_of(self.fault.kind())
    }

    /// The body is written by `shape`, which knows the request's language and trace id.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

fn status_of(kind: Kind) -> StatusCode {
    match kind {
        Kind::Malformed => StatusCode::BAD_REQUEST,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Missing => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Stale => StatusCode::PRECONDITION_FAILED,
        Kind::Unconditional => StatusCode::PRECONDITION_REQUIRED,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The two languages the server speaks where it must speak at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Chinese,
    English,
}

impl Problem {
    pub(crate) fn of_fault(fault: &dyn Fault, language: Language, trace_id: String) -> Self {
        let status = status_of(fault.kind());
        let errors =
            fault.fields().into_iter().map(|fault| FieldProblem::of_fault(fault, language)).collect();
        let params = fault.params();
        let bare = Self::bare(status, fault.code(), language, trace_id);
        let detail = words::sentence(language, fault.code(), &params, "").unwrap_or(bare.detail);
        Self { detail, params, errors, ..bare }
    }

    pub(crate) fn bare(status: StatusCode, code: &str, language: Language, trace_id: String) -> Self {
        let (title, detail) = sentences(status, language);
        Self {
            r#type: format!("/problems/{code}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.to_owned(),
            code: code.to_owned(),
            params: Map::new(),
            trace_id,
            errors: Vec::new(),
        }
    }
}

impl FieldProblem {
    fn of_fault(fault: FieldFault, language: Language) -> Self {
        let FieldFault { pointer, code, params } = fault;
        let message = words::sentence(language, &code, &params, &pointer).unwrap_or_else(|| code.clone());
        Self { pointer, code, params, message }
    }
}

/// Title per status, and a detail for what has no sentence of its own.
fn sentences(status: StatusCode, language: Language) -> (&'static str, &'static str) {
    let (zh, en) = match status.as_u16() {
        400 => (
            ("请求无法理解", "请检查请求的格式与字段。"),
            ("The request can't be understood", "Check its form and its fields."),
        ),
        401 => {
            (("请先登录", "会话不存在或已结束。"), ("Sign in first", "There is no session, or it has ended."))
        }
        403 => (("没有权限", "当前角色不能进行此操作。"), ("Not allowed", "This role may not do that.")),
        404 => (
            ("未找到", "内容不存在，或不在可见范围内。"),
            ("Not found", "It does not exist, or not within your scope."),
        ),
        405 => (
            ("不支持的方法", "该地址不接受此方法。"),
            ("Method not allowed", "This address does not take that method."),
        ),
        408 => (("请求超时", "请重新发送。"), ("The request took too long", "Send it again.")),
        409 => (
            ("与现有数据冲突", "请核对后再试。"),
            ("It conflicts with what is there", "Check it and try again."),
        ),
        412 => (
            ("数据已被他人修改", "请重新读取后再修改。"),
            ("Somebody changed it meanwhile", "Read it again before you change it."),
        ),
        413 => (("请求过大", "请减少内容后再试。"), ("The request is too large", "Send less.")),
        415 => (
            ("不支持的内容类型", "请使用 application/json。"),
            ("Unsupported content type", "Use application/json."),
        ),
        422 => (
            ("内容有误", "请按提示修改字段。"),
            ("Some fields are not acceptable", "Change the named fields."),
        ),
        428 => (
            ("缺少 If-Match", "修改前请带上读取时的 ETag。"),
            ("If-Match is required", "Send the ETag you read."),
        ),
        429 => (("操作过于频繁", "请稍后再试。"), ("Too many attempts", "Try again later.")),
        503 => (("服务暂不可用", "请稍后再试。"), ("The service is not available", "Try again later.")),
        _ => (
            ("系统内部错误", "请将追踪编号告知支持人员。"),
            ("Something went wrong on our side", "Tell support the trace id."),
        ),
    };
    match language {
        Language::Chinese => zh,
        Language::English => en,
    }
}
