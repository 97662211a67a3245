//! The source of a mail, for who did not write it.

use deskgate::store;

use super::{post_files, scene};
use crate::{first_mail::COMPLETE, helpers::Letter};

/// What only looks like a seal.
const KEY: &str = "ACME-ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

#[test]
fn the_source_of_a_colleagues_mail_shows_nothing_by_which_one_may_act_as_them() {
    let scene = scene();
    let notice = scene.desk.agent.wait_for_one();
    let [address, id] = ["Reply-To", "Message-ID"].map(|name| notice.header(name).unwrap().to_owned());
    let seals = [(&address, '-'), (&id, '.')].map(|(token, mark)| {
        let (left, _) = token.rsplit_once('@').unwrap();
        left.rsplit(mark).next().unwrap().to_owned()
    });
    assert!(seals.iter().all(|seal| seal.len() >= 32), "{seals:?}");
    let words = format!("#note\nAmong us.\n\nOn Friday the desk wrote:\n> Reply-To: {address}\n");
    scene.desk.receives(&Letter::reply(&scene.desk.agent, &notice, &words));
    scene.desk.settled(2);

    let entry = scene.desk.sql("select message_id from inbound where id = 2");
    let raw = scene.desk.sql("select convert_from(raw, 'UTF8') from inbound where id = 2");
    assert!(seals.iter().all(|seal| raw.contains(seal)), "{raw}");
    let covered = seals.iter().fold(raw, |raw, seal| raw.replace(seal.as_str(), &"*".repeat(seal.len())));
    let mut carol = scene.carol();
    let file = carol.get(&format!("/ticket/1/mail/{entry}/eml")).body;
    assert_eq!(file.trim_end(), covered, "every other byte is as it was");
    let shown = carol.get(&format!("/ticket/1/mail/{entry}/source")).body;
    assert_eq!(shown.trim_end(), covered.replace("\r\n", "\n"));
    let page = carol.get("/ticket/1").body;
    assert!(page.contains("Among us.") && !seals.iter().any(|seal| page.contains(seal)), "{page}");

    let stuck = scene.desk.sql(
        "insert into inbound (mailbox_id, stored_at, size_bytes, sha256, raw, state, attempts, failures, due_at, error, cause) \
         select mailbox_id, now(), size_bytes, sha256, raw, 'quarantined', 3, 3, now(), 'x', 'took-too-long' \
         from inbound where id = 2 returning id",
    );
    let stuck = stuck.lines().next().unwrap();
    let page = carol.get(&format!("/quarantine/{stuck}")).body;
    assert!(page.contains("Among us.") && !seals.iter().any(|seal| page.contains(seal)), "{page}");
    assert_eq!(carol.get(&format!("/quarantine/{stuck}/mail.eml")).body.trim_end(), covered);
}

#[test]
fn no_excerpt_of_a_mail_shows_anything_by_which_one_may_act_as_a_colleague() {
    let scene = scene();
    let notice = scene.desk.agent.wait_for_one();
    let address = notice.header("Reply-To").unwrap().to_owned();
    let (left, _) = address.rsplit_once('@').unwrap();
    let seal = left.rsplit('-').next().unwrap();
    let seen = scene.newest();
    let acknowledged = scene.anna.wait_for_one();
    let words = format!("It is crooked at {address} again.\n");
    scene.desk.receives(&Letter::reply(&scene.anna, &acknowledged, &words));
    scene.desk.settled(2);
    let steps = COMPLETE.replace("Press Print", &format!("Press Print for {address}"));
    scene.desk.receives(&Letter::new(&scene.anna.address, "Report", &steps));
    scene.desk.settled(3);
    let kept = scene.desk.sql(&format!("select count(*) from messages where own_text like '%{seal}%'"));
    assert_eq!(kept, "2");

    // By the beginnings of words one would have it letter by letter.
    let words = "select count(*) from message_words where words::text";
    assert_eq!(scene.desk.sql(&format!("{words} ilike '%{}%'", &seal[..8])), "0");
    assert_eq!(scene.desk.sql(&format!("{words} like '%crooked%'")), "1", "the rest is found");

    let mut carol = scene.carol();
    let searches = ["/search?q=crooked", "/search?q=from%3Aanna"].map(|path| carol.get(path).body);
    let fields = [("form", "page-1"), ("seen", seen.as_str()), ("words", "Please wait.")];
    assert_eq!(post_files(&mut carol, "/ticket/1/reply", &fields, &[]).location(), "/ticket/1/held");
    let held = carol.get("/ticket/1/held").body;
    for page in searches.iter().chain([&held]) {
        assert!(page.contains("crooked") && !page.contains(seal), "{page}");
    }
    let told = scene
        .desk
        .agent
        .wait_for("the notice of it", |mails| mails.iter().any(|mail| mail.text().contains("It is crooked")));
    let told: Vec<String> = told.iter().map(|mail| mail.text()).collect();
    assert!(!told.iter().any(|text| text.contains(seal)), "{told:?}");
    scene.desk.cli(&["ticket", "no-report", "2"]);
    let examples = carol.get("/gate/examples.jsonl").body;
    assert!(examples.contains("Press Print for") && !examples.contains(seal), "{examples}");
    let evidence = carol.get("/ticket/2").body;
    assert!(evidence.contains("Press Print for") && !evidence.contains(seal), "{evidence}");
}

