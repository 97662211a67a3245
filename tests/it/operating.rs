//! The pages that look after the desk itself: what they show, what their buttons do, and who may press them.

use crate::{
    first_mail::COMPLETE,
    helpers::{
        Desk, Letter,
        browser::{Answer, Browser},
        wait_for,
    },
};

const LEAD: &str = "lead@desk.test";

/// A desk with an agent and a lead, and a browser of each.
fn team(tables: &str) -> (Desk, Browser, Browser) {
    let lead =
        format!("[[staff]]\nname = \"Lena Lead\"\nemail = \"{LEAD}\"\nrole = \"lead\"\nnotify = false\n");
    let mut desk = Desk::prepare().with(&format!("{lead}{tables}"));
    desk.run();
    let (agent, lead) = (desk.browser(&desk.agent.address), desk.browser(LEAD));
    (desk, agent, lead)
}

/// A page that must be there.
fn page(browser: &mut Browser, path: &str) -> String {
    let answer = browser.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.body
}

/// What is told on the page that a deed leads to.
fn told(browser: &mut Browser, sent: &Answer) -> String {
    assert_eq!(sent.status, 303, "{}", sent.body);
    page(browser, sent.location())
}

/// A mail on which the readers failed; its number.
fn quarantined(desk: &Desk, subject: &str) -> String {
    let rows = desk.sql(&format!(
        "insert into inbound (mailbox_id, stored_at, size_bytes, sha256, raw, state, attempts, failures, due_at, error, cause) \
         select (select min(id) from mailboxes), now(), length(raw), sha256(raw), raw, 'quarantined', 3, 3, now(), \
         'reading it took longer than 30s', 'took-too-long' \
         from (select convert_to(E'From: Anna <anna@customer.test>\\r\\nSubject: {subject}\\r\\n\\r\\nIt is <b>on fire</b>.\\r\\n', 'UTF8') as raw) as one \
         returning id"
    ));
    rows.lines().next().unwrap().to_owned()
}

#[test]
fn a_mail_in_quarantine_is_looked_at_and_tried_again() {
    let (desk, mut agent, _) = team("");
    let list = page(&mut agent, "/quarantine");
    assert!(list.contains("Nothing is stuck"), "{list}");
    let id = quarantined(&desk, "Broken <printer>");
    let list = page(&mut agent, "/quarantine");
    assert!(list.contains("Broken &lt;printer&gt;") && list.contains("Took too long to read"), "{list}");
    assert!(
        list.contains("Reading it took longer than 30s.") && list.contains("anna@customer.test"),
        "{list}"
    );

    let detail = page(&mut agent, &format!("/quarantine/{id}"));
    assert!(detail.contains("It is &lt;b&gt;on fire&lt;/b&gt;."), "the source is escaped: {detail}");
    assert!(detail.contains("Try again") && detail.contains("Make a ticket"), "{detail}");
    let file = agent.get(&format!("/quarantine/{id}/mail.eml"));
    assert_eq!(file.field("content-disposition"), Some(&*format!("attachment; filename=\"mail-{id}.eml\"")));
    assert_eq!(file.field("x-content-type-options"), Some("nosniff"));
    assert!(file.body.contains("It is <b>on fire</b>."));

    let path = format!("/quarantine/{id}/retry");
    assert_eq!(agent.get(&path).status, 405, "no GET has an effect");
    assert_eq!(agent.post_bare(&path, &[]).status, 403, "nor what another site sends");
    assert_eq!(desk.sql(&format!("select state from inbound where id = {id}")), "quarantined");
    page(&mut agent, &format!("/quarantine/{id}"));
    let sent = agent.post(&path, &[]);
    assert!(told(&mut agent, &sent).contains(&format!("Mail {id} is being processed again.")));
    wait_for("the ticket of the mail", || (desk.count("tickets") == 1).then_some(()));
    assert_eq!(
        desk.sql("select deed, about from audit where deed = 'mail-retried'"),
        format!("mail-retried|mail {id}")
    );
    page(&mut agent, &format!("/quarantine/{id}"));
    let again = agent.post(&path, &[]);
    assert!(told(&mut agent, &again).contains("is not in quarantine any more"));
    assert_eq!(agent.get("/quarantine/999999").status, 404);
    assert_eq!(desk.visitor().get("/quarantine").status, 303, "who is not signed in is asked to");
}

