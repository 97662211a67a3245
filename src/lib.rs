//! Deskgate, an email-driven helpdesk gateway.

pub mod cli;
pub mod desk;
pub mod domain;
pub mod imap;
pub mod mail;
pub mod render;
pub mod report;
pub mod settings;
pub mod smtp;
pub mod store;
pub mod tasks;
pub mod ticket;
pub mod triage;
pub mod web;
