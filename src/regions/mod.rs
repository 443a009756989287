//! Regions (行政区划): province, city, district, street (镇街) and community by their 12-digit statistical codes, as a tree, one row per
//! edition; and development zones (开发区) as groups laid over them.
//!
//! Anyone may search and read them; they are imported by command, and the list of Xi'an of 2021 comes with the program.

pub mod lists;
pub mod model;
pub mod names;
pub mod routes;
pub mod rules;
pub mod service;
pub mod store;
