//! The tables as diesel knows them. `diesel print-schema` writes this form from
//! the migrations; `tests/it` holds it against the migrated database.
#![allow(missing_docs, reason = "columns that need words have them in the migrations")]

pub mod sql_types {
    #[derive(diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "tsvector", schema = "pg_catalog"))]
    pub struct Tsvector;
}

diesel::table! {
    /// Known answers: what staff wrote once and send by one command.
    answers (name, language) {
        name -> Text,
        /// ISO 639-1 code; who reads another language gets that of the site.
        language -> Text,
        /// A template that may name {{name}}, {{reference}}, {{subject}} and {{site}}.
        text -> Text,
        /// The address of who wrote it.
        changed_by -> Text,
        changed_at -> Timestamptz,
    }
}

diesel::table! {
    /// The files of a message.
    attachments (id) {
        id -> BigInt,
        message_id -> BigInt,
        position -> Integer,
        sha256 -> Bytea,
        /// A safe base name: no path, no control characters.
        name -> Text,
        mime -> Text,
        inline -> Bool,
        content_id -> Nullable<Text>,
    }
}

diesel::table! {
    /// Similar tickets that made staff think of one cause.
    clusters (id) {
        id -> BigInt,
        /// proposed: staff were asked; accepted: one ticket was opened for the cause; dismissed: there is none, until twice as many have gathered.
        state -> Text,
        /// The ticket that was opened for the cause.
        ticket_id -> Nullable<BigInt>,
        /// How many tickets there were when staff were last asked.
        told -> Integer,
        proposed_at -> Timestamptz,
        /// Who accepted or dismissed it.
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// The tickets of a cluster; each is in one at most.
    cluster_tickets (ticket_id) {
        ticket_id -> BigInt,
        cluster_id -> BigInt,
        added_at -> Timestamptz,
    }
}

diesel::table! {
    /// The mails that asked about a cluster: an answer to one is about it.
    cluster_mails (outbox_id) {
        outbox_id -> BigInt,
        cluster_id -> BigInt,
    }
}

diesel::table! {
    /// What went into production, by the name that people gave it.
    releases (id) {
        id -> BigInt,
        name -> Text,
        /// The address of who said so first.
        made_by -> Text,
        made_at -> Timestamptz,
    }
}

diesel::table! {
    /// Who of us has a ticket open at this moment; a row counts for less than a minute, and none outlives a crash.
    presences (ticket_id, address) {
        ticket_id -> BigInt,
        /// A member of staff.
        address -> Text,
        /// When their browser last said that the ticket is before them.
        seen_at -> Timestamptz,
        /// When they were last seen writing a reply.
        wrote_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// The tickets that a release named, and what that did to them.
    release_tickets (release_id, ticket_id) {
        release_id -> BigInt,
        ticket_id -> BigInt,
        /// live: whom it concerns was told that it is in production; not-resolved: left alone, since nobody had said that it was fixed; closed: it was over already.
        outcome -> Text,
        /// When it was found so; a later run of the release may find it otherwise.
        at -> Timestamptz,
    }
}

diesel::table! {
    /// The content of attachments, each once.
    blobs (sha256) {
        sha256 -> Bytea,
        size_bytes -> BigInt,
        bytes -> Bytea,
    }
}

diesel::table! {
    /// Senders whose mail makes no ticket: it stays in the ledger, set aside.
    blocks (sender) {
        /// An address in canonical form, or @ and a domain.
        sender -> Text,
        blocked_by -> Text,
        blocked_at -> Timestamptz,
        /// The ticket by which they came to notice.
        ticket_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Words of staff for a customer that were not sent, since somebody else was faster or a line among them was unclear. Each member of staff has one at most that is open for each ticket.
    held_replies (id) {
        id -> BigInt,
        ticket_id -> BigInt,
        /// Who wrote them.
        agent_id -> BigInt,
        /// The mail they stood in, or the entry that was made of a form, kept as a note; its files go with them.
        message_id -> BigInt,
        words -> Text,
        /// The commands that would have written to the customer, a line each, not carried out either.
        commands -> Text,
        /// Why they were held, as a sentence.
        why -> Text,
        held_at -> Timestamptz,
        /// sent as they were; replaced by other words of the same person, sent or held; discarded by who wrote them.
        settled_as -> Nullable<Text>,
        settled_at -> Nullable<Timestamptz>,
        /// The newest entry of the thread that their author had before them, where it was written in the console.
        seen_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// What members of staff began to write about tickets and did not send yet.
    drafts (ticket_id, address, kind) {
        ticket_id -> BigInt,
        /// Whose words they are; nobody else is shown them.
        address -> Text,
        kind -> Text,
        words -> Text,
        /// Grows with each saving; a window that last saw another one learns that a second window is at it.
        version -> BigInt,
        saved_at -> Timestamptz,
    }
}

diesel::table! {
    /// What staff say of the gate's reading, part by part: labelled examples. Where both agree it is a confirmation, else an overrule. Rows are never changed; of several about one message and part the last counts.
    gate_examples (id) {
        id -> BigInt,
        ticket_id -> BigInt,
        /// The last of the customer's mails when it was said: it is about what they had written up to it.
        message_id -> Nullable<BigInt>,
        /// A slot, or whether it is a problem report at all (then present means that it is one).
        part -> Text,
        gate_said -> Text,
        /// The words that the gate went by, as in report_slots.
        evidence -> Jsonb,
        /// enough: they went on without it, which does not say that the gate was wrong.
        staff_say -> Text,
        said_by -> Text,
        said_at -> Timestamptz,
    }
}

diesel::table! {
    /// Stored mails that the gate of today reads anew, in the background: how far it is, and what it found. The newest few are kept.
    gate_replays (id) {
        id -> BigInt,
        /// Mails that came after this moment.
        since -> Timestamptz,
        /// The member of staff who wanted to know.
        asked_by -> Text,
        asked_at -> Timestamptz,
        /// The last sign of whoever is at work on it; when it stays out, the work broke off.
        seen_at -> Timestamptz,
        /// So many mails there are to read.
        total -> BigInt,
        /// So many were read.
        done -> BigInt,
        /// What would differ, once all were read.
        result -> Nullable<Jsonb>,
        /// Why it ended without a result.
        error -> Nullable<Text>,
    }
}

diesel::table! {
    /// How long a ticket was so bad that somebody is called for it: from the severity until the fix is there. One is open for each ticket at most.
    incidents (id) {
        id -> BigInt,
        ticket_id -> BigInt,
        began_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        /// How many steps of the chain are behind: whoever has the shift is the first, steps without anybody count, and so does each call of everybody beyond the end.
        calls -> Integer,
        /// Addresses of everybody who was called, in order, each once.
        called -> Jsonb,
        /// Who has it; nobody else is called then.
        acknowledged_by -> Nullable<Text>,
        acknowledged_at -> Nullable<Timestamptz>,
        /// By when stakeholders were promised news.
        update_due_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// Shifts round the clock for one ticket: proposed by Deskgate, confirmed or declined by a lead, over when another one or the end of the incident takes its place. A confirmed one and the next may overlap in time.
    shift_plans (id) {
        id -> BigInt,
        ticket_id -> BigInt,
        state -> Text,
        /// How often it was changed; calendar programs tell a change by it.
        version -> Integer,
        created_at -> Timestamptz,
        /// Address of who confirmed or declined it.
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// Who has which stretch of time of a plan.
    shifts (plan_id, number) {
        plan_id -> BigInt,
        number -> Integer,
        /// Address of a member of staff.
        who -> Text,
        starts_at -> Timestamptz,
        ends_at -> Timestamptz,
    }
}

diesel::table! {
    /// What pagers are told by HTTP, queued in the commit of what it tells. About one ticket in order, one after the other.
    webhooks (id) {
        id -> BigInt,
        /// What it tells, once: the receiver can tell a repetition by it.
        key -> Text,
        ticket_id -> BigInt,
        /// JSON, the bytes that are signed.
        payload -> Text,
        state -> Text,
        attempts -> Integer,
        due_at -> Timestamptz,
        /// Somebody is sending it until then.
        leased_until -> Nullable<Timestamptz>,
        /// What the receiver, or the way to it, last said.
        last_answer -> Nullable<Text>,
        created_at -> Timestamptz,
        sent_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// When staff were last told about something, so that they hear of it once in a while and not each time.
    alarms (topic) {
        topic -> Text,
        told_at -> Timestamptz,
    }
}

diesel::table! {
    /// Where no mail is sent for a while: after the pause one mail goes first, and when it is answered the row goes.
    send_pauses (mailbox, domain) {
        /// The name of the configured mailbox, whose server deferred.
        mailbox -> Text,
        /// The domain of the recipients; empty when the server itself is away or takes nothing.
        domain -> Text,
        /// How many pauses followed one another; each is longer than the last.
        deferrals -> Integer,
        /// One mail is tried after this moment.
        until -> Timestamptz,
        /// What the server last said, or why it could not be reached; one line.
        reply -> Text,
    }
}

diesel::table! {
    /// How many automatic mails to customers were taken in each minute of the last hours: the desk as a whole sends so many an hour and no more.
    sent_minutes (minute) {
        minute -> Timestamptz,
        automatic -> BigInt,
    }
}

diesel::table! {
    /// What is promised about each ticket, as it was last computed from ticket_standings, messages and the configuration, and what staff were told of it.
    clocks (ticket_id, goal) {
        ticket_id -> BigInt,
        goal -> Text,
        /// By whose policy.
        severity -> SmallInt,
        started_at -> Timestamptz,
        /// Working time that was promised.
        target_seconds -> BigInt,
        /// NULL while it pauses before its end, and for what was kept in time.
        due_at -> Nullable<Timestamptz>,
        paused_since -> Nullable<Timestamptz>,
        /// Working time of the pauses that are over, apart from what ran.
        paused_seconds -> BigInt,
        /// When the promise was kept, in time or late.
        met_at -> Nullable<Timestamptz>,
        /// When it was broken.
        breached_at -> Nullable<Timestamptz>,
        /// Staff were told before its end.
        warned -> Bool,
        /// How many steps of the escalation were told after its end.
        steps_told -> Integer,
        /// A digest of the policies by which it was computed.
        rules -> Text,
    }
}

diesel::table! {
    /// The ledger: every mail exactly as it was handed over, committed before anything else happens to it.
    inbound (id) {
        id -> BigInt,
        mailbox_id -> BigInt,
        uidvalidity -> Nullable<BigInt>,
        /// With mailbox and UIDVALIDITY the key of a mail on the server; NULL for `deskgate ingest`.
        uid -> Nullable<BigInt>,
        /// INTERNALDATE of the server.
        received_at -> Nullable<Timestamptz>,
        stored_at -> Timestamptz,
        size_bytes -> BigInt,
        sha256 -> Bytea,
        /// The bytes, untouched. Stored without compression: time matters more here than disk.
        raw -> Bytea,
        /// waiting for processing; done; quarantined after failing too often; discarded by a person.
        state -> Text,
        /// How often it was leased and not handed back.
        attempts -> Integer,
        /// How often an attempt ended with an error; the other attempts were cut short.
        failures -> Integer,
        /// Not to be tried before this moment.
        due_at -> Timestamptz,
        leased_by -> Nullable<Text>,
        /// Another worker may take it after this moment.
        leased_until -> Nullable<Timestamptz>,
        /// When the flag was set, or the move made, on the server; decoration only.
        marked_at -> Nullable<Timestamptz>,
        /// opened, joined, noted, duplicate, bounce, set-aside.
        outcome -> Nullable<Text>,
        /// The reasons for the outcome, as sentences in order.
        why -> Jsonb,
        /// What went wrong the last time.
        error -> Nullable<Text>,
        ticket_id -> Nullable<BigInt>,
        message_id -> Nullable<BigInt>,
        done_at -> Nullable<Timestamptz>,
        /// Why the last try failed, as a word; the error says it as a sentence.
        cause -> Nullable<Text>,
        /// How often it was put off without a failure: a name server could not be asked about its sender, or the mail that it answers was put off.
        put_off -> Integer,
        /// The member of staff who wants a mail taken in that was set aside; then it makes a ticket whatever it is.
        wanted_by -> Nullable<Text>,
    }
}

diesel::table! {
    /// What happened to a ticket and why, in order. Rows are never changed.
    journal (id) {
        id -> BigInt,
        ticket_id -> Nullable<BigInt>,
        at -> Timestamptz,
        /// An address, or the word system.
        actor -> Text,
        /// One word: opened, joined, status, severity, level, assignee, asked, completed, note, sent, bounced, ...
        event -> Text,
        /// The facts of the event: from, to, reason, why.
        detail -> Jsonb,
    }
}

diesel::table! {
    /// One row for each configured mailbox and place it was read from, made on first sight. The configuration is the truth for everything but the cursor.
    mailboxes (id) {
        id -> BigInt,
        name -> Text,
        /// Account, server and folder. UIDs mean something only there: a mailbox that is pointed elsewhere gets a new row. Empty for one that is not fetched.
        source -> Text,
        address -> Text,
        /// UIDVALIDITY of the folder when it was last opened (RFC 9051 2.3.1.1); NULL before the first time.
        uidvalidity -> Nullable<BigInt>,
        /// The highest UID whose raw bytes are committed, under that UIDVALIDITY. A hint for speed: the ledger decides.
        last_uid -> BigInt,
        /// new, ok, or the short name of what is wrong.
        state -> Text,
        /// The same as a sentence for people.
        state_detail -> Text,
        /// When the folder was last looked through without an error.
        fetched_at -> Nullable<Timestamptz>,
        /// The node that fetches it.
        holder -> Nullable<Text>,
        /// Another node may take it over after this moment.
        held_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// The thread of a ticket: mails in, mails out, notes.
    messages (id) {
        id -> BigInt,
        ticket_id -> BigInt,
        direction -> Text,
        /// For a mail in, what sort of mail it is; for a mail out, the notice; note for a note.
        kind -> Text,
        /// Never shown or sent to anybody outside.
        staff_only -> Bool,
        author_id -> Nullable<BigInt>,
        /// The author as the mail gave it, `Name <address>`; empty for the system.
        author -> Text,
        subject -> Text,
        /// Message-ID without angle brackets. Not unique: anybody can write any id.
        header_id -> Nullable<Text>,
        /// Digest of what the sender sent; the same mail by two routes has the same one.
        fingerprint -> Nullable<Bytea>,
        text -> Text,
        /// What the author newly wrote; with quoted_text and signature_text the whole.
        own_text -> Text,
        quoted_text -> Text,
        signature_text -> Text,
        /// As it came, unsafe to show.
        html -> Nullable<Text>,
        language -> Nullable<Text>,
        /// The Date field.
        written_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    /// What the search finds each entry of a thread by, kept by the database. What the desk wrote by itself is not among them: it says the same about every ticket.
    message_words (message_id) {
        message_id -> BigInt,
        /// As in messages.
        ticket_id -> BigInt,
        /// Of subject (A), author, text and names of files: the words as they stand, with their places, and their stems by the rules of the language.
        words -> Tsvector,
    }
}

diesel::table! {
    /// Message-IDs that the mails of a ticket answer, other than those that we wrote: a mail that never came to us, or one of ours whose id a provider rewrote.
    message_references (id, ticket_id) {
        /// Without angle brackets, in lower case.
        id -> Text,
        ticket_id -> BigInt,
    }
}

diesel::table! {
    /// The processes that share this database. Each holds the advisory lock (0x6465736b, id) on a connection that lives as long as it does; a row without lock and without a sign of life is a dead process, and whoever sees it takes its leases away.
    nodes (id) {
        id -> Integer,
        /// host/boot-namespace:process:random, as leases name their holder.
        name -> Text,
        /// What it runs, for people.
        roles -> Text,
        /// The names of the mailboxes in its configuration: the work it takes.
        mailboxes -> Jsonb,
        started_at -> Timestamptz,
        /// Its last sign of life, by the clock of the database.
        seen_at -> Timestamptz,
    }
}

diesel::table! {
    /// Finished mails, stored in the commit of the change they announce; a retry sends the same bytes.
    outbox (id) {
        id -> BigInt,
        mailbox_id -> BigInt,
        /// NULL for a mail about no one ticket: an alarm, a list, a plan, a digest.
        ticket_id -> Nullable<BigInt>,
        notice -> Text,
        /// No person wrote it; counts towards the caps of its recipient.
        automatic -> Bool,
        recipient -> Text,
        /// Whom failures are told: the signed reply address, which finds the ticket even when a bounce quotes nothing.
        envelope_from -> Text,
        /// Its Message-ID without angle brackets, fixed before the first attempt.
        header_id -> Text,
        bytes -> Bytea,
        /// waiting, sent (a server took it), failed (a server refused it for good), or withdrawn (it was not to leave any more: its ticket is spam).
        state -> Text,
        attempts -> Integer,
        due_at -> Timestamptz,
        leased_by -> Nullable<Text>,
        /// Another worker may take it after this moment.
        leased_until -> Nullable<Timestamptz>,
        /// What the relay last said, one line.
        last_reply -> Nullable<Text>,
        /// When a bounce for it came back.
        bounced_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        sent_at -> Nullable<Timestamptz>,
        /// What stands behind the @; mails to one domain wait together when it defers one of them.
        recipient_domain -> Text,
    }
}

diesel::table! {
    /// Who takes part in a ticket from outside. Being one is needed to add to it; only a proven mail or staff make one.
    participants (ticket_id, person_id) {
        ticket_id -> BigInt,
        person_id -> BigInt,
        role -> Text,
        /// Who brought them in: an address, or the word system.
        added_by -> Text,
        added_at -> Timestamptz,
        /// Staff who took them out, or they themselves. The row stays: a later Cc does not bring them back.
        removed_by -> Nullable<Text>,
        removed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// Everybody who writes or reads: requesters, agents, stakeholders, people on Cc.
    people (id) {
        id -> BigInt,
        /// Canonical form: lower case, the domain as A-labels.
        address -> Text,
        /// The display name they last used; empty when they gave none.
        name -> Text,
        /// ISO 639-1 code of the language they last wrote in, where it could be told.
        language -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// Forms of the console that were carried out, so that one which is sent twice does its deed once. A row is of use for a few days.
    console_forms (key) {
        /// A random word that the page put into the form.
        key -> Text,
        /// The member of staff who sent it.
        address -> Text,
        /// The ticket it was about; none where it was about several.
        ticket_id -> Nullable<BigInt>,
        /// What was done, as sentences, and the command that takes it back where there is one.
        outcome -> Jsonb,
        at -> Timestamptz,
    }
}

diesel::table! {
    /// Up to when each reader of a digest was told; the next one begins there.
    digests (person_id, cadence) {
        person_id -> BigInt,
        cadence -> Text,
        until -> Timestamptz,
    }
}

diesel::table! {
    /// What people who do not work on tickets want to hear of, and how often. A row stays when it ends: what somebody ended, no configuration begins again.
    subscriptions (id) {
        id -> BigInt,
        person_id -> BigInt,
        what -> Text,
        /// The severity, product, ticket, or the address or domain of the customer; empty for all.
        value -> Text,
        cadence -> Text,
        /// An address, or the word configuration.
        begun_by -> Text,
        begun_at -> Timestamptz,
        /// An address, or the word configuration for what is no longer in it. A ticket that somebody ended is not told to them for any other reason either.
        ended_by -> Nullable<Text>,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// What a stakeholder knows of a ticket: the next mail says what changed since.
    told (person_id, ticket_id) {
        person_id -> BigInt,
        ticket_id -> BigInt,
        /// They were told what stands in the journal up to this line.
        journal_id -> BigInt,
        /// They were told what was written up to this entry.
        message_id -> BigInt,
        /// Status, severity and the like as they were told.
        seen -> Jsonb,
        /// The subject of their thread: it stays, whatever the ticket is called later.
        subject -> Text,
        at -> Timestamptz,
    }
}

diesel::table! {
    /// What the gate knows of each ticket, slot by slot; a reply fills one without touching the others.
    report_slots (ticket_id, slot) {
        ticket_id -> BigInt,
        slot -> Text,
        verdict -> Text,
        /// The message whose words are the evidence.
        message_id -> Nullable<BigInt>,
        /// start, end (bytes of own_text) and text of each stretch, best first.
        evidence -> Jsonb,
        /// gate, or the address of the person who overruled it.
        decided_by -> Text,
        decided_at -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    /// What of each ticket finds those that look like it. Made from the ticket; one that is missing is made again.
    ticket_texts (ticket_id) {
        ticket_id -> BigInt,
        /// The words of the subject that tell something, in lower case.
        subject -> Text,
        /// Lexemes by the rules of the ticket's language: of the subject (A), of the first mail (B), and without a place the codes and messages of programs.
        words -> Tsvector,
    }
}

diesel::table! {
    /// Lists of tickets that members of staff keep for themselves under a name.
    saved_views (id) {
        id -> BigInt,
        /// Whose it is: an address of the staff list.
        owner -> Text,
        name -> Text,
        /// What it lists, as somebody would type it.
        query -> Text,
        sort -> Text,
        /// In which order they are shown; counted from 1.
        position -> Integer,
    }
}

diesel::table! {
    /// Tickets that have to do with each other.
    ticket_links (ticket_id, other_id, kind) {
        ticket_id -> BigInt,
        other_id -> BigInt,
        /// related: either way round, the smaller number first; cause: ticket_id is the cause of what other_id reports; split: ticket_id was split off from other_id.
        kind -> Text,
        /// An address, or the word system.
        linked_by -> Text,
        linked_at -> Timestamptz,
    }
}

diesel::table! {
    /// What became of the question for missing facts, ticket by ticket: put together from the journal by the database.
    gate_waits (ticket_id) {
        ticket_id -> BigInt,
        opened_at -> Timestamptz,
        /// Nothing was missing in the first mail.
        complete_at_first -> Bool,
        /// When facts were asked for first.
        asked_at -> Nullable<Timestamptz>,
        /// How often they were asked for until the end.
        rounds -> Integer,
        /// A mail came after the first question.
        answered -> Bool,
        /// When the last fact came, or staff took over.
        ended_at -> Nullable<Timestamptz>,
        /// The event of the journal that ended it: completed or report where everything came; incomplete, overruled or status where staff took over.
        ended_by -> Nullable<Text>,
    }
}

diesel::table! {
    /// When closed tickets came back, written by the database: with created_at and closed_at of tickets it says how many were open at any time.
    reopenings (id) {
        id -> BigInt,
        ticket_id -> BigInt,
        /// When it had been closed before.
        closed_at -> Timestamptz,
        reopened_at -> Timestamptz,
    }
}

diesel::table! {
    /// How long first answer and resolution of each ticket took, as the clocks count, whether a time was promised or not. A row goes when what was done turns out not to be.
    ticket_spans (ticket_id, goal, started_at) {
        ticket_id -> BigInt,
        goal -> Text,
        /// When the ticket was opened, or reopened: each time has its own.
        started_at -> Timestamptz,
        /// By whose policy.
        severity -> SmallInt,
        met_at -> Timestamptz,
        /// Working time that was promised.
        target_seconds -> Nullable<BigInt>,
        /// When it should have been done, where it was done later.
        due_at -> Nullable<Timestamptz>,
        /// Working time that it took us: for the resolution without the time in which the customer had the next word or a fix to try.
        ran_seconds -> BigInt,
        /// Working time until then in which the customer had the next word or a fix to try.
        waited_seconds -> BigInt,
    }
}

diesel::table! {
    /// How each ticket stood from when on: a row for each time its status or waiting_for_customer changed, written by the database, so that no way of changing them is forgotten.
    ticket_standings (id) {
        id -> BigInt,
        ticket_id -> BigInt,
        /// As the ticket says in changed_at; never before the row before it.
        since -> Timestamptz,
        status -> Text,
        waiting_for_customer -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Tsvector;

    /// One for each issue. The number people say is the id.
    tickets (id) {
        id -> BigInt,
        mailbox_id -> BigInt,
        subject -> Text,
        status -> Text,
        closed_as -> Nullable<Text>,
        /// 1 (worst) to 4; NULL until somebody has said. Which numbers a desk uses is configuration.
        severity -> Nullable<SmallInt>,
        level -> Nullable<SmallInt>,
        /// Where it came from; decides whether it is ever answered by itself.
        source -> Text,
        /// ISO 639-1 code in which the requester is written to.
        language -> Text,
        /// NULL for a mail that names no author.
        requester_id -> Nullable<BigInt>,
        assignee_id -> Nullable<BigInt>,
        /// The next word is theirs. A fact beside the status, not a status.
        waiting_for_customer -> Bool,
        /// Whether it reads as a problem report; anything else is asked nothing.
        problem_report -> Bool,
        /// How often the requester was asked for missing facts.
        asks -> Integer,
        last_asked_at -> Nullable<Timestamptz>,
        /// Asked as often as we may, and still something is missing: a person takes over.
        incomplete -> Bool,
        /// The closed ticket this one continues.
        follow_up_of -> Nullable<BigInt>,
        duplicate_of -> Nullable<BigInt>,
        created_at -> Timestamptz,
        changed_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
        /// A mail of this ticket was surely written by its requester, or staff say whose it is: a question that quotes it may go to them.
        requester_proven -> Bool,
        /// The name of a configured product, where it is known: from the mailbox, from words of the subject, or from staff.
        product -> Nullable<Text>,
        /// The ticket that has its thread now; what answers this one goes there.
        merged_into -> Nullable<BigInt>,
        /// Nobody outside is written to about it.
        spam -> Bool,
        /// Since when it is out of the way, until the customer writes or the time in snoozed_until.
        snoozed_at -> Nullable<Timestamptz>,
        /// When it comes back by itself; NULL waits for the customer alone.
        snoozed_until -> Nullable<Timestamptz>,
        /// The site's own name of the status, where it is not the first that means tickets.status; NULL stands for the first. A name that the configuration no longer has counts as NULL.
        status_name -> Nullable<Text>,
        /// The name of a configured queue: the first that takes its product, level and mailbox, or what staff said.
        queue -> Nullable<Text>,
        /// The soonest moment of its clocks that is promised and still owed, kept by the database; 9999-12-30 where there is none.
        due_at -> Timestamptz,
        /// Staff were warned of a clock that is still owed; kept by the database.
        due_warned -> Bool,
        /// What the search finds the subject by.
        subject_words -> Tsvector,
    }
}

diesel::table! {
    /// Tickets for which the desk found nobody, until it does, or until somebody is assigned.
    unassigned (ticket_id) {
        ticket_id -> BigInt,
        /// Why nobody could be chosen, as a sentence for staff.
        because -> Text,
        since -> Timestamptz,
    }
}

diesel::table! {
    /// When each member of staff last got a ticket, from the desk or from people: of two equals the one who waited longer comes first.
    last_assigned (address) {
        address -> Text,
        at -> Timestamptz,
    }
}

diesel::table! {
    /// The mails that told of somebody who is away: an answer to one is about their tickets.
    absence_mails (outbox_id) {
        outbox_id -> BigInt,
        /// Who is away: an address of the staff list.
        address -> Text,
    }
}

diesel::table! {
    /// When members of staff are away; nothing is assigned to them then.
    absences (id) {
        id -> BigInt,
        /// An address of the staff list.
        address -> Text,
        /// The first day, in the zone of that person.
        from_day -> Date,
        /// The last day; NULL until they say that they are back.
        to_day -> Nullable<Date>,
        /// The address of who said so.
        told_by -> Text,
        told_at -> Timestamptz,
    }
}

diesel::table! {
    /// What members of staff worked on, and how long. Rows are never changed.
    work_log (id) {
        id -> BigInt,
        /// Who worked: an address of the staff list.
        address -> Text,
        /// On which ticket; NULL for other work.
        ticket_id -> Nullable<BigInt>,
        kind -> Text,
        minutes -> Integer,
        words -> Text,
        worked_at -> Timestamptz,
        /// The address of who wrote it down.
        told_by -> Text,
    }
}

diesel::table! {
    /// The mails that listed the candidates of a sprint: a place in an answer to one is a place in its list.
    sprint_mails (outbox_id) {
        outbox_id -> BigInt,
        /// The numbers of the tickets in the order of the list.
        tickets -> Jsonb,
    }
}

diesel::table! {
    /// In which order product owners want tickets of severity 3 in a sprint.
    sprint_order (sprint, ticket_id) {
        /// The number of the sprint, counted from 1.
        sprint -> Integer,
        ticket_id -> BigInt,
        /// Counted from 1; 0 for what was dropped.
        position -> Integer,
        /// Not in this sprint.
        dropped -> Bool,
        /// The address of who said so.
        told_by -> Text,
        told_at -> Timestamptz,
    }
}

diesel::table! {
    /// What is to happen by time alone. A timer goes in the commit of what it does, so it fires once.
    timers (id) {
        id -> BigInt,
        /// What happens: the words of ticket::Timer.
        kind -> Text,
        /// NULL for what is about no one ticket.
        ticket_id -> Nullable<BigInt>,
        /// What it is about beside the ticket, where one ticket or none has several of a kind.
        subject -> Text,
        due_at -> Timestamptz,
        /// What it has to know when it fires.
        detail -> Jsonb,
        /// How often it was tried in vain.
        failures -> Integer,
        /// What went wrong the last time.
        error -> Nullable<Text>,
    }
}

diesel::table! {
    /// At which shares of the budget for severity 2 leads were told, once each in a sprint.
    budget_told (sprint, share) {
        /// The number of the sprint, counted from 1.
        sprint -> Integer,
        /// In percent.
        share -> Integer,
        told_at -> Timestamptz,
    }
}

diesel::table! {
    /// How members of staff sign in. Who is on the staff list stands in the configuration; an account of somebody who is not opens nothing.
    accounts (address) {
        /// The address in the staff list, in canonical form.
        address -> Text,
        /// What passkeys know the person by: random, 16 bytes.
        handle -> Bytea,
        /// Argon2id, as a PHC string.
        password_hash -> Nullable<Text>,
        password_at -> Nullable<Timestamptz>,
        /// The secret of the one-time codes, sealed with a key made of the secret of the site.
        totp_secret -> Nullable<Bytea>,
        /// Since when codes are asked for.
        totp_at -> Nullable<Timestamptz>,
        /// The last time step whose code was taken: no code counts twice (RFC 6238, section 5.2).
        totp_step -> Nullable<BigInt>,
        /// The time zone that they chose for pages; without one that of the staff list.
        zone -> Nullable<Text>,
        /// Light or dark pages; without one as the device has it.
        theme -> Nullable<Text>,
        made_at -> Timestamptz,
    }
}

diesel::table! {
    /// Who is signed in to the console, and where. A session that ends is a row that goes.
    sessions (id) {
        id -> BigInt,
        /// SHA-256 of the 256 random bits in the cookie; the cookie itself is kept nowhere.
        token_hash -> Bytea,
        address -> Text,
        /// The role in the staff list when they signed in; with another one they sign in anew.
        role -> Text,
        made_at -> Timestamptz,
        /// When it was last used, to within some minutes.
        last_seen_at -> Timestamptz,
        /// When it ends however much it is used.
        expires_at -> Timestamptz,
        /// Browser and system in a few words.
        device -> Text,
        /// The IPv4 address, or the first 64 bits of the IPv6 address.
        network -> Text,
        /// What proved who they are.
        signed_in_by -> Text,
    }
}

diesel::table! {
    /// Passwords and codes that were wrong, or are being looked at, by which tries are limited. A right one takes its rows along.
    sign_in_tries (id) {
        id -> BigInt,
        /// The address that was given, whether anybody has it or not.
        address -> Text,
        /// The IPv4 address, or the first 64 bits of the IPv6 address.
        network -> Text,
        tried_at -> Timestamptz,
    }
}

diesel::table! {
    /// Links to set a password, each good once. Those that were used are gone, and so are all others of the same person.
    welcome_links (token_hash) {
        /// SHA-256 of the 256 random bits in the link.
        token_hash -> Bytea,
        address -> Text,
        made_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    /// What a browser has begun and not ended: a code is asked for, a passkey, or another site is. Good for minutes, and once.
    sign_in_steps (token_hash) {
        /// SHA-256 of the random bits in the cookie of this browser.
        token_hash -> Bytea,
        /// What is waited for.
        kind -> Text,
        /// Whose step it is, where that is known.
        address -> Nullable<Text>,
        /// What the answer is held against.
        state -> Jsonb,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    /// Codes for who has lost the device that makes one-time codes. One that was used is gone.
    recovery_codes (code_hash) {
        /// SHA-256 of the address and the code, which has 80 random bits.
        code_hash -> Bytea,
        address -> Text,
    }
}

diesel::table! {
    /// Public keys by which members of staff sign in (Web Authentication).
    passkeys (id) {
        id -> BigInt,
        address -> Text,
        credential_id -> Bytea,
        /// What their owner calls it.
        name -> Text,
        /// The public key, its counter, and how it was made.
        passkey -> Jsonb,
        made_at -> Timestamptz,
        last_used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// Who signed in, changed what they sign in with, or did something to the desk itself. Nothing is taken out.
    audit (id) {
        id -> BigInt,
        at -> Timestamptz,
        /// The address of who did it; the one that was given, where it proved nothing.
        actor -> Text,
        /// What was done, as a word.
        deed -> Text,
        /// To whom or what, as people name it; may be empty.
        about -> Text,
        /// From where, as in sessions; empty for the command line.
        network -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    answers,
    attachments,
    blobs,
    clocks,
    cluster_mails,
    cluster_tickets,
    accounts,
    audit,
    clusters,
    console_forms,
    digests,
    drafts,
    gate_examples,
    gate_replays,
    held_replies,
    inbound,
    incidents,
    journal,
    mailboxes,
    message_references,
    message_words,
    messages,
    nodes,
    outbox,
    participants,
    passkeys,
    people,
    presences,
    recovery_codes,
    release_tickets,
    releases,
    report_slots,
    sessions,
    shift_plans,
    shifts,
    ticket_links,
    ticket_standings,
    sign_in_steps,
    sign_in_tries,
    sprint_order,
    subscriptions,
    ticket_texts,
    tickets,
    timers,
    told,
    unassigned,
    webhooks,
    welcome_links,
    work_log
);
diesel::joinable!(attachments -> blobs (sha256));
diesel::joinable!(cluster_mails -> clusters (cluster_id));
diesel::joinable!(cluster_tickets -> clusters (cluster_id));
diesel::joinable!(cluster_tickets -> tickets (ticket_id));
diesel::joinable!(release_tickets -> releases (release_id));
diesel::joinable!(release_tickets -> tickets (ticket_id));
diesel::joinable!(attachments -> messages (message_id));
diesel::joinable!(clocks -> tickets (ticket_id));
diesel::joinable!(gate_examples -> tickets (ticket_id));
diesel::joinable!(incidents -> tickets (ticket_id));
diesel::joinable!(ticket_standings -> tickets (ticket_id));
diesel::joinable!(message_references -> tickets (ticket_id));
diesel::joinable!(held_replies -> people (agent_id));
diesel::joinable!(messages -> tickets (ticket_id));
diesel::joinable!(inbound -> mailboxes (mailbox_id));
diesel::joinable!(outbox -> mailboxes (mailbox_id));
diesel::joinable!(participants -> people (person_id));
diesel::joinable!(participants -> tickets (ticket_id));
diesel::joinable!(sprint_order -> tickets (ticket_id));
diesel::joinable!(digests -> people (person_id));
diesel::joinable!(subscriptions -> people (person_id));
diesel::joinable!(timers -> tickets (ticket_id));
diesel::joinable!(shift_plans -> tickets (ticket_id));
diesel::joinable!(passkeys -> accounts (address));
diesel::joinable!(recovery_codes -> accounts (address));
diesel::joinable!(sessions -> accounts (address));
diesel::joinable!(sign_in_steps -> accounts (address));
diesel::joinable!(welcome_links -> accounts (address));
diesel::joinable!(shifts -> shift_plans (plan_id));
diesel::joinable!(webhooks -> tickets (ticket_id));
diesel::joinable!(unassigned -> tickets (ticket_id));
diesel::joinable!(work_log -> tickets (ticket_id));
diesel::joinable!(told -> people (person_id));
diesel::joinable!(told -> tickets (ticket_id));
