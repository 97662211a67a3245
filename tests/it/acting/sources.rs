//! The source of a mail, for who did not write it.

use super::{post_files, scene};
use crate::{first_mail::COMPLETE, helpers::Letter};

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

    let mut carol = scene.carol();
    let searches = ["/search?q=crooked", "/search?q=from%3Aanna"].map(|path| carol.get(path).body);
    let fields = [("form", "page-1"), ("seen", seen.as_str()), ("words", "Please wait.")];
    assert_eq!(post_files(&mut carol, "/ticket/1/reply", &fields, &[]).location(), "/ticket/1/held");
    let held = carol.get("/ticket/1/held").body;
    for page in searches.iter().chain([&held]) {
        assert!(page.contains("crooked") && !page.contains(seal), "{page}");
    }
    let evidence = carol.get("/ticket/2").body;
    assert!(evidence.contains("Press Print for") && !evidence.contains(seal), "{evidence}");
}
