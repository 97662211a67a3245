//! Two faults from the first mail to the last, told by mail alone, as everybody in them gets it.
//!
//! With `DESKGATE_STORIES=<folder>` every mail of theirs is written there, raw: `<story>/<person>-<nn>.eml`.

use std::{fs, path::Path};

use crate::{
    first_mail::{COMPLETE, LACKS_EXPECTED},
    helpers::{Desk, Letter, Postbox, postbox::Received, wait_for},
};

/// A desk with a developer, a customer and a stakeholder.
struct Story {
    desk: Desk,
    dora: Postbox,
    anna: Postbox,
    boss: Postbox,
}

impl Story {
    fn begin(wants: &str, tables: &str) -> Story {
        let desk = Desk::prepare();
        let [dora, boss] = ["dora", "boss"].map(|name| desk.mailbox(name, "desk.test"));
        let anna = desk.customer("anna");
        let people = format!(
            "[[staff]]\nname = \"Dora Developer\"\nemail = \"{}\"\nnotify = false\n\
             [[stakeholder]]\nemail = \"{}\"\nwants = [\"{wants}\"]\nproduct_owner = true\n",
            dora.address, boss.address
        );
        let mut desk = desk.with(&format!("{people}{}", tables.replace("@DORA@", &dora.address)));
        desk.run();
        Story { desk, dora, anna, boss }
    }

    fn agent(&self) -> &Postbox {
        &self.desk.agent
    }

    fn answers(&self, who: &Postbox, mail: &Received, words: &str) {
        self.desk.receives(&Letter::reply(who, mail, words));
    }

    /// A timer of the ticket, or of none, is due now, and fires.
    fn time_passes(&self, timer: &str) {
        let set = || self.desk.sql(&format!("select count(*) from timers where kind = '{timer}'"));
        wait_for(timer, || (set() != "0").then_some(()));
        self.desk.sql(&format!("update timers set due_at = now() where kind = '{timer}'"));
        let due = || {
            self.desk.sql(&format!("select count(*) from timers where kind = '{timer}' and due_at <= now()"))
        };
        wait_for(&format!("{timer} to have fired"), || (due() == "0").then_some(()));
    }

    fn status_is(&self, status: &str) {
        let stands = || self.desk.sql("select status from tickets where id = 1");
        wait_for(&format!("status {status}"), || (stands() == status).then_some(()));
    }

    /// Writes down what everybody got, for people to read.
    fn keep(&self, story: &str) {
        let Some(folder) = std::env::var_os("DESKGATE_STORIES") else { return };
        let folder = Path::new(&folder).join(story);
        fs::create_dir_all(&folder).unwrap();
        let people = [
            ("agent", self.agent()),
            ("developer", &self.dora),
            ("customer", &self.anna),
            ("stakeholder", &self.boss),
        ];
        for (name, postbox) in people {
            for (number, mail) in (1..).zip(postbox.mails()) {
                fs::write(folder.join(format!("{name}-{number:02}.eml")), &mail.raw).unwrap();
            }
        }
    }
}

/// The mail in a mailbox that says this, waited for.
fn got(postbox: &Postbox, words: &str) -> Received {
    let says = |mail: &Received| mail.subject().contains(words) || mail.text().contains(words);
    let mails = postbox.wait_for(words, |mails| mails.iter().any(says));
    mails.into_iter().rfind(says).expect("it is there")
}

#[test]
fn a_severity_1_from_the_first_mail_to_the_last() {
    let story = Story::begin("sev1", "[oncall]\nchain = [\"@DORA@\"]\n");
    let Story { desk, dora, anna, boss } = &story;
    desk.receives(&Letter::new(&format!("Anna Example <{}>", anna.address), "Shop is down", COMPLETE));
    got(anna, "[DG-1] Shop is down");
    let first = got(story.agent(), "Shop is down");
    story.answers(story.agent(), &first, "#sev 1\n#level 3\n\nWe look at it now, Anna.\n");
    got(anna, "We look at it now, Anna.");

    let page = got(dora, "SEV 1 [DG-1]");
    story.answers(dora, &page, "#ack\n#accept\n");
    got(anna, "DG-1");
    story.status_is("accepted");
    let accepted = got(boss, "Status: new → accepted").text();
    assert!(
        accepted.contains("The next news come by") && !accepted.contains("Next update:"),
        "one time is named: {accepted}"
    );

    story.time_passes("update-due");
    let owed = got(dora, "News");
    story.answers(dora, &owed, "#update A full disk stops the payments. We make room now.\n");
    got(boss, "A full disk stops the payments.");

    story.answers(dora, &page, "#resolve The disk has room again. Please try to pay.\n");
    let asked = got(anna, "The disk has room again.");
    got(boss, "Status: accepted → resolved");
    story.answers(anna, &asked, "Yes, it works again, thank you!\n\nAnna\n");
    story.status_is("verified");
    let works = got(dora, "says that the fix works");
    story.answers(dora, &works, "#close done\n");
    story.status_is("closed");
    got(boss, "→ closed (done)");
    wait_for("every mail to have left", || {
        (desk.sql("select count(*) from outbox where state = 'waiting'") == "0").then_some(())
    });
    story.keep("severity-1");

    let to_anna = desk.notices_to(&anna.address);
    assert_eq!(
        to_anna.iter().filter(|notice| ["acknowledged", "resolved"].contains(&notice.as_str())).count(),
        2,
        "{to_anna:?}"
    );
    assert_eq!(desk.count("tickets"), 1);
    assert_eq!(desk.count("timers where ticket_id = 1"), 0, "nothing is left to happen");
}

#[test]
fn a_severity_3_from_the_first_mail_to_the_last() {
    let story = Story::begin(
        "sev3 daily",
        "[sprint]\nstarts = \"2020-01-06\"\nsev2_budget = \"10h\"\nmaintenance = \"60%\"\n",
    );
    let Story { desk, dora, anna, boss } = &story;
    desk.receives(&Letter::new(&format!("Anna Example <{}>", anna.address), "Blank pages", LACKS_EXPECTED));
    let asked = got(anna, "Expected result:");
    story.answers(anna, &asked, "I expected the report on paper.\n");
    let first = got(story.agent(), "Blank pages");
    story.answers(story.agent(), &first, "#sev 3\n#level 3\n#assign Dora Developer\n");
    let hers = got(dora, "Blank pages");

    story.time_passes("sprint-order");
    let list = got(boss, "What comes in sprint");
    story.answers(boss, &list, "1. DG-1\n");
    got(boss, "1. DG-1");

    story.answers(dora, &hers, "#accept\n");
    story.status_is("accepted");
    story.answers(dora, &hers, "#resolve The next version prints it.\n#release 2.1\n");
    story.status_is("resolved");
    got(anna, "It came with release 2.1.");

    story.time_passes("trial-reminder");
    got(anna, "We wait for your answer until");
    story.time_passes("trial-silence");
    story.status_is("closed");
    story.time_passes("digest");
    got(boss, "Daily digest");
    wait_for("every mail to have left", || {
        (desk.sql("select count(*) from outbox where state = 'waiting'") == "0").then_some(())
    });
    story.keep("severity-3");
    assert_eq!(desk.count("tickets"), 1);
    assert_eq!(desk.count("timers where ticket_id = 1"), 0, "nothing is left to happen");
}
