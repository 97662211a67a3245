//! The servers of the suite, and the wires to them.

use crate::{
    cluster::{Cluster, Stop},
    faults::Line,
    helpers::{Certificate, PostOffice, outage::End},
    wire::{Mood, Wire},
};

/// Postfix keeps mail that it cannot deliver for seconds, not minutes.
const IMPATIENT: &str = "\nminimal_backoff_time = 1s\nmaximal_backoff_time = 2s\nqueue_run_delay = 1s\n\
                         enable_long_queue_ids = yes\n";

/// Dovecot, Postfix and PostgreSQL of this suite alone.
pub struct Site {
    /// Dovecot and Postfix.
    pub office: &'static PostOffice,
    /// PostgreSQL.
    pub cluster: Cluster,
    /// To Dovecot.
    pub imap: Wire,
    /// To Postfix.
    pub smtp: Wire,
    /// To PostgreSQL.
    pub database: Wire,
}

impl Site {
    /// Starts everything.
    pub fn open() -> Site {
        let office = PostOffice::own(Certificate::Good);
        office.stop_postfix(End::Asked);
        office.start_postfix(IMPATIENT);
        let cluster = Cluster::start();
        Site {
            imap: Wire::to(office.imap),
            smtp: Wire::to(office.smtp),
            database: Wire::to(cluster.port),
            office,
            cluster,
        }
    }

    /// The wire to a server.
    pub fn wire(&self, line: Line) -> &Wire {
        match line {
            Line::Imap => &self.imap,
            Line::Smtp => &self.smtp,
            Line::Database => &self.database,
        }
    }

    /// Ends Dovecot.
    pub fn stop_dovecot(&self, how: End) {
        match how {
            End::Asked => self.office.stop_dovecot(),
            End::Killed => self.office.kill_dovecot(),
        }
    }

    /// Ends PostgreSQL for a while.
    pub fn restart_postgres(&self, how: Stop, meanwhile: impl FnOnce()) {
        self.cluster.stop(how);
        meanwhile();
        self.cluster.start_again();
    }

    /// All wires pass everything on.
    pub fn calm(&self) {
        for line in [Line::Imap, Line::Smtp, Line::Database] {
            self.wire(line).disarm();
            self.wire(line).be(Mood::Open);
        }
    }
}
