//! Server-sent events: a stream ends when the caller leaves, when the program stops, and within five seconds of the caller's access ending.

use std::convert::Infallible;
use std::pin::Pin;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{self, Stream};
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior};

use super::permission::{Allowed, Permission, judge};
use super::problem::Answer;

/// How often it is asked whether the caller may still listen.
const CHECK: Duration = Duration::from_secs(5);
/// Checks without an event after which a comment is sent, so that proxies keep the connection.
const QUIET: u8 = 3;

struct Events<P> {
    allowed: Allowed<P>,
    source: Pin<Box<dyn Stream<Item = Bytes>>>,
    stopping: watch::Receiver<bool>,
    checks: Interval,
    quiet: u8,
}

/// Answers with events: each item of the source is one ready-made event, such as `data: {…}\n\n`.
pub fn events<P: Permission>(allowed: Allowed<P>, source: impl Stream<Item = Bytes> + 'static) -> Answer {
    let mut checks = tokio::time::interval_at(tokio::time::Instant::now() + CHECK, CHECK);
    checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stopping = allowed.state().stopping.clone();
    let events = Events { allowed, source: Box::pin(source), stopping, checks, quiet: 0 };
    let body = stream::unfold(events, |mut events| async move { events.next().await.map(|bytes| (Ok::<_, Infallible>(bytes), events)) });
    let mut response = HttpResponse::Ok();
    response.content_type("text/event-stream").insert_header((CACHE_CONTROL, "no-store")).insert_header(("x-accel-buffering", "no"));
    Ok(response.streaming(body))
}

impl<P: Permission> Events<P> {
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if *self.stopping.borrow() {
                return None;
            }
            tokio::select! {
                event = self.source.next() => {
                    self.quiet = 0;
                    return event;
                }
                _ = self.stopping.changed() => return None,
                _ = self.checks.tick() => {
                    if !self.may_still_listen().await {
                        return None;
                    }
                    self.quiet += 1;
                    if self.quiet >= QUIET {
                        self.quiet = 0;
                        return Some(Bytes::from_static(b":\n\n"));
                    }
                }
            }
        }
    }

    async fn may_still_listen(&self) -> bool {
        let Ok(account) = self.allowed.account() else { return P::PUBLIC };
        let state = self.allowed.state();
        match state.access.session(&state.db, &account.session_reference).await {
            Ok(account) => judge::<P>(&Some(account), self.allowed.incident_row()).is_ok(),
            Err(_) => false,
        }
    }
}
