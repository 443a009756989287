//! What changed, told after the commit: to listeners in this process, and to other nodes by PostgreSQL's NOTIFY on a connection of its own
//! (inside the transaction it would serialise all commits). Notices may be lost when a node or the server is away; pages poll besides.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{QueryResult, RunQueryDsl, sql_query};
use tokio::sync::broadcast;

use super::Conn;
use super::line::Line;
use crate::ids::Reference;

/// How long another node's notice may lie before it is picked up: libpq is asked, since Diesel does not give its socket away.
const PICK_UP: Duration = Duration::from_millis(50);
/// PostgreSQL takes payloads below 8,000 bytes.
const LONGEST_PAYLOAD: usize = 7_900;

/// Something that changed, told after the commit. Holds references only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Notice {
    /// Figures or needs of an incident changed: its id, and the need's reference where it is one need.
    Incident {
        /// Row of the incident.
        incident: i64,
        /// Reference of the need that changed.
        need: Option<String>,
    },
    /// What an account may do changed.
    Account(i64),
}

impl Notice {
    fn encode(&self) -> String {
        match self {
            Notice::Incident { incident, need: None } => format!("i{incident}"),
            Notice::Incident { incident, need: Some(need) } => format!("i{incident}/{need}"),
            Notice::Account(account) => format!("a{account}"),
        }
    }

    fn decode(word: &str) -> Option<Notice> {
        let (kind, rest) = word.split_at_checked(1)?;
        match kind {
            "i" => {
                let (incident, need) = rest.split_once('/').map_or((rest, None), |(incident, need)| (incident, Some(need.to_owned())));
                Some(Notice::Incident { incident: incident.parse().ok()?, need })
            }
            "a" => rest.parse().ok().map(Notice::Account),
            _ => None,
        }
    }
}

/// The thread between this node's notices and the others'.
pub(super) struct Messenger {
    line: Line,
    outgoing: flume::Receiver<Notice>,
    here: broadcast::Sender<Notice>,
    node: String,
    listening: bool,
}

impl Messenger {
    pub(super) fn new(line: Line, outgoing: flume::Receiver<Notice>, here: broadcast::Sender<Notice>) -> Self {
        Messenger { line, outgoing, here, node: Reference::random().to_string(), listening: false }
    }

    /// Runs until the last writer is gone.
    pub(super) fn work(mut self) {
        loop {
            let first = match self.outgoing.recv_timeout(PICK_UP) {
                Ok(notice) => Some(notice),
                Err(flume::RecvTimeoutError::Timeout) => None,
                Err(flume::RecvTimeoutError::Disconnected) => return,
            };
            if let Err(error) = self.exchange(first) {
                tracing::warn!("no notices between nodes: {error}");
                self.line.lose();
                self.listening = false;
            }
        }
    }

    fn exchange(&mut self, first: Option<Notice>) -> QueryResult<()> {
        // While the database is away its notices are dropped: there is nothing to notify of.
        let Ok(Conn::Postgres(conn)) = self.line.ready() else { return Ok(()) };
        if !self.listening {
            conn.batch_execute("SET synchronous_commit=off; LISTEN heli")?;
            self.listening = true;
        }
        if let Some(first) = first {
            let mut payload = format!("{} {}", self.node, first.encode());
            for notice in self.outgoing.try_iter() {
                let word = notice.encode();
                if payload.len() + word.len() >= LONGEST_PAYLOAD {
                    notify(conn, &payload)?;
                    payload.clone_from(&self.node);
                }
                payload = payload + " " + &word;
            }
            notify(conn, &payload)?;
        }
        for notification in conn.notifications_iter() {
            let payload = notification?.payload;
            let mut words = payload.split(' ');
            if words.next() != Some(&self.node) {
                words.filter_map(Notice::decode).for_each(|notice| drop(self.here.send(notice)));
            }
        }
        Ok(())
    }
}

fn notify(conn: &mut diesel::PgConnection, payload: &str) -> QueryResult<()> {
    sql_query("SELECT pg_notify('heli', $1)").bind::<Text, _>(payload).execute(conn).map(drop)
}

#[cfg(test)]
mod tests {
    use super::Notice;

    #[test]
    fn what_is_sent_is_read() {
        for notice in [
            Notice::Incident { incident: 7, need: None },
            Notice::Incident { incident: i64::MAX, need: Some("0123456789".into()) },
            Notice::Account(3),
        ] {
            assert_eq!(Notice::decode(&notice.encode()), Some(notice));
        }
        for word in ["", "i", "ix", "z1", "合1", "a"] {
            assert_eq!(Notice::decode(word), None, "{word}");
        }
    }
}
