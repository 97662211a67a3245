//! `[limits]`: how much is taken in, and how much goes out by itself.

use std::time::Duration;

use super::reader::Reader;

/// Bounds that keep a strange mail, or many, from doing harm.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The largest mail that is read, in bytes.
    pub mail_bytes: u64,
    /// The most that staff attach to one reply or note in the console, in bytes.
    pub attach_bytes: u64,
    /// How long reading one mail may take.
    pub read_time: Duration,
    /// How often a customer is asked for what a report lacks.
    pub asks: u32,
    /// The least time between two such questions.
    pub ask_cooldown: Duration,
    /// Staff take over when a customer who was asked is silent for so long.
    pub ask_silence: Duration,
    /// Most bytes that may come from a customer's page at once, files included.
    pub page_bytes: u64,
    /// Most files that may come from there at once.
    pub page_files: u32,
    /// Who was asked to try a fix is waited for so long; then silence counts as a yes.
    /// Zero: never.
    pub verify_within: Duration,
    /// Most automatic mails to one customer in an hour.
    pub automatic_per_recipient_hour: u32,
    /// Most automatic mails about one ticket to one address in an hour.
    pub automatic_per_ticket_hour: u32,
    /// Most automatic mails to customers in an hour, all together; more are held back.
    pub automatic_per_hour: u32,
    /// Most notices to one member of staff or stakeholder in an hour.
    pub notices_per_hour: u32,
    /// How many mails are worked on at a time.
    pub workers: u32,
}

impl Limits {
    pub(super) fn read(t: &mut Reader<'_>) -> Limits {
        Limits {
            mail_bytes: t.number("mail_bytes", 50 << 20, 64 << 10..=1 << 30),
            attach_bytes: t.number("attach_bytes", 20 << 20, 0..=64 << 20),
            read_time: t.duration("read_time", Duration::from_secs(30), Duration::from_secs(1)),
            asks: t.number("asks", 2, 0..=10),
            ask_cooldown: t.duration("ask_cooldown", Duration::from_mins(10), Duration::ZERO),
            ask_silence: t.duration("ask_silence", Duration::from_hours(72), Duration::from_secs(1)),
            page_bytes: t.number("page_bytes", 20 << 20, 64 << 10..=1 << 30),
            page_files: t.number("page_files", 10, 0..=100),
            verify_within: t.duration("verify_within", Duration::from_hours(7 * 24), Duration::ZERO),
            automatic_per_recipient_hour: t.number("automatic_per_recipient_hour", 10, 1..=1000),
            automatic_per_ticket_hour: t.number("automatic_per_ticket_hour", 20, 1..=1000),
            automatic_per_hour: t.number("automatic_per_hour", 20_000, 1..=10_000_000),
            notices_per_hour: t.number("notices_per_hour", 200, 1..=100_000),
            workers: t.number("workers", 2, 1..=64),
        }
    }
}
