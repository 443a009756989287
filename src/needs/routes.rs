//! Everything about needs over the API.

use super::{ending, listing, reveals, showing, submitting, timeline};
use crate::http::Api;

/// Registers the routes of every part.
pub fn routes(api: &mut Api<'_>) {
    submitting::routes::routes(api);
    listing::routes::routes(api);
    showing::routes::routes(api);
    timeline::routes::routes(api);
    reveals::routes::routes(api);
    ending::routes::routes(api);
}
