//! The summary (需求摘要): what others see of a need. Until an operator writes one it is made from category, lines, people and date, never
//! from the description.

pub mod rules;