#[test]
fn an_agent_makes_a_ticket_anyway_and_a_lead_discards() {
    let (desk, mut agent, mut lead) = team("");
    let (kept, gone) = (quarantined(&desk, "Kept"), quarantined(&desk, "Gone"));
    let detail = page(&mut agent, &format!("/quarantine/{kept}"));
    assert!(!detail.contains("Discard it"), "what an agent may not is not offered");
    let refused = agent.post(&format!("/quarantine/{kept}/discard"), &[("reason", "no")]);
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("Only a lead or an admin may do this"), "{}", refused.body);
    page(&mut agent, &format!("/quarantine/{kept}"));
    let sent = agent.post(&format!("/quarantine/{kept}/ticket"), &[("reason", "she called")]);
    assert_eq!((sent.status, sent.location()), (303, "/ticket/1"));
    assert_eq!(desk.ticket(1)["subject"], "Kept");

    let detail = page(&mut lead, &format!("/quarantine/{gone}"));
    assert!(detail.contains("Discard it"));
    let sent = lead.post(&format!("/quarantine/{gone}/discard"), &[("reason", " ")]);
    assert!(told(&mut lead, &sent).contains("Say why nothing is to be made of the mail."));
    page(&mut lead, &format!("/quarantine/{gone}"));
    let sent = lead.post(&format!("/quarantine/{gone}/discard"), &[("reason", "an advertisement")]);
    assert!(told(&mut lead, &sent).contains("is discarded"));
    let list = page(&mut lead, "/quarantine?shelf=discarded");
    assert!(list.contains("Lead@desk.test discarded it: an advertisement."), "{list}");
}

#[test]
fn what_was_set_aside_is_taken_in_after_all() {
    let (desk, mut agent, _) = team("");
    let anna = desk.customer("anna");
    assert_eq!(desk.cli(&["block", "add", &anna.address]).code, Some(0));
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    assert_eq!(desk.outcomes(), ["set-aside"]);
    let list = page(&mut agent, "/quarantine?shelf=set-aside");
    assert!(list.contains("Printer") && list.contains(" blocked "), "{list}");
    let detail = page(&mut agent, "/quarantine/1");
    assert!(detail.contains("Make it a ticket") && !detail.contains("Try again"), "{detail}");
    let sent = agent.post("/quarantine/1/take", &[]);
    assert!(told(&mut agent, &sent).contains("becomes a ticket"));
    desk.settled(1);
    let ticket = desk.ticket(1);
    assert_eq!(ticket["requester"]["address"], anna.address.as_str());
    assert_eq!(desk.outcomes(), ["opened"]);
    // Who is blocked stays blocked.
    desk.receives(&Letter::new(&anna.address, "Once more", COMPLETE));
    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "set-aside"]);
    let ran = desk.cli(&["inbox", "take", "2"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "opened"]);
    assert_eq!(desk.cli(&["inbox", "take", "2"]).code, Some(1), "what is done stays done");
}

