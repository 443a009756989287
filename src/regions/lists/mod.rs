//! Lists of regions as they are imported: a CSV file read with every fault named, completed upwards, placed in the tree, stored by edition.

pub mod reading;
pub mod store;
pub mod tree;
