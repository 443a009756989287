//! `heli openapi`: the document that clients are generated from.

use anyhow::Context;

/// Prints it.
pub(super) fn run() -> anyhow::Result<()> {
    let document = crate::app::describe().0.to_pretty_json().context("the document can't be written")?;
    println!("{document}");
    Ok(())
}
