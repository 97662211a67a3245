//! Staff act in the console: what they write goes out once or is held, what they do is what mail and command line do.

mod live;
mod several;
mod sources;
mod unsent;

use std::io::{BufRead, BufReader};

use crate::{
    first_mail::COMPLETE,
    helpers::{
        Desk, Letter, Postbox,
        browser::{Answer, Browser},
        wait_for,
    },
};

/// A desk with ticket 1 of anna's, and its agent signed in.
pub struct Scene {
    pub desk: Desk,
    pub anna: Postbox,
    pub agent: Browser,
}

/// Another member of staff.
pub const CAROL: &str = "carol@desk.test";

const STAFF: &str =
    "[[staff]]\nname = \"Carol Colleague\"\nemail = \"carol@desk.test\"\nrole = \"admin\"\nnotify = false\n";

pub fn scene() -> Scene {
    scene_with("")
}

/// The same with more in the configuration.
pub fn scene_with(tables: &str) -> Scene {
    let mut desk = Desk::prepare().with(&format!("{STAFF}{tables}"));
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    let mut agent = desk.browser(&desk.agent.address.clone());
    agent.get("/new");
    Scene { desk, anna, agent }
}

impl Scene {
    /// Carol, signed in.
    pub fn carol(&self) -> Browser {
        let mut carol = self.desk.browser(CAROL);
        carol.get("/new");
        carol
    }

    /// The newest entry of the thread.
    pub fn newest(&self) -> String {
        self.desk.sql("select max(id) from messages where ticket_id = 1")
    }

    pub fn to_anna(&self) -> Vec<String> {
        self.desk.notices_to(&self.anna.address)
    }
}

