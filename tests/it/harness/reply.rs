//! What came back.

use std::fmt;

use reqwest::{StatusCode, header::HeaderMap};
use serde_json::Value;

#[derive(Clone)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    pub(crate) async fn of(response: reqwest::Response) -> Self {
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            text: response.text().await.expect("a body"),
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    /// One value of the body, by JSON pointer.
    pub fn at(&self, pointer: &str) -> Value {
        self.json().pointer(pointer).cloned().unwrap_or_else(|| panic!("nothing at {pointer} of {self:?}"))
    }

    /// One text of the body, by JSON pointer.
    pub fn text_at(&self, pointer: &str) -> String {
        self.at(pointer).as_str().unwrap_or_else(|| panic!("no text at {pointer} of {self:?}")).to_owned()
    }

    /// The list at a JSON pointer.
    pub fn list_at(&self, pointer: &str) -> Vec<Value> {
        self.at(pointer).as_array().expect("a list").clone()
    }

    /// One text of every item of a page.
    pub fn column(&self, name: &str) -> Vec<String> {
        let text = |item: &Value| item[name].as_str().expect("a text").to_owned();
        self.list_at("/items").iter().map(text).collect()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub fn etag(&self) -> String {
        self.header("etag").unwrap_or_else(|| panic!("no ETag on {self:?}")).to_owned()
    }

    /// The reply, if it has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        self
    }

    /// The problem's code, if the reply is a whole problem document with this status.
    #[track_caller]
    pub fn problem(&self, status: u16) -> String {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let body = self.json();
        for member in ["type", "title", "detail", "code", "trace_id"] {
            assert!(body[member].is_string(), "{member} of {self:?}");
        }
        assert_eq!(body["status"], status);
        assert!(body["params"].is_object() && body["errors"].is_array(), "{self:?}");
        assert_eq!(self.header("x-trace-id"), body["trace_id"].as_str());
        body["code"].as_str().unwrap_or_default().to_owned()
    }

    /// `pointer code` of each wrong field.
    pub fn field_errors(&self) -> Vec<String> {
        let errors = self.at("/errors");
        let line = |error: &Value| {
            format!("{} {}", error["pointer"].as_str().unwrap_or("?"), error["code"].as_str().unwrap_or("?"))
        };
        errors.as_array().expect("errors").iter().map(line).collect()
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.text)
    }
}