#[test]
fn the_outbox_says_what_keeps_mails_and_sends_them_again() {
    let (desk, mut agent, mut lead) = team("");
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    let id = desk.sql(&format!("select id from outbox where recipient = '{}'", anna.address));
    let sent = page(&mut agent, "/outbox?stage=sent");
    assert!(sent.contains(&anna.address) && sent.contains("Acknowledged"), "{sent}");
    let only = page(&mut agent, &format!("/outbox?to={}", anna.address));
    assert_eq!(only.matches("data-row").count(), 1, "{only}");
    assert!(page(&mut agent, "/outbox?ticket=DG-99").contains("No mail matches"));

    let mail = page(&mut agent, &format!("/outbox/{id}"));
    assert!(mail.contains("As text") && mail.contains("sandbox") && !mail.contains("Send now"), "{mail}");
    let frame = agent.get(&format!("/outbox/{id}/html"));
    let policy = frame.field("content-security-policy").unwrap();
    assert!(
        policy.contains("sandbox")
            && policy.contains("default-src 'none'")
            && policy.contains("frame-ancestors 'self'"),
        "{policy}"
    );
    assert!(frame.body.contains("</html>"));

    desk.sql(&format!("update outbox set state = 'failed', sent_at = null, last_reply = '550 no such mailbox' where id = {id}"));
    let failed = page(&mut agent, "/outbox?stage=failed");
    assert!(failed.contains("550 no such mailbox"), "{failed}");
    page(&mut agent, &format!("/outbox/{id}"));
    let path = format!("/outbox/{id}/retry");
    assert_eq!(agent.post_bare(&path, &[]).status, 403);
    let again = agent.post(&path, &[]);
    assert!(told(&mut agent, &again).contains(&format!("Mail {id} is sent as soon as possible.")));
    desk.settled(1);
    assert_eq!(desk.sql(&format!("select state from outbox where id = {id}")), "sent");
    page(&mut agent, "/outbox");
    let refused = agent.post(&path, &[]);
    assert!(told(&mut agent, &refused).contains("was sent or withdrawn already"));

    desk.sql("insert into send_pauses (mailbox, domain, deferrals, until, reply) values ('support', 'slow.test', 2, now() + interval '20 minutes', '451 come back later')");
    let shown = page(&mut agent, "/outbox");
    assert!(shown.contains("slow.test") && shown.contains("451 come back later."), "{shown}");
    assert!(!shown.contains("Try now"));
    let pause = [("mailbox", "support"), ("domain", "slow.test")];
    assert_eq!(agent.post("/outbox/pause", &pause).status, 403);
    assert!(page(&mut lead, "/outbox").contains("Try now"));
    let ended = lead.post("/outbox/pause", &pause);
    assert!(told(&mut lead, &ended).contains("The pause is over"));
    assert_eq!(desk.count("send_pauses"), 0);
}

