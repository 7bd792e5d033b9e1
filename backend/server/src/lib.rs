//! The thin top of the house: wires routes, jobs and the OpenAPI document to a database and a port.

pub mod app;
mod approvals;
pub mod bootstrap;
pub mod commands;
mod contact_rules;
mod doctor;
mod exports;
mod generate;
mod health;
pub mod import;
mod keys;
mod openapi;
mod private_server;
mod running_server;
mod seed;
mod serve;
mod single_page;
mod stop_signals;

pub use openapi::document;
pub use serve::{Reads, serve};
