//! When members of staff are away.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::{Timestamp, civil::Date};
use jiff_diesel::ToDiesel;

use super::{
    Conn, moment,
    schema::{absence_mails, absences},
};
use crate::domain::{EmailAddress, OutboxId};

/// A time in which somebody is away, in days of their own zone.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = absences, check_for_backend(diesel::pg::Pg))]
pub struct Absence {
    /// Its row.
    pub id: i64,
    /// Who: the address of a member of staff.
    pub address: String,
    from_day: jiff_diesel::Date,
    to_day: Option<jiff_diesel::Date>,
}

impl Absence {
    /// The first day.
    pub fn from(&self) -> Date {
        self.from_day.to_jiff()
    }

    /// The last day; `None` until they say that they are back.
    pub fn to(&self) -> Option<Date> {
        self.to_day.map(|day| day.to_jiff())
    }

    /// Whether it covers a day.
    pub fn covers(&self, day: Date) -> bool {
        self.from() <= day && self.to().is_none_or(|to| day <= to)
    }
}

/// Writes down that somebody is away.
pub async fn add(
    conn: &mut Conn,
    who: &EmailAddress,
    (from, to): (Date, Option<Date>),
    told_by: &str,
    now: Timestamp,
) -> QueryResult<Absence> {
    diesel::insert_into(absences::table)
        .values((
            absences::address.eq(who.as_str()),
            absences::from_day.eq(from.to_diesel()),
            absences::to_day.eq(to.map(|day| day.to_diesel())),
            absences::told_by.eq(told_by),
            absences::told_at.eq(moment(now)),
        ))
        .returning(Absence::as_returning())
        .get_result(conn)
        .await
}

/// One of them.
pub async fn find(conn: &mut Conn, id: i64) -> QueryResult<Option<Absence>> {
    absences::table.find(id).select(Absence::as_select()).first(conn).await.optional()
}

/// What is not over before a day, of somebody or of all; the earliest first.
pub async fn since(conn: &mut Conn, who: Option<&EmailAddress>, day: Date) -> QueryResult<Vec<Absence>> {
    let mut query = absences::table
        .filter(absences::to_day.is_null().or(absences::to_day.ge(day.to_diesel())))
        .order((absences::from_day, absences::id))
        .select(Absence::as_select())
        .into_boxed();
    if let Some(who) = who {
        query = query.filter(absences::address.eq(who.as_str().to_owned()));
    }
    query.load(conn).await
}

/// Ends one with this day as its last.
pub async fn end(conn: &mut Conn, id: i64, last: Date) -> QueryResult<()> {
    diesel::update(absences::table.find(id))
        .set(absences::to_day.eq(last.to_diesel()))
        .execute(conn)
        .await
        .map(drop)
}

/// Takes one away that never came.
pub async fn cancel(conn: &mut Conn, id: i64) -> QueryResult<()> {
    diesel::delete(absences::table.find(id)).execute(conn).await.map(drop)
}

/// An answer to this mail is about the tickets of who is away.
pub async fn note_mail(conn: &mut Conn, mail: OutboxId, who: &EmailAddress) -> QueryResult<()> {
    diesel::insert_into(absence_mails::table)
        .values((absence_mails::outbox_id.eq(mail.0), absence_mails::address.eq(who.as_str())))
        .on_conflict_do_nothing()
        .execute(conn)
        .await
        .map(drop)
}

/// Of whose absence a mail told.
pub async fn of_mail(conn: &mut Conn, mail: OutboxId) -> QueryResult<Option<String>> {
    absence_mails::table.find(mail.0).select(absence_mails::address).first(conn).await.optional()
}