#[test]
fn half_a_seal_is_not_shown_either_nor_one_in_a_mail_that_was_attached() {
    let scene = scene();
    let notice = scene.desk.agent.wait_for_one();
    let address = notice.header("Reply-To").unwrap().to_owned();
    let (left, _) = address.rsplit_once('@').unwrap();
    let (head, seal) = left.rsplit_once('-').unwrap();
    // The text is cut where the seal has gone on for twenty letters.
    let lines = "Pages upon pages of it.\n".repeat(1700);
    let cut = usize::try_from(store::sight::SHOWN_CHARS).unwrap();
    let before = cut - 20 - "-".len() - head.len();
    let words = format!("{}\n{address}\nThat is all.\n", &lines[..before - 1]);
    let attached = format!("Subject: Yours\r\nReply-To: {address}\r\n\r\nInside.\r\n");
    let files: [(&str, &[u8]); 2] =
        [("filename=\"Yours.EML\"", attached.as_bytes()), ("filename=\"licence.txt\"", KEY.as_bytes())];
    let acknowledged = scene.anna.wait_for_one();
    scene.desk.receives(&Letter::reply(&scene.anna, &acknowledged, &words).with_files(&files));
    scene.desk.settled(2);
    let cut = format!(
        "select left(own_text, {cut}) like '%{head}-{}' from messages where own_text like 'Pages%'",
        &seal[..20]
    );
    assert_eq!(scene.desk.sql(&cut), "t");

    let mut carol = scene.carol();
    let page = carol.get("/ticket/1").body;
    assert!(page.contains(head) && !page.contains(&seal[..8]), "{page}");
    let files = scene
        .desk
        .sql("select id || '-' || encode(substring(sha256 for 8), 'hex') from attachments order by position");
    let files: Vec<String> =
        files.lines().map(|file| carol.get(&format!("/ticket/1/file/{file}")).body).collect();
    assert_eq!(files, [attached.replace(seal, &"*".repeat(seal.len())), KEY.to_owned()]);
}

#[test]
fn what_staff_write_goes_out_as_they_wrote_it() {
    let mut scene = scene();
    let seen = scene.newest();
    let words = format!("Your key: {KEY}");
    let fields = [("form", "page-1"), ("seen", seen.as_str()), ("words", words.as_str())];
    assert_eq!(post_files(&mut scene.agent, "/ticket/1/reply", &fields, &[("key.eml", KEY)]).status, 303);
    let mails =
        scene.anna.wait_for("the answer", |mails| mails.iter().any(|mail| mail.text().contains("Your key")));
    assert!(
        mails.iter().any(|mail| mail.text().contains(&words)),
        "{:?}",
        mails.last().map(|mail| mail.text())
    );
    let file = scene.desk.sql("select id || '-' || encode(substring(sha256 for 8), 'hex') from attachments");
    assert_eq!(scene.agent.get(&format!("/ticket/1/file/{file}")).body, KEY);
}
