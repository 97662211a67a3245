//! What the page of a ticket shows of what can be done with it: the facts of the partials `ticket_actions` and
//! `ticket_compose`, to stand in its view as `acting`.

use jiff::Timestamp;
use serde::Serialize;

use super::{here, sentence};
use crate::{
    desk::{DeskError, HeldWords, Menu},
    domain::TicketId,
    store::{
        Conn,
        drafts::{self, Kind},
    },
    ticket::{Status, command::Move},
    web::{
        Site,
        console::{denial::Denial, guard::Signed, page_word::PageWord},
    },
};

/// What can be done with a ticket.
#[derive(Serialize)]
pub(in crate::web::console) struct Acting {
    /// What the ticket allows.
    pub menu: Menu,
    /// A word of this page, for its forms.
    pub form: PageWord,
    /// Moves, each with how its button reads.
    pub moves: Vec<MoveButton>,
    /// What is sent together with a reply.
    pub then: Vec<Then>,
    /// What the reader began to write to the customer.
    pub reply: DraftView,
    /// And among staff.
    pub note: DraftView,
    /// What of theirs was held back.
    pub held: Option<HeldView>,
    /// The names of the known answers.
    pub answers: Vec<String>,
    /// Who else looks at it.
    pub here: String,
    /// Somebody else writes a reply.
    pub here_writes: bool,
    /// What the reader did a moment ago and can take back.
    pub undo: Option<Undo>,
    /// Requester and everybody on copy, as one line.
    pub cc_line: String,
    /// The most bytes of files, as people read it.
    pub most_mb: u64,
}

/// A button that moves the ticket on.
#[derive(Serialize)]
pub(in crate::web::console) struct MoveButton {
    #[serde(flatten)]
    of: Move,
    /// What stands on it.
    text: String,
    /// The first is the step that everybody expects.
    main: bool,
    /// It opens a small form first.
    asks: bool,
}

/// Something that is done in the same step as sending.
#[derive(Serialize)]
pub(in crate::web::console) struct Then {
    command: String,
    text: String,
}

/// Words that were begun.
#[derive(Default, Serialize)]
pub(in crate::web::console) struct DraftView {
    words: String,
    version: i64,
    saved_at: Option<Timestamp>,
}

/// Words that were held back.
#[derive(Serialize)]
pub(in crate::web::console) struct HeldView {
    why: String,
    words: String,
    since: Timestamp,
    commands: String,
    files: Vec<String>,
    between: Vec<Between>,
}

#[derive(Serialize)]
struct Between {
    who: String,
    at: Timestamp,
    words: String,
    from_outside: bool,
}

/// What can be taken back.
#[derive(Serialize)]
pub(in crate::web::console) struct Undo {
    key: String,
    said: String,
}

/// Everything about a ticket that somebody can do, and what they began.
pub(in crate::web::console) async fn acting(
    site: &Site,
    conn: &Conn,
    signed: &Signed,
    id: TicketId,
) -> Result<Acting, Denial> {
    let (me, now) = (&signed.session.staff.email, Timestamp::now());
    let (menu, held, others, undo, answers, mut reply, note) = tokio::try_join!(
        site.desk.menu(conn, id, me),
        site.desk.held_words(conn, id, me),
        site.desk.others_here(conn, id, me, now),
        site.desk.to_take_back(conn, id, me, now),
        site.desk.answers_for(conn, id),
        draft(conn, id, me.as_str(), Kind::Reply),
        draft(conn, id, me.as_str(), Kind::Note),
    )?;
    if let Some(held) = held.as_ref().filter(|_| reply.words.is_empty()) {
        reply.words.clone_from(&held.words);
    }
    let buttons = menu.moves.iter().enumerate().map(|(at, each)| button(site, each, at == 0 && !menu.closed));
    Ok(Acting {
        form: PageWord::default(),
        moves: buttons.collect(),
        then: then(site, &menu),
        reply,
        note,
        held: held.map(|held| held_view(site, held)),
        answers: answers.into_iter().map(|(name, _)| name).collect(),
        here: here::line(site, &others),
        here_writes: others.iter().any(|(_, writes)| *writes),
        undo: undo.map(|(key, said)| Undo { key, said: sentence(&said) }),
        cc_line: menu.cc.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", "),
        most_mb: site.desk.settings.limits.attach_bytes >> 20,
        menu,
    })
}

async fn draft(conn: &Conn, ticket: TicketId, address: &str, kind: Kind) -> Result<DraftView, DeskError> {
    let draft = drafts::find(conn, drafts::Of { ticket, address, kind }).await?;
    let view = draft.map(|draft| DraftView {
        words: draft.words,
        version: draft.version,
        saved_at: Some(draft.saved_at.to_jiff()),
    });
    Ok(view.unwrap_or_default())
}

fn held_view(site: &Site, held: HeldWords) -> HeldView {
    let between = held.between.into_iter().map(|entry| Between {
        who: entry.author_line,
        at: entry.at.to_jiff(),
        words: site.desk.without_links(&entry.own_text),
        from_outside: entry.direction.0 == crate::store::messages::Direction::In,
    });
    HeldView {
        why: sentence(&held.why),
        words: held.words,
        since: held.since,
        commands: held.commands,
        files: held.files,
        between: between.collect(),
    }
}

fn button(site: &Site, of: &Move, main: bool) -> MoveButton {
    let asks =
        of.needs_words || of.closed_as.len() > 1 || matches!(of.means, Status::Resolved | Status::Closed);
    MoveButton { text: text(site, "move", of), main, asks, of: of.clone() }
}

/// How a move reads: the usual ones have words of their own, the site's others their names.
fn text(site: &Site, section: &str, of: &Move) -> String {
    match of.command.trim_start_matches('#') {
        usual @ ("accept" | "reopen" | "resolve" | "verify" | "close") => {
            site.console.say(&format!("{section}.{usual}"), &[])
        }
        _ => site.console.say(&format!("{section}.other"), &[("status", &of.label)]),
    }
}

/// What can be done in the step that sends a reply: what takes its words along, and waiting for the answer.
fn then(site: &Site, menu: &Menu) -> Vec<Then> {
    let wait = (!menu.closed && !menu.waits)
        .then(|| Then { command: "#wait".to_owned(), text: site.console.say("send-and.wait", &[]) });
    let taking = menu.moves.iter().filter(|each| !each.back && each.means != Status::Verified);
    let moves = taking.map(|each| {
        let reason = each.closed_as.first().map(|as_| format!(" {as_}")).unwrap_or_default();
        Then { command: format!("{}{reason}", each.command), text: text(site, "send-and", each) }
    });
    wait.into_iter().chain(moves).collect()
}
