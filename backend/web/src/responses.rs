//! The problem responses of an operation, written once per kind of operation.

use std::collections::BTreeMap;

use utoipa::{
    IntoResponses, PartialSchema, ToSchema,
    openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder, schema::Schema},
};

use crate::Problem;

type Responses = BTreeMap<String, RefOr<Response>>;

fn problems(statuses: &[(&str, &str)]) -> Responses {
    // Every operation may be refused before it is reached, or find the database away.
    let always = [
        ("400", "The request can't be understood; `errors` names the field."),
        ("500", "Our own mistake; quote the trace id."),
        ("503", "The database is away; `Retry-After` says when to try again."),
    ];
    let response = |text: &str| -> RefOr<Response> {
        let schema: RefOr<Schema> = Ref::from_schema_name("Problem").into();
        let content = ContentBuilder::new().schema(Some(schema)).build();
        ResponseBuilder::new().description(text).content("application/problem+json", content).build().into()
    };
    always.iter().chain(statuses).map(|(status, text)| ((*status).to_owned(), response(text))).collect()
}

const SIGNED_IN: [(&str, &str); 3] = [
    ("401", "Nobody is signed in, or the session has ended."),
    ("403", "The caller's role may not do this."),
    ("404", "It does not exist, or not within the caller's scope."),
];

const WITH_BODY: [(&str, &str); 4] = [
    ("409", "It conflicts with what is there."),
    ("413", "The body is too large."),
    ("415", "The body is not `application/json`."),
    ("422", "Fields are not acceptable; `errors` names each."),
];

const CONDITIONAL: [(&str, &str); 2] =
    [("412", "Somebody changed it since it was read."), ("428", "`If-Match` is required.")];

const TOO_MANY: [(&str, &str); 1] = [("429", "Too many attempts; `Retry-After` says when to try again.")];

/// Problems of an operation that reads.
pub struct ReadProblems;

impl IntoResponses for ReadProblems {
    fn responses() -> Responses {
        problems(&SIGNED_IN)
    }
}

const ABSORBED: [(&str, &str); 1] =
    [("409", "The record was merged into another; `params.survivor_id` says into which.")];

/// Problems of an operation that reads under a cardholder.
pub struct RecordProblems;

impl IntoResponses for RecordProblems {
    fn responses() -> Responses {
        problems(&[&SIGNED_IN[..], &ABSORBED].concat())
    }
}

/// Problems of an operation that creates or acts.
pub struct CreateProblems;

impl IntoResponses for CreateProblems {
    fn responses() -> Responses {
        problems(&[&SIGNED_IN[..], &WITH_BODY].concat())
    }
}

/// Problems of an operation that changes what was read before.
pub struct WriteProblems;

impl IntoResponses for WriteProblems {
    fn responses() -> Responses {
        problems(&[&SIGNED_IN[..], &WITH_BODY, &CONDITIONAL].concat())
    }
}

/// Problems of an operation that may be done so often and no more.
pub struct LimitedProblems;

impl IntoResponses for LimitedProblems {
    fn responses() -> Responses {
        problems(&[&SIGNED_IN[..], &WITH_BODY, &TOO_MANY].concat())
    }
}

/// Problems at the door.
pub struct SignInProblems;

impl IntoResponses for SignInProblems {
    fn responses() -> Responses {
        problems(&[&SIGNED_IN[..1], &WITH_BODY[1..], &TOO_MANY].concat())
    }
}

/// The name and schema that the references above point to.
pub fn problem_schemas() -> Vec<(String, RefOr<Schema>)> {
    let mut schemas = vec![(Problem::name().into_owned(), Problem::schema())];
    Problem::schemas(&mut schemas);
    schemas
}