/// Sends a form with files.
pub fn post_files(
    browser: &mut Browser,
    path: &str,
    fields: &[(&str, &str)],
    files: &[(&str, &str)],
) -> Answer {
    let mut body = String::new();
    let csrf = browser.csrf.clone();
    for (name, value) in [&[("csrf", csrf.as_str())], fields].concat() {
        body += &format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    for (name, content) in files {
        body += &format!(
            "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: text/plain\r\n\r\n{content}\r\n"
        );
    }
    body += "--x--\r\n";
    browser.ask(
        "POST",
        path,
        "Content-Type: multipart/form-data; boundary=x\r\nSec-Fetch-Site: same-origin\r\n",
        &body,
    )
}

fn act(browser: &mut Browser, line: &str, more: &[(&str, &str)]) -> Answer {
    browser.post("/ticket/1/do", &[&[("do", line), ("form", "page-1")], more].concat())
}

/// What the next page says of a deed.
fn said(browser: &mut Browser) -> String {
    browser.get("/new").body
}

#[test]
fn a_reply_leaves_once_however_often_its_form_is_sent() {
    let mut scene = scene();
    let newest = scene.newest();
    let fields = [
        ("form", "page-1"),
        ("seen", newest.as_str()),
        ("words", "Please take the new driver, {{name}}{{x}}."),
    ];
    let mut twin = scene.agent.clone();
    let fields_of_twin = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let beside = std::thread::spawn(move || {
        let fields: Vec<(&str, &str)> =
            fields_of_twin.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        post_files(&mut twin, "/ticket/1/reply", &fields, &[("fix.txt", "fixed")])
    });
    for _ in 0..2 {
        let answer = post_files(&mut scene.agent, "/ticket/1/reply", &fields, &[("fix.txt", "fixed")]);
        assert_eq!((answer.status, answer.location()), (303, "/ticket/1"), "{answer:?}");
    }
    assert_eq!(beside.join().unwrap().status, 303);
    let got =
        scene.anna.wait_for("the reply", |mails| mails.iter().any(|mail| mail.text().contains("new driver")));
    let got: Vec<_> = got.iter().filter(|mail| mail.text().contains("new driver, {{x}}.")).collect();
    assert_eq!(got.len(), 1, "the name of a fact is filled in, other braces stay");
    assert_eq!(got[0].message().attachment_count(), 1);
    assert_eq!(scene.to_anna(), ["acknowledged", "correspondence"]);

    // The same words from the same page are the same form; other words are not.
    let newest = scene.newest();
    let more = [("form", "page-1"), ("seen", newest.as_str()), ("words", "And restart it.")];
    assert_eq!(post_files(&mut scene.agent, "/ticket/1/reply", &more, &[]).status, 303);
    assert_eq!(scene.to_anna(), ["acknowledged", "correspondence", "correspondence"]);
}

#[test]
fn a_form_is_of_one_person_one_ticket_and_one_page() {
    let mut scene = scene();
    let bob = scene.desk.customer("bob");
    scene.desk.receives(&Letter::new(&bob.address, "Invoice", COMPLETE));
    scene.desk.settled(2);
    let mut carol = scene.carol();
    let note = |browser: &mut Browser, ticket: u8, form: &[(&str, &str)]| {
        let fields = [form, &[("words", "One cause.")]].concat();
        assert_eq!(post_files(browser, &format!("/ticket/{ticket}/note"), &fields, &[]).status, 303);
    };
    // Whatever stands for the page: what another person or another ticket has is another form.
    for form in [&[("form", "same")][..], &[("form", "")], &[]] {
        note(&mut scene.agent, 1, form);
        note(&mut scene.agent, 2, form);
        note(&mut carol, 1, form);
    }
    assert_eq!(scene.desk.sql("select count(*) from messages where own_text = 'One cause.'"), "9");
    // Without a word of its page nothing says that it is the same form.
    note(&mut scene.agent, 1, &[("form", "")]);
    note(&mut scene.agent, 1, &[("form", "same")]);
    assert_eq!(scene.desk.sql("select count(*) from messages where own_text = 'One cause.'"), "10");
}

#[test]
fn a_reply_that_somebody_overtook_is_held_with_what_is_new_and_sent_by_a_click() {
    let mut scene = scene();
    let seen = scene.newest();
    let acknowledged = scene.anna.wait_for_one();
    scene.desk.receives(&Letter::reply(&scene.anna, &acknowledged, "It works again since noon.\n"));
    scene.desk.settled(2);
    let fields =
        [("form", "page-1"), ("seen", seen.as_str()), ("words", "Please switch it off."), ("then", "#wait")];
    let answer = post_files(&mut scene.agent, "/ticket/1/reply", &fields, &[("fix.txt", "fixed")]);
    assert_eq!(answer.location(), "/ticket/1/held", "{answer:?}");
    let page = scene.agent.get("/ticket/1/held").body;
    for part in ["It works again since noon.", "Please switch it off.", "fix.txt", "was not sent"] {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    assert_eq!(scene.to_anna(), ["acknowledged"]);
    assert_eq!(scene.desk.ticket(1)["waiting_on"], serde_json::Value::Null);

    let seen = scene.newest();
    let words = ("words", "Please switch it off.");
    let as_it_was = [("form", "page-2"), ("seen", seen.as_str()), words, ("then", ""), ("held", "true")];
    for _ in 0..2 {
        let sent = post_files(&mut scene.agent, "/ticket/1/reply", &as_it_was, &[]);
        assert_eq!((sent.status, sent.location()), (303, "/ticket/1"));
    }
    let mails = scene
        .anna
        .wait_for("it", |mails| mails.iter().any(|mail| mail.text().contains("Please switch it off.")));
    assert_eq!(mails.last().unwrap().message().attachment_count(), 1);
    assert_eq!(scene.to_anna(), ["acknowledged", "correspondence"]);
    let ticket = scene.desk.ticket(1);
    assert_eq!(
        (&ticket["held"][0]["settled_as"], &ticket["waiting_on"]),
        (&"sent".into(), &"customer".into())
    );
    assert_eq!(scene.agent.get("/ticket/1/held").location(), "/ticket/1", "nothing is held any more");
}

#[test]
fn two_of_us_answer_at_once_and_the_second_is_held_says_it_otherwise_or_lets_it_be() {
    let mut scene = scene();
    let mut carol = scene.carol();
    let seen = scene.newest();
    let mine = [("form", "a"), ("seen", seen.as_str()), ("words", "Try the new driver.")];
    let hers = [("form", "b"), ("seen", seen.as_str()), ("words", "Switch it off.")];
    assert_eq!(post_files(&mut carol, "/ticket/1/reply", &hers, &[]).location(), "/ticket/1");
    assert_eq!(post_files(&mut scene.agent, "/ticket/1/reply", &mine, &[]).location(), "/ticket/1/held");
    let page = scene.agent.get("/ticket/1/held").body;
    assert!(page.contains("Switch it off."), "{page}");
    let newest = scene.newest();
    let changed = [("form", "c"), ("seen", newest.as_str()), ("words", "As Carol says."), ("held", "true")];
    assert_eq!(post_files(&mut scene.agent, "/ticket/1/reply", &changed, &[]).location(), "/ticket/1");
    assert_eq!(scene.desk.ticket(1)["held"][0]["settled_as"], "replaced");

    assert_eq!(
        post_files(
            &mut carol,
            "/ticket/1/reply",
            &[("form", "d"), ("seen", seen.as_str()), ("words", "x")],
            &[]
        )
        .location(),
        "/ticket/1/held"
    );
    carol.post("/ticket/1/held", &[("act", "discard")]);
    assert_eq!(scene.desk.ticket(1)["held"][1]["settled_as"], "discarded");
    assert_eq!(scene.to_anna(), ["acknowledged", "correspondence", "correspondence"]);
}

#[test]
fn what_was_held_keeps_its_command_and_is_held_again_when_somebody_was_faster_again() {
    let mut scene = scene();
    let acknowledged = scene.anna.wait_for_one();
    let reply = |scene: &mut Scene, form: &str, seen: &str, words: &str, then: &str, held: &str| {
        let fields = [("form", form), ("seen", seen), ("words", words), ("then", then), ("held", held)];
        post_files(&mut scene.agent, "/ticket/1/reply", &fields, &[]).location().to_owned()
    };
    let seen = scene.newest();
    scene.desk.receives(&Letter::reply(&scene.anna, &acknowledged, "It is the big one.\n"));
    scene.desk.settled(2);
    assert_eq!(reply(&mut scene, "a", &seen, "Switch it off.", "#wait", "false"), "/ticket/1/held");

    let seen = scene.newest();
    scene.desk.receives(&Letter::reply(&scene.anna, &acknowledged, "No, the small one.\n"));
    scene.desk.settled(3);
    assert_eq!(reply(&mut scene, "b", &seen, "Switch it off.", "", "true"), "/ticket/1/held");
    assert!(scene.agent.get("/ticket/1/held").body.contains("No, the small one."));
    assert_eq!(scene.to_anna(), ["acknowledged"]);

    let seen = scene.newest();
    assert_eq!(reply(&mut scene, "c", &seen, "Switch the small one off.", "", "true"), "/ticket/1");
    assert_eq!(scene.to_anna(), ["acknowledged", "correspondence"]);
    assert_eq!(scene.desk.ticket(1)["waiting_on"], "customer", "what was to be done with it was done");
}

#[test]
fn a_note_with_a_file_never_leaves_the_desk() {
    let mut scene = scene();
    for _ in 0..2 {
        let note = [("form", "page-1"), ("words", "She is a big customer.")];
        assert_eq!(
            post_files(&mut scene.agent, "/ticket/1/note", &note, &[("log.txt", "secret")]).status,
            303
        );
    }
    let notes = "select count(*), min(staff_only::text) from messages where direction = 'note'";
    assert_eq!(scene.desk.sql(notes), "1|true");
    assert_eq!(scene.desk.count("attachments"), 1);
    assert_eq!(scene.to_anna(), ["acknowledged"]);
}

#[test]
fn sending_and_resolving_are_one_step_with_one_mail() {
    let mut scene = scene();
    act(&mut scene.agent, "#accept", &[]);
    let newest = scene.newest();
    let fields =
        [("form", "p"), ("seen", newest.as_str()), ("words", "Please try 1.2."), ("then", "#resolve")];
    assert_eq!(post_files(&mut scene.agent, "/ticket/1/reply", &fields, &[]).location(), "/ticket/1");
    assert_eq!(scene.to_anna(), ["acknowledged", "accepted", "resolved"]);
    assert_eq!(scene.desk.ticket(1)["status"], "resolved");
}

#[test]
fn what_cannot_be_sent_stays_as_a_draft() {
    let mut scene = scene();
    let newest = scene.newest();
    let fields = [("form", "p"), ("seen", newest.as_str()), ("words", "It works."), ("then", "#verify")];
    let answer = post_files(&mut scene.agent, "/ticket/1/reply", &fields, &[]);
    assert_eq!(answer.location(), "/ticket/1#compose", "{answer:?}");
    assert!(said(&mut scene.agent).contains("notice refused"));
    let draft = scene.agent.get("/ticket/1/draft?kind=reply").body;
    assert!(draft.contains("It works."), "{draft}");
    assert_eq!((scene.to_anna().len(), scene.desk.ticket(1)["status"].clone()), (1, "new".into()));
}

#[test]
fn what_is_too_long_for_a_draft_is_given_back() {
    let mut scene = scene();
    let newest = scene.newest();
    let long = format!("It <works>. {}", "word ".repeat(50_000));
    let fields = [("form", "p"), ("seen", newest.as_str()), ("words", long.as_str()), ("then", "#verify")];
    let answer = post_files(&mut scene.agent, "/ticket/1/reply", &fields, &[]);
    assert_eq!(answer.status, 422);
    for part in
        ["more than 200 KB", "It &lt;works&gt;. word word", "multipart/form-data", "value=\"#verify\""]
    {
        assert!(answer.body.contains(part), "{part} is not on the page");
    }
    // There is no such ticket, and no draft about it.
    let fields = [("form", "p"), ("words", "It works."), ("then", "#nonsense")];
    for path in ["/ticket/99/reply", "/ticket/99/note"] {
        assert_eq!(post_files(&mut scene.agent, path, &fields, &[]).status, 404, "{path}");
    }
    let blank = [("form", "p"), ("words", "")];
    assert_eq!(post_files(&mut scene.agent, "/ticket/99/note", &blank, &[]).status, 404);
}

#[test]
fn a_deed_that_was_done_says_so_and_is_not_done_again() {
    let mut scene = scene();
    act(&mut scene.agent, "#sev", &[("arg", "2")]);
    assert!(!said(&mut scene.agent).contains("done before"));
    act(&mut scene.carol(), "#sev", &[("arg", "1")]);
    assert_eq!(act(&mut scene.agent, "#sev", &[("arg", "2")]).location(), "/ticket/1");
    let told = said(&mut scene.agent);
    assert!(told.contains("This was done before; it was not done again."), "{told}");
    assert_eq!(scene.desk.ticket(1)["severity"], 1);
}

#[test]
fn a_draft_is_kept_for_its_author_and_two_windows_lose_nothing() {
    let mut scene = scene();
    let mut carol = scene.carol();
    let save = |browser: &mut Browser, words: &str, version: i64| -> serde_json::Value {
        let version = version.to_string();
        let fields = [("kind", "reply"), ("words", words), ("version", version.as_str())];
        let answer = browser.post("/ticket/1/draft", &fields);
        serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{answer:?}"))
    };
    let first = save(&mut scene.agent, "Dear An", 0);
    let second = save(&mut scene.agent, "Dear Anna", first["version"].as_i64().unwrap());
    assert_eq!((&first["other"], &second["other"]), (&serde_json::Value::Null, &serde_json::Value::Null));
    // Another window has not seen that, and is the newer one.
    let other = save(&mut scene.agent, "Hello", first["version"].as_i64().unwrap());
    assert_eq!(other["other"], "Dear Anna");
    assert!(scene.agent.get("/ticket/1/draft?kind=reply").body.contains("Hello"));
    // An empty window eats nothing.
    assert_eq!(save(&mut scene.agent, "", first["version"].as_i64().unwrap())["other"], "Hello");
    assert!(carol.get("/ticket/1/draft?kind=reply").body.contains(r#""words":"""#));

    let newest = scene.newest();
    post_files(
        &mut scene.agent,
        "/ticket/1/reply",
        &[("form", "p"), ("seen", newest.as_str()), ("words", "Hello Anna")],
        &[],
    );
    assert_eq!(scene.desk.count("drafts"), 0);
}

#[test]
fn every_button_is_a_command_and_what_it_refuses_keeps_what_was_typed() {
    let mut scene = scene();
    assert_eq!(act(&mut scene.agent, "#sev", &[("arg", "1")]).location(), "/ticket/1");
    let refused = act(&mut scene.agent, "#sev", &[("arg", "3")]);
    assert_eq!(refused.status, 422);
    for part in ["Lowering the severity asks for a note", "value=\"#sev\"", "name=\"arg\" value=\"3\""] {
        assert!(refused.body.contains(part), "{part} is not in\n{}", refused.body);
    }
    act(&mut scene.agent, "#sev", &[("arg", "3"), ("words", "there is a workaround")]);
    assert_eq!(scene.desk.ticket(1)["severity"], 3);
    let wrong = act(&mut scene.agent, "#resolve", &[("words", "Words <b>that</b> stay")]);
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("Words &lt;b&gt;that&lt;/b&gt; stay"), "{}", wrong.body);
    act(&mut scene.agent, "#close", &[("arg", "declined"), ("words", "Not ours.")]);
    assert_eq!(scene.desk.ticket(1)["closed_as"], "declined");
    scene.anna.wait_for("why", |mails| mails.iter().any(|mail| mail.text().contains("Not ours.")));
    assert_eq!(act(&mut scene.agent, "#nonsense", &[]).status, 422);
    assert_eq!(scene.agent.post("/ticket/99/do", &[("do", "#take")]).status, 404);
}

#[test]
fn rights_are_asked_for_and_no_form_is_taken_from_elsewhere() {
    let mut scene = scene();
    let refused = act(&mut scene.agent, "#block", &[("arg", "@customer.test")]);
    assert!(refused.status == 422 && refused.body.contains("lead or an admin"), "{}", refused.body);
    assert_eq!(act(&mut scene.carol(), "#block", &[("arg", "@customer.test")]).status, 303);

    let bare = scene.agent.post_bare("/ticket/1/do", &[("do", "#take"), ("form", "x")]);
    assert_eq!(bare.status, 403);
    let csrf = std::mem::take(&mut scene.agent.csrf);
    assert_eq!(post_files(&mut scene.agent, "/ticket/1/reply", &[("words", "x")], &[("a", "b")]).status, 403);
    scene.agent.csrf = csrf;
    let stranger = scene.desk.visitor().post("/ticket/1/do", &[("do", "#take")]);
    assert!(stranger.location().starts_with("/sign-in"), "{stranger:?}");
    assert_eq!(scene.desk.ticket(1)["assignee"], serde_json::Value::Null);
    assert_eq!(scene.to_anna(), ["acknowledged"]);
}

#[test]
fn a_deed_is_taken_back_by_one_click_unless_the_ticket_changed_since() {
    let mut scene = scene();
    let last = "select key from console_forms where outcome->>'undo' is not null order by at desc limit 1";
    act(&mut scene.agent, "#assign", &[("arg", CAROL)]);
    let key = scene.desk.sql(last);
    for _ in 0..2 {
        assert_eq!(scene.agent.post("/ticket/1/undo", &[("of", key.as_str())]).status, 303);
    }
    assert_eq!(scene.desk.ticket(1)["assignee"], serde_json::Value::Null);

    act(&mut scene.agent, "#snooze 3d", &[]);
    let key = scene.desk.sql(last);
    act(&mut scene.carol(), "#level 2", &[]);
    scene.agent.post("/ticket/1/undo", &[("of", key.as_str())]);
    assert!(said(&mut scene.agent).contains("changed since"));
    assert_eq!(scene.desk.ticket(1)["snoozed"], true);

    act(&mut scene.agent, "#spam", &[]);
    let key = scene.desk.sql(last);
    assert_eq!(scene.desk.ticket(1)["status"], "closed");
    assert_eq!(
        scene.carol().post("/ticket/1/undo", &[("of", key.as_str())]).status,
        303,
        "nobody takes back what another did"
    );
    assert_eq!(scene.desk.ticket(1)["spam"], true);
    scene.agent.post("/ticket/1/undo", &[("of", key.as_str())]);
    let ticket = scene.desk.ticket(1);
    assert_eq!((&ticket["spam"], &ticket["status"]), (&false.into(), &"new".into()));
    assert_eq!(scene.to_anna(), ["acknowledged"], "nobody outside hears of any of it");
}

#[test]
fn what_was_kept_back_as_spam_leaves_when_it_was_none() {
    let mut desk = Desk::prepare().with(STAFF);
    desk.cli_with_input(&["ingest"], &Letter::new("anna@customer.test", "Printer", COMPLETE).bytes());
    assert_eq!(desk.cli(&["ticket", "spam", "1"]).code, Some(0));
    let waiting = "select count(*) from outbox where recipient like 'anna%' and state = 'waiting'";
    assert_eq!(desk.sql(waiting), "0");
    let ran = desk.cli(&["ticket", "spam", "1", "--off"]);
    assert!(ran.stdout.contains("leaves after all"), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(desk.sql(waiting), "1");
    assert_eq!(desk.ticket(1)["status"], "new");
    desk.run();
}

#[test]
fn known_answers_and_facts_are_filled_in_for_the_ticket() {
    let mut scene = scene();
    let ran = scene.desk.cli_with_input(
        &["answer", "add", "driver", "-", "--language", "en"],
        b"Hello {{name}}, see {{reference}}.",
    );
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let reference = scene.desk.ticket(1)["reference"].as_str().unwrap().to_owned();
    let answer = scene.agent.get("/ticket/1/answer/driver");
    assert!(answer.body.contains(&format!("see {reference}.")), "{answer:?}");
    assert_eq!(scene.agent.get("/ticket/1/answer/none").status, 400);
    let preview = scene.agent.post("/ticket/1/preview", &[("words", "About {{reference}} & {{other}}")]);
    assert!(preview.body.contains(&format!("About {reference} & {{{{other}}}}")), "{preview:?}");
}

#[test]
fn what_was_said_on_the_telephone_is_the_customers_ticket_once() {
    let mut scene = scene();
    let bob = scene.desk.customer("bob");
    let fields = [
        ("form", "page-1"),
        ("address", bob.address.as_str()),
        ("name", "Bob Buyer"),
        ("way", "phone"),
        ("subject", "Order 4712"),
        ("words", COMPLETE),
        ("severity", "2"),
        ("tell", "true"),
        ("take", "true"),
    ];
    for _ in 0..2 {
        let answer = scene.agent.post("/new", &fields);
        assert_eq!(answer.location(), "/ticket/2", "{answer:?}");
    }
    let ticket = scene.desk.ticket(2);
    assert_eq!(
        (&ticket["severity"], &ticket["requester"]["address"]),
        (&2.into(), &bob.address.as_str().into())
    );
    assert_eq!(ticket["assignee"], scene.desk.agent.address.as_str());
    assert_eq!(ticket["gate"]["steps"]["verdict"], "present");
    assert_eq!(ticket["messages"][0]["direction"], "in");
    bob.wait_for_one();
    assert_eq!(scene.desk.notices_to(&bob.address), ["acknowledged"]);

    let missing = scene
        .agent
        .post("/new", &[("form", "p"), ("address", "bob"), ("way", "phone"), ("words", "Keep me")]);
    assert!(missing.status == 422 && missing.body.contains("Keep me"), "{missing:?}");
    let ours = scene.desk.support.address.clone();
    let ours = scene.agent.post(
        "/new",
        &[("form", "p"), ("address", ours.as_str()), ("way", "chat"), ("subject", "s"), ("words", "w")],
    );
    assert!(ours.status == 422 && ours.body.contains("own addresses"), "{ours:?}");
}

/// Reads the lines of a stream of events until one has these words.
pub fn hear(stream: &mut BufReader<std::net::TcpStream>, words: &str) -> String {
    wait_for(words, || {
        let mut line = String::new();
        assert!(stream.read_line(&mut line).unwrap() > 0, "the stream ended before {words}");
        line.contains(words).then_some(line)
    })
}
