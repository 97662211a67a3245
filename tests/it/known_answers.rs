//! What staff wrote once goes out by one command, in the customer's language.

use std::fs;

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, Postbox, postbox::Received},
};

const GERMAN: &str = "Guten Tag, ich öffne die Anmeldung, gebe mein Passwort ein und klicke auf Anmelden. Dann erscheint, \
    dass das Passwort falsch ist. Ich erwarte, dass ich angemeldet werde.";

fn with_answers(desk: &Desk) {
    for (language, text) in [
        ("en", "Hello {{name}}, please use the link. ({{reference}})"),
        ("de", "Guten Tag {{name}}, bitte benutzen Sie den Link. ({{reference}})"),
    ] {
        let file = desk.folder().join(format!("answer.{language}"));
        fs::write(&file, text).unwrap();
        let ran =
            desk.cli(&["answer", "add", "reset-password", "--language", language, &file.to_string_lossy()]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    }
}

fn transcript(agent: &Postbox) -> Received {
    let is_one = |mail: &Received| mail.text().contains("What became of your commands");
    let mails = agent.wait_for("the transcript", |mails| mails.iter().any(is_one));
    mails.into_iter().find(is_one).expect("it is there")
}

#[test]
fn a_known_answer_goes_out_in_the_language_of_the_customer() {
    let desk = Desk::start();
    with_answers(&desk);
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&format!("Anna {{{{site}}}} <{}>", anna.address), "Anmeldung", GERMAN));
    let notice = desk.agent.wait_for_one();
    let reply = "#answer reset-password Er gilt einen Tag lang.\n";
    desk.receives(&Letter::reply(&desk.agent, &notice, reply));

    let text = transcript(&desk.agent).text();
    assert!(text.contains("Done: answer `reset-password` is on its way"), "{text}");
    let told = anna.wait_for("the answer", |mails| mails.iter().any(|mail| mail.text().contains("den Link")));
    let answer = told.last().unwrap().text();
    assert!(
        answer.contains(
            "Guten Tag Anna {{site}}, bitte benutzen Sie den Link. (DG-1)\n\nEr gilt einen Tag lang."
        ),
        "{answer}"
    );
    assert_eq!(desk.ticket(1)["status"], "new");
}

#[test]
fn it_closes_as_answered_and_staff_are_told_of_it_with_the_next_ticket_like_it() {
    let desk = Desk::start();
    with_answers(&desk);
    let (anna, bert) = (desk.customer("anna"), desk.customer("bert"));
    desk.receives(&Letter::new(&anna.address, "Password reset mail never arrives", COMPLETE));
    let notice = desk.agent.wait_for_one();
    desk.receives(&Letter::reply(&desk.agent, &notice, "#answer reset-password close\n"));
    transcript(&desk.agent);
    let ticket = desk.ticket(1);
    assert_eq!(ticket["status"], "closed");
    let told = anna.wait_for("the answer", |mails| mails.iter().any(|mail| mail.text().contains("the link")));
    assert!(told.last().unwrap().text().contains("we have closed it"));

    desk.receives(&Letter::new(&bert.address, "Password reset mail does not arrive", COMPLETE));
    desk.settled(3);
    let told = desk.agent.wait_for("the hint", |mails| mails.len() == 3).pop().unwrap().text();
    assert!(told.contains("* DG-1 Password reset mail never arrives (closed as answered)"), "{told}");
    assert!(told.contains("#answer reset-password was sent for DG-1."), "{told}");
}

#[test]
fn a_language_that_an_answer_lacks_gets_that_of_the_site_with_a_warning() {
    let desk = Desk::start();
    with_answers(&desk);
    assert_eq!(desk.cli(&["answer", "remove", "reset-password", "--language", "de"]).code, Some(0));
    desk.receives(&Letter::new(&desk.customer("anna").address, "Anmeldung", GERMAN));
    desk.settled(1);
    let sent = desk.json(&["ticket", "answer", "1", "reset-password", "--json"]);
    assert_eq!(sent["done"][1], "there is none in `de`, so it went out in `en`");

    let missing = desk.cli(&["ticket", "answer", "1", "reset"]);
    assert!(
        missing.stderr.contains("no known answer `reset`; there are: reset-password"),
        "{}",
        missing.stderr
    );
}

#[test]
fn what_is_no_template_is_refused_and_the_list_shows_what_there_is() {
    let desk = Desk::prepare();
    let refused = desk.cli_with_input(&["answer", "add", "greeting", "-"], b"Hello {{nmae}}");
    assert!(refused.code == Some(1) && refused.stderr.contains("nmae"), "{}", refused.stderr);
    let refused = desk.cli_with_input(&["answer", "add", "../x", "-"], b"Hello");
    assert!(refused.stderr.contains("`../x` is no name for an answer"), "{}", refused.stderr);
    assert!(desk.cli(&["answer", "list"]).stdout.starts_with("No known answers."));
    with_answers(&desk);
    let all = desk.json(&["answer", "list", "--json"]);
    assert_eq!((all.as_array().unwrap().len(), &all[1]["language"]), (2, &"en".into()));
    assert!(
        desk.cli(&["answer", "show", "reset-password", "--language", "en"])
            .stdout
            .contains("│ Hello {{name}}")
    );
}

#[test]
fn an_answer_of_the_command_line_is_in_nobodys_name_who_did_not_say_so() {
    let staff =
        "[[staff]]\nname = \"Ada Admin\"\nemail = \"ada@desk.test\"\nrole = \"admin\"\nnotify = false\n";
    let desk = Desk::prepare().with(staff);
    with_answers(&desk);
    let shown = desk.cli(&["answer", "show", "reset-password", "--language", "de"]).stdout;
    assert!(shown.starts_with("reset-password (de), by somebody at the command line\n"), "{shown}");
    assert_eq!(desk.cli(&["answer", "remove", "reset-password"]).code, Some(0));
    assert!(desk.cli(&["answer", "remove", "reset-password"]).stderr.contains("no known answer"));
    let named = ["answer", "add", "toner", "-", "--as", "ada@desk.test"];
    assert_eq!(desk.cli_with_input(&named, b"New toner.").code, Some(0));
    let deeds = "select string_agg(actor || ' ' || deed || ' ' || about, ', ' order by id) from audit";
    assert_eq!(
        desk.sql(deeds),
        "operator answer-kept reset-password (en), operator answer-kept reset-password (de), \
         operator answer-removed reset-password, ada@desk.test answer-kept toner (en)"
    );
}
