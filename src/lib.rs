//! Heli (合力): needs, phone verification, urgent response, matching and true numbers for communities in an emergency.
pub mod accounts;
pub mod app;
pub mod audit;
pub mod calendar;
pub mod calls;
pub mod cases;
pub mod claims;
pub mod cli;
pub mod clock;
mod codes;
pub mod config;
pub mod counters;
pub mod crypto;
pub mod db;
pub mod deliveries;
pub mod demo;
pub mod error;
pub mod figures;
pub mod http;
pub mod ids;
pub mod incidents;
pub mod jobs;
pub mod ledger;
pub mod merging;
pub mod needs;
pub mod organisations;
pub mod pages;
pub mod phone;
pub mod referrals;
pub mod regions;
pub mod telemetry;
pub mod text;
pub mod voiding;

#[cfg(test)]
extern crate self as heli;
#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;
