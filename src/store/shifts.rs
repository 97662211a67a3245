//! Plans of shifts round the clock.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use jiff::Timestamp;

use super::{
    Conn, Moment, Stored, moment,
    schema::{shift_plans, shifts},
};
use crate::{
    domain::{EmailAddress, TicketId, words::word},
    ticket::shifts::Shift,
};

/// Where a plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanState {
    /// A lead is asked about it.
    Proposed,
    /// It is in force.
    Confirmed,
    /// A lead wanted none.
    Declined,
    /// Another one took its place, or there is nothing to do any more.
    Over,
}

word!(PlanState, "state of a shift plan", {
    Proposed => "proposed",
    Confirmed => "confirmed",
    Declined => "declined",
    Over => "over",
});

/// A plan.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = shift_plans, check_for_backend(diesel::pg::Pg))]
pub struct Plan {
    /// Its row.
    pub id: i64,
    ticket_id: i64,
    /// Where it stands.
    pub state: Stored<PlanState>,
    version: i32,
    /// When it was proposed.
    pub created_at: Moment,
}

impl Plan {
    /// For which ticket.
    pub fn ticket(&self) -> TicketId {
        TicketId(self.ticket_id)
    }

    /// How often it was changed.
    pub fn version(&self) -> u32 {
        u32::try_from(self.version).unwrap_or(0)
    }
}

/// Keeps a proposed plan.
pub async fn propose(
    conn: &mut Conn,
    ticket: TicketId,
    planned: &[Shift<EmailAddress>],
    now: Timestamp,
) -> QueryResult<Plan> {
    let plan = diesel::insert_into(shift_plans::table)
        .values((
            shift_plans::ticket_id.eq(ticket.0),
            shift_plans::state.eq(Stored(PlanState::Proposed)),
            shift_plans::created_at.eq(moment(now)),
        ))
        .returning(Plan::as_returning())
        .get_result(conn)
        .await?;
    let row = |shift: &Shift<EmailAddress>| {
        (
            shifts::plan_id.eq(plan.id),
            shifts::number.eq(i32::try_from(shift.number).unwrap_or(i32::MAX)),
            shifts::who.eq(shift.who.as_str().to_owned()),
            shifts::starts_at.eq(moment(shift.start)),
            shifts::ends_at.eq(moment(shift.end)),
        )
    };
    diesel::insert_into(shifts::table)
        .values(planned.iter().map(row).collect::<Vec<_>>())
        .execute(conn)
        .await?;
    Ok(plan)
}

/// The plan of a ticket in a state that only one can be in.
pub async fn of(conn: &mut Conn, ticket: TicketId, state: PlanState) -> QueryResult<Option<Plan>> {
    shift_plans::table
        .filter(shift_plans::ticket_id.eq(ticket.0).and(shift_plans::state.eq(Stored(state))))
        .order(shift_plans::id.desc())
        .select(Plan::as_select())
        .first(conn)
        .await
        .optional()
}

/// One of them.
pub async fn find(conn: &mut Conn, id: i64) -> QueryResult<Plan> {
    shift_plans::table.find(id).select(Plan::as_select()).first(conn).await
}

/// The shifts of all confirmed plans of a ticket with their plans, in order of time.
pub async fn confirmed(conn: &mut Conn, ticket: TicketId) -> QueryResult<Vec<(i64, Shift<EmailAddress>)>> {
    let rows: Vec<(i64, ShiftRow)> = shifts::table
        .inner_join(shift_plans::table)
        .filter(shift_plans::ticket_id.eq(ticket.0))
        .filter(shift_plans::state.eq(Stored(PlanState::Confirmed)))
        .order((shifts::starts_at, shifts::plan_id))
        .select((shifts::plan_id, (shifts::number, shifts::who, shifts::starts_at, shifts::ends_at)))
        .load(conn)
        .await?;
    Ok(rows.into_iter().filter_map(|(plan, row)| Some((plan, shift(row)?))).collect())
}

/// The shift of a confirmed plan that lasts at this moment.
pub async fn at(
    conn: &mut Conn,
    ticket: TicketId,
    now: Timestamp,
) -> QueryResult<Option<Shift<EmailAddress>>> {
    let all = confirmed(conn, ticket).await?;
    Ok(all.into_iter().map(|(_, shift)| shift).rfind(|shift| shift.start <= now && now < shift.end))
}

type ShiftRow = (i32, String, Moment, Moment);

fn shift((number, who, start, end): ShiftRow) -> Option<Shift<EmailAddress>> {
    Some(Shift {
        number: u32::try_from(number).ok()?,
        who: who.parse().ok()?,
        start: start.to_jiff(),
        end: end.to_jiff(),
    })
}

/// The shifts of a plan, in order.
pub async fn shifts_of(conn: &mut Conn, plan: i64) -> QueryResult<Vec<Shift<EmailAddress>>> {
    let rows: Vec<ShiftRow> = shifts::table
        .filter(shifts::plan_id.eq(plan))
        .order(shifts::number)
        .select((shifts::number, shifts::who, shifts::starts_at, shifts::ends_at))
        .load(conn)
        .await?;
    Ok(rows.into_iter().filter_map(shift).collect())
}

/// Somebody decided about a plan, or it is over.
pub async fn decide(
    conn: &mut Conn,
    plan: i64,
    state: PlanState,
    by: Option<&EmailAddress>,
    now: Timestamp,
) -> QueryResult<()> {
    let decided =
        by.map(|by| (shift_plans::decided_by.eq(by.as_str()), shift_plans::decided_at.eq(moment(now))));
    diesel::update(shift_plans::table.find(plan))
        .set((shift_plans::state.eq(Stored(state)), decided))
        .execute(conn)
        .await
        .map(drop)
}

/// Who has which shift was changed.
pub async fn change(conn: &mut Conn, plan: &Plan, changed: &[Shift<EmailAddress>]) -> QueryResult<()> {
    for shift in changed {
        let number = i32::try_from(shift.number).unwrap_or(i32::MAX);
        diesel::update(shifts::table.find((plan.id, number)))
            .set(shifts::who.eq(shift.who.as_str()))
            .execute(conn)
            .await?;
    }
    diesel::update(shift_plans::table.find(plan.id))
        .set(shift_plans::version.eq(plan.version.saturating_add(1)))
        .execute(conn)
        .await
        .map(drop)
}