#[test]
fn mailboxes_and_health_say_how_the_desk_is() {
    let (desk, mut agent, _) = team("");
    desk.receives(&Letter::new(&desk.customer("anna").address, "Printer", COMPLETE));
    desk.settled(1);
    let shown = page(&mut agent, "/mailboxes");
    for words in
        ["support", "Fetched", "Came in today</dt><dd>1</dd>", "UIDVALIDITY", "is fetched.", "has run for"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let health = page(&mut agent, "/health");
    assert!(health.contains("All is well"), "{health}");
    quarantined(&desk, "Broken");
    let health = page(&mut agent, "/health");
    assert!(health.contains("1 mails could not be read") && !health.contains("All is well"), "{health}");
}

#[test]
fn everybody_says_when_they_are_away_and_a_lead_says_it_of_others() {
    let (desk, mut agent, mut lead) = team("");
    let me = desk.agent.address.clone();
    let shown = page(&mut agent, "/people");
    assert!(
        shown.contains("Support Agent") && shown.contains("Lena Lead") && shown.contains("0 open"),
        "{shown}"
    );
    assert_eq!(shown.matches("Plan an absence").count(), 1, "an agent plans for themselves");
    assert_eq!(page(&mut lead, "/people").matches("Plan an absence").count(), 2);
    page(&mut agent, "/people");
    assert_eq!(agent.post("/people/away", &[("who", LEAD)]).status, 403);
    page(&mut agent, "/people");
    let sent = agent.post("/people/away", &[("who", &me), ("from", "2031-05-05"), ("to", "2031-05-01")]);
    assert!(told(&mut agent, &sent).contains("ends before it begins"));
    let sent = agent.post("/people/away", &[("who", &me), ("from", ""), ("to", "")]);
    assert!(told(&mut agent, &sent).contains("is away from"), "it begins today");
    assert!(page(&mut agent, "/people").contains("badge warn\">Away"));
    assert!(page(&mut agent, "/rota").contains("until they are back"));
    page(&mut lead, "/people");
    let sent = lead.post("/people/back", &[("who", &me)]);
    assert!(told(&mut lead, &sent).contains("is back"));
    assert!(!page(&mut agent, "/people").contains("badge warn\">Away"));
}

#[test]
fn a_customer_is_found_and_blocked() {
    let (desk, mut agent, mut lead) = team("");
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer <x>", COMPLETE));
    desk.settled(1);
    let domain = anna.address.split_once('@').unwrap().1;
    for words in ["anna", "ANNA", domain, &anna.address] {
        assert!(
            page(&mut agent, &format!("/people?group=customers&q={words}")).contains(&anna.address),
            "{words}"
        );
    }
    assert!(page(&mut agent, "/people?group=customers&q=nobody").contains("Nobody found"));
    let id = desk.sql(&format!("select id from people where address = '{}'", anna.address));
    let card = page(&mut agent, &format!("/people/{id}"));
    assert!(
        card.contains("Printer &lt;x&gt;")
            && card.contains("Requester")
            && !card.contains("Block everybody at"),
        "{card}"
    );
    let path = format!("/people/{id}/block");
    assert_eq!(agent.post_bare(&path, &[("sender", &anna.address)]).status, 403);
    page(&mut agent, &format!("/people/{id}"));
    assert_eq!(agent.post(&path, &[("sender", &format!("@{domain}"))]).status, 403, "a domain is for leads");
    page(&mut agent, &format!("/people/{id}"));
    let sent = agent.post(&path, &[("sender", &anna.address)]);
    let card = told(&mut agent, &sent);
    assert!(card.contains("is set aside from now on") && card.contains("blocked by"), "{card}");
    assert_eq!(desk.count("blocks"), 1);
    let sent = agent.post(&format!("/people/{id}/unblock"), &[("sender", &anna.address)]);
    assert!(told(&mut agent, &sent).contains("is taken in again"));
    assert!(page(&mut lead, &format!("/people/{id}")).contains("Block everybody at"));
    assert_eq!(agent.get("/people/999999").status, 404);
}

#[test]
fn stakeholders_are_shown_with_what_they_follow() {
    let (_desk, mut agent, _) = team(
        "[[stakeholder]]\nname = \"The Boss\"\nemail = \"boss@desk.test\"\nwants = [\"sev1\", \"all weekly\"]\n",
    );
    let shown = page(&mut agent, "/people?group=stakeholders");
    assert!(
        shown.contains("The Boss")
            && shown.contains("severity 1, each change")
            && shown.contains("all tickets, weekly"),
        "{shown}"
    );
}

#[test]
fn the_rota_shows_who_is_on_duty_and_who_would_be_called() {
    let (_desk, mut agent, _) = team(&format!(
        "[[rota]]\nname = \"support\"\nmembers = [\"{LEAD}\"]\nfrom = \"2026-01-05\"\n[oncall]\nchain = [\"support\"]\n"
    ));
    let shown = page(&mut agent, "/rota");
    assert_eq!(shown.matches("class=\"day-duty\" title").count(), 14, "{shown}");
    assert!(
        shown.contains("<strong>Lena Lead</strong>") && shown.contains("badge good\">Lena Lead"),
        "{shown}"
    );
}

#[test]
fn a_mail_is_seen_on_a_real_ticket_and_a_change_is_tried_without_being_kept() {
    let (desk, mut agent, _) = team("");
    desk.receives(&Letter::new(&desk.customer("anna").address, "The <printer>", COMPLETE));
    desk.settled(1);
    let list = page(&mut agent, "/templates");
    assert!(list.contains("Please try the fix") && list.contains("To stakeholders"), "{list}");
    let shown = page(&mut agent, "/templates/accepted?ticket=1&language=de");
    assert!(shown.contains("DG-1") && shown.contains("mail/accepted/body.html.hbs"), "{shown}");
    let frame = agent.get("/templates/accepted/html?ticket=1&language=de");
    assert!(frame.field("content-security-policy").unwrap().contains("sandbox"));
    assert!(frame.body.contains("lang=\"de\"") && !frame.body.contains("<printer>"), "{}", frame.body);
    assert!(page(&mut agent, "/templates/accepted?ticket=99").contains("There is no ticket 99"));
    assert_eq!(agent.get("/templates/nonsense").status, 404);

    page(&mut agent, "/templates/accepted?ticket=1");
    let tried = |browser: &mut Browser, part: &str, text: &str| {
        browser.post(
            "/templates/accepted/try",
            &[("ticket", "1"), ("language", "en"), ("part", part), ("text", text)],
        )
    };
    let subject = tried(&mut agent, "subject", "Now: {{ticket.reference}}");
    assert!(subject.body.contains("Now: DG-1"), "{}", subject.body);
    assert!(subject.field("content-security-policy").unwrap().contains("sandbox"));
    let wrong = tried(&mut agent, "html", "<p>x</p>\n<p>{{nothing}}</p>");
    assert!(wrong.body.contains("This cannot be used") && wrong.body.contains("line 2"), "{}", wrong.body);
    assert!(wrong.body.contains("&gt;    2  &lt;p&gt;{{nothing}}&lt;/p&gt;"), "{}", wrong.body);
    assert_eq!(agent.post_bare("/templates/accepted/try", &[("part", "text"), ("text", "x")]).status, 403);
    assert!(
        page(&mut agent, "/templates/accepted?part=subject").contains("{{&gt; subject}}"),
        "what is in force stays"
    );
}

#[test]
fn a_known_answer_is_tried_by_anybody_and_kept_by_a_lead() {
    let (desk, mut agent, mut lead) = team("");
    desk.receives(&Letter::new(&desk.customer("anna").address, "Printer", COMPLETE));
    desk.settled(1);
    let form = |deed: &'static str, text: &'static str| {
        [("name", "toner"), ("language", "en"), ("text", text), ("ticket", "1"), ("deed", deed)]
    };
    assert!(!page(&mut agent, "/answers").contains("value=\"keep\""));
    let tried = agent.post("/answers", &form("try", "About {{reference}}: new toner."));
    assert_eq!(tried.status, 200);
    assert!(tried.body.contains("About DG-1: new toner."), "{}", tried.body);
    assert_eq!(agent.post("/answers", &form("keep", "x")).status, 403);
    page(&mut lead, "/answers");
    let refused = lead.post("/answers", &form("keep", "Hello {{nmae}}"));
    assert_eq!(refused.status, 422);
    assert!(
        refused.body.contains("cannot be used") && refused.body.contains("Hello {{nmae}}"),
        "what was typed stays: {}",
        refused.body
    );
    let kept = lead.post("/answers", &form("keep", "Hello {{name}}"));
    assert!(told(&mut lead, &kept).contains("The answer toner is saved."));
    assert_eq!(desk.json(&["answer", "show", "toner", "--json"])[0]["text"], "Hello {{name}}");
    page(&mut lead, "/answers?name=toner&language=en");
    let gone = lead.post("/answers", &form("remove", ""));
    assert!(told(&mut lead, &gone).contains("is removed"));
    assert_eq!((desk.count("answers"), agent.get("/answers?name=toner&language=en").status), (0, 404));
}

#[test]
fn the_gate_reports_and_reads_stored_mail_anew_in_the_background() {
    let (desk, mut agent, mut lead) = team("");
    assert!(page(&mut agent, "/gate").contains("No problem reports"));
    desk.receives(&Letter::new(&desk.customer("anna").address, "Printer", COMPLETE));
    desk.settled(1);
    for by in ["month", "customer", "product", "mailbox", "source"] {
        let report = page(&mut agent, &format!("/gate?by={by}&days=30"));
        assert!(report.contains("Complete from the start</dt><dd>100 %</dd>"), "{report}");
    }
    assert!(!page(&mut agent, "/gate/replay").contains(">Start<"));
    assert_eq!(agent.post("/gate/replay", &[("days", "30")]).status, 403);
    assert!(page(&mut lead, "/gate/replay").contains(">Start<"));
    let begun = lead.post("/gate/replay", &[("days", "30")]);
    assert_eq!((begun.status, begun.location()), (303, "/gate/replay/1"));
    let found = wait_for("what the gate found", || {
        let shown = agent.get("/gate/replay/1").body;
        shown.contains("Would be asked now").then_some(shown)
    });
    assert!(found.contains("1 of 1") && found.contains("<dt>Mails</dt><dd>1</dd>"), "{found}");
    assert_eq!(desk.count("tickets"), 1, "nothing is changed");

    desk.sql("insert into gate_replays (since, asked_by, asked_at, seen_at, total) values (now(), 'x', now(), now(), 5)");
    page(&mut lead, "/gate/replay");
    let second = lead.post("/gate/replay", &[("days", "30")]);
    assert!(told(&mut lead, &second).contains("is being read anew already"));
    desk.sql("update gate_replays set seen_at = now() - interval '5 minutes' where result is null");
    assert!(page(&mut agent, "/gate/replay").contains("Stopped"));
}

#[test]
fn the_workflow_is_drawn_and_the_settings_tell_where_they_come_from() {
    let (_desk, mut agent, _) = team("");
    let workflow = page(&mut agent, "/workflow");
    assert!(
        workflow.contains("<svg class=\"flow\"") && workflow.contains("accepted to resolved"),
        "{workflow}"
    );
    assert!(
        workflow.contains("the requester, no answer in time")
            && workflow.contains("A complete report, or a reason"),
        "{workflow}"
    );
    let settings = page(&mut agent, "/settings");
    assert!(
        settings.contains("deskgate.toml:2")
            && settings.contains("default")
            && settings.contains("set (not shown)"),
        "{settings}"
    );
    assert!(settings.contains("environment variable DESKGATE__WEB__LISTEN"), "{settings}");
    assert!(!settings.contains("&quot;secret&quot;") && !settings.contains("<td>secret</td>"), "{settings}");
    let some = page(&mut agent, "/settings?q=imap.port");
    assert!(some.contains("mailbox[0].imap") && !some.contains("deskgate.toml:2<"), "{some}");
    assert!(!page(&mut agent, "/settings?only=set").contains(">default<"));
}

#[test]
fn every_place_that_somebody_is_led_to_is_open_to_them() {
    let admin =
        "[[staff]]\nname = \"Ada Admin\"\nemail = \"ada@desk.test\"\nrole = \"admin\"\nnotify = false\n";
    let (desk, mut agent, mut lead) = team(admin);
    let mut admin = desk.browser("ada@desk.test");
    for (who, browser, sees_audit) in
        [("agent", &mut agent, false), ("lead", &mut lead, false), ("admin", &mut admin, true)]
    {
        let start = page(browser, "/inbox");
        let mut places: Vec<&str> = start
            .split("href=\"/")
            .skip(1)
            .filter_map(|rest| rest.split(['"', '?', '#']).next())
            .filter(|place| !place.starts_with("static"))
            .collect();
        places.sort_unstable();
        places.dedup();
        assert!(places.len() > 10, "{places:?}");
        assert_eq!(places.contains(&"audit"), sees_audit, "{who}: {places:?}");
        for place in places {
            let answer = browser.get(&format!("/{place}"));
            assert!(matches!(answer.status, 200 | 303), "{who} is led to /{place}: {}", answer.status);
        }
    }
    assert_eq!(agent.get("/audit").status, 403);
}

#[test]
fn the_id_of_a_mail_is_whole_for_its_receiver_alone() {
    let (desk, mut agent, mut lead) = team("");
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    let row = desk.sql(&format!(
        "select id, header_id from outbox where recipient = '{}' and notice like 'staff%' limit 1",
        desk.agent.address
    ));
    let (id, key) = row.trim().split_once('|').unwrap();
    let path = format!("/outbox/{id}");
    assert!(page(&mut agent, &path).contains(key), "it is the agent's own");
    let shown = page(&mut lead, &path);
    assert!(!shown.contains(key), "who answers it would count as the agent: {shown}");
    assert!(
        shown.contains(&format!("{}.…@", key.rsplit_once('@').unwrap().0.rsplit_once('.').unwrap().0)),
        "{shown}"
    );
}

#[test]
fn what_is_not_there_or_not_theirs_is_told_plainly() {
    let (_desk, mut agent, _) = team("");
    let denied = agent.get("/audit");
    assert_eq!(denied.status, 403);
    assert!(denied.body.contains("You have no permission for this"), "{}", denied.body);
    assert!(!denied.body.contains("whoever runs the desk"), "one sentence is enough: {}", denied.body);
    for path in ["/inbox?at=garbage", "/search?q=printer&at=garbage"] {
        let top = page(&mut agent, path);
        assert!(top.contains("this is its top"), "{top}");
    }
    for (path, status) in [("/ticket/garbage", 400), ("/ticket/99", 404), ("/outbox?before=garbage", 200)] {
        let shown = agent.get(path);
        assert_eq!((shown.status, shown.body.contains("<h1>")), (status, true), "{path}: {}", shown.body);
    }
}

#[test]
fn sentences_of_the_desk_have_their_names_set_apart() {
    let (_desk, mut agent, _) = team("");
    for (path, name) in
        [("/health", "support"), ("/mailboxes", "support"), ("/search?q=printer+zzz:1", "zzz:")]
    {
        let shown = page(&mut agent, path);
        assert!(shown.contains(&format!("<code>{name}</code>")) && !shown.contains('`'), "{path}: {shown}");
    }
}
