//! What goes wrong, and when.

use std::{fmt, time::Duration};

use crate::{cluster::Stop, dice::Dice, helpers::outage::End, wire::Way};

/// One of the three wires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Imap,
    Smtp,
    Database,
}

const LINES: [Line; 3] = [Line::Imap, Line::Smtp, Line::Database];

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `kill -9` of a desk.
    Kill,
    /// SIGTERM, and a new start.
    Restart,
    /// A connection ends in the middle of a line.
    Cut(Line),
    /// Nothing passes for a while, and nobody is told.
    Silence(Line),
    /// Each piece comes late.
    Delay(Line),
    /// Nobody gets through.
    Refuse(Line),
    Dovecot(End),
    Postfix(End),
    Postgres(Stop),
    FullDisk,
}

impl Kind {
    /// Whether a mail may be accepted by the server, and our record of it be lost by this: the named
    /// window. A desk that is asked to stop records what it sent first.
    pub fn opens_the_window(self) -> bool {
        match self {
            Kind::Kill | Kind::Postfix(_) => true,
            Kind::Cut(line) | Kind::Silence(line) | Kind::Delay(line) | Kind::Refuse(line) => {
                line == Line::Smtp
            }
            Kind::Restart | Kind::Dovecot(_) | Kind::Postgres(_) | Kind::FullDisk => false,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |line: &Line| match line {
            Line::Imap => "IMAP",
            Line::Smtp => "SMTP",
            Line::Database => "PostgreSQL",
        };
        match self {
            Kind::Kill => write!(f, "desk: kill -9"),
            Kind::Restart => write!(f, "desk: SIGTERM and start"),
            Kind::Cut(on) => write!(f, "wire to {}: cut at a byte", line(on)),
            Kind::Silence(on) => write!(f, "wire to {}: half open", line(on)),
            Kind::Delay(on) => write!(f, "wire to {}: slow", line(on)),
            Kind::Refuse(on) => write!(f, "wire to {}: refused", line(on)),
            Kind::Dovecot(End::Asked) => write!(f, "Dovecot: restart"),
            Kind::Dovecot(End::Killed) => write!(f, "Dovecot: kill -9"),
            Kind::Postfix(End::Asked) => write!(f, "Postfix: restart"),
            Kind::Postfix(End::Killed) => write!(f, "Postfix: kill -9"),
            Kind::Postgres(Stop::Fast) => write!(f, "PostgreSQL: fast restart"),
            Kind::Postgres(Stop::Immediate) => write!(f, "PostgreSQL: immediate restart"),
            Kind::Postgres(Stop::Killed) => write!(f, "PostgreSQL: kill -9"),
            Kind::Postgres(Stop::Backend) => write!(f, "PostgreSQL: kill -9 of a backend"),
            Kind::FullDisk => write!(f, "PostgreSQL: full disk"),
        }
    }
}

/// The moment at which it goes wrong.
#[derive(Clone, Copy, Debug)]
pub enum Trigger {
    /// So long after the last one.
    After(Duration),
    /// When so many more bytes have passed on a wire.
    Bytes(Line, Way, usize),
    /// When this count has grown, and so long after.
    Rows(&'static str, Duration),
}

/// A fault of the schedule.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    pub kind: Kind,
    pub trigger: Trigger,
    /// How long a server is away, a wire bad, or a desk down.
    pub lasts: Duration,
    /// Which desk; the others stay.
    pub node: usize,
    /// A killed desk is not started again before the next fault, where another one runs.
    pub leaves_it_dead: bool,
}

/// Each is one step of the way of a mail.
const STEPS: [&str; 7] = [
    "select count(*) from inbound",
    "select count(*) from inbound where marked_at is not null",
    "select count(*) from inbound where leased_by is not null",
    "select count(*) from inbound where state = 'done'",
    "select count(*) from outbox",
    "select coalesce(sum(attempts), 0)::bigint from outbox",
    "select count(*) from outbox where state = 'sent'",
];

impl Fault {
    /// The next one of a schedule.
    pub fn draw(dice: &mut Dice, nodes: usize, full_disk: bool) -> Fault {
        let kind = kind(dice, full_disk);
        let lasts = match kind {
            Kind::Kill => dice.millis(0..300),
            // Shorter and longer than the limit that is configured.
            Kind::Silence(_) => dice.millis(300..4500),
            _ => dice.millis(50..2000),
        };
        Fault {
            kind,
            trigger: trigger(dice, kind),
            lasts,
            node: dice.between(0..nodes as u64) as usize,
            leaves_it_dead: kind == Kind::Kill && nodes > 1 && dice.pick(&[true, false]),
        }
    }
}

fn kind(dice: &mut Dice, full_disk: bool) -> Kind {
    let line = dice.pick(&LINES);
    let end = dice.pick(&[End::Asked, End::Killed]);
    let stop = dice.pick(&[Stop::Fast, Stop::Immediate, Stop::Killed, Stop::Backend]);
    dice.weighed(&[
        (60, Kind::Kill),
        (4, Kind::Restart),
        (13, Kind::Cut(line)),
        (4, Kind::Silence(line)),
        (3, Kind::Delay(line)),
        (4, Kind::Refuse(line)),
        (3, Kind::Dovecot(end)),
        (3, Kind::Postfix(end)),
        (4, Kind::Postgres(stop)),
        (if full_disk { 2 } else { 0 }, Kind::FullDisk),
    ])
}

fn trigger(dice: &mut Dice, kind: Kind) -> Trigger {
    let line = match kind {
        Kind::Cut(line) => line,
        _ => dice.pick(&LINES),
    };
    let most = if line == Line::Database { 200_000 } else { 12_000 };
    let bytes = Trigger::Bytes(line, dice.pick(&[Way::Up, Way::Down]), dice.spread(most));
    let rows = Trigger::Rows(dice.pick(&STEPS), dice.millis(0..25));
    let after = Trigger::After(dice.millis(0..1500));
    match kind {
        Kind::Cut(_) => bytes,
        _ => dice.weighed(&[(50, bytes), (30, rows), (20, after)]),
    }
}
