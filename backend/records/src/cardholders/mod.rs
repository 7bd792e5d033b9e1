//! Cardholders: who they are. Everything below `/cardholders/{cardholder_id}/…` passes the gate first.

pub mod gate;
