//! What a scope is made of.

/// What a list may show to a grant: a subtree of regions, or what belongs to an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Everything.
    All,
    /// The needs of a subtree, by the path of its top.
    Under(String),
    /// The open needs of a subtree.
    OpenUnder(String),
    /// What the organisation submitted.
    SubmittedBy(i64),
    /// What the organisation holds a live claim on.
    ClaimedBy(i64),
}
