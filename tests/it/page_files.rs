//! Files on the page of a ticket: sent by its reader, and handed out to nobody else.

use crate::{
    first_mail::COMPLETE,
    helpers::{
        Desk, Letter,
        servers::{http_post, http_send},
    },
    status_page::{page_of, resolved},
};

/// Sends a form with files as a browser does: status, header, body.
fn send(
    desk: &Desk,
    path: &str,
    act: &str,
    words: &str,
    files: &[(&str, &str, &[u8])],
) -> (u16, String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in [("act", act), ("words", words)] {
        body.extend(
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    for (name, mime, content) in files {
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: {mime}\r\n\r\n").bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--x--\r\n");
    let kind = [("Content-Type", "multipart/form-data; boundary=x")];
    http_send(desk.web, &format!("POST {path}"), &kind, &body)
}

/// The addresses of the files on a page, in order.
fn files_on(page: &str, path: &str) -> Vec<String> {
    let folder = path.rsplit_once('/').unwrap().0;
    let links = page.split("<a href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    links.map(|link| format!("{folder}/{link}")).collect()
}

#[test]
fn files_come_with_words_and_are_handed_out_to_who_sees_them() {
    let (desk, _anna, _carl, [hers, his]) = resolved();
    // A page that somebody saved has the link by which one acts as them.
    let page = format!("<script>alert(1)</script> {hers} saved");
    let files: [(&str, &str, &[u8]); 2] =
        [("../the screen\u{e4}.png", "image/png", b"\x89PNG"), ("evil.html", "text/html", page.as_bytes())];
    assert_eq!(send(&desk, &hers, "say", "See these.", &files).0, 303);
    let entry = desk.ticket(1)["messages"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&entry["text"], &entry["attachments"][1]["name"]),
        (&"See these.".into(), &"evil.html".into())
    );
    let told = desk
        .agent
        .wait_for("the words", |mails| mails.iter().any(|mail| mail.text().contains("> See these.")));
    assert!(told.iter().any(|mail| mail.text().contains("evil.html")), "staff read of the files");

    let links = files_on(&desk.get(&his).1, &his);
    assert_eq!(links.len(), 2);
    let (status, head, body) = http_send(desk.web, &format!("GET {}", links[1]), &[], b"");
    let seal = hers.rsplit('-').next().unwrap();
    let covered = page.replace(seal, &"*".repeat(seal.len()));
    assert_eq!((status, body.as_slice()), (200, covered.as_bytes()));
    for line in [
        "content-disposition: attachment; filename=\"evil.html\"",
        "x-content-type-options: nosniff",
        "content-type: application/octet-stream",
        "content-security-policy: default-src 'none'; sandbox",
        "cache-control: no-store",
    ] {
        assert!(head.contains(line), "{line}:\n{head}");
    }
    let (_, head, _) = http_send(desk.web, &format!("GET {}", links[0]), &[], b"");
    assert!(
        head.contains("filename*=utf-8''the%20screen%c3%a4.png") && head.contains("content-type: image/png"),
        "{head}"
    );
}

#[test]
fn files_alone_are_an_entry_and_still_broken_takes_a_picture() {
    let (desk, _anna, _carl, [hers, _]) = resolved();
    assert_eq!(send(&desk, &hers, "fails", "", &[("screen.png", "image/png", b"\x89PNG")]).0, 303);
    assert_eq!(desk.sql("select status from tickets where id = 1"), "accepted");
    let entry = desk
        .sql("select m.kind, m.own_text, a.name from messages m join attachments a on a.message_id = m.id");
    assert_eq!(entry, "page||screen.png");
    // A form in which nothing was filled in says nothing.
    assert_eq!(send(&desk, &hers, "say", "", &[("", "application/octet-stream", b"")]).0, 303);
    assert_eq!(desk.count("messages where kind = 'page'"), 1);
}

#[test]
fn a_file_is_nobodys_who_does_not_see_its_entry() {
    let desk = Desk::prepare();
    let mut desk = desk.configured("base_url = \"http://127.0.0.1", "base_url = \"https://desk.example.org");
    desk.run();
    let (anna, bob, late) = (desk.customer("anna"), desk.customer("bob"), desk.customer("late"));
    let file: [(&str, &[u8]); 1] = [("filename=\"secret.txt\"", b"secret of anna")];
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE).with_files(&file));
    desk.settled(1);
    desk.receives(&Letter::new(&bob.address, "Scanner", COMPLETE).with_files(&file));
    desk.settled(2);
    let (hers, bobs) = (page_of(&anna.wait_for_one()), page_of(&bob.wait_for_one()));
    let own = files_on(&desk.get(&hers).1, &hers).remove(0);
    assert!(desk.get(&own).1.contains("secret of anna"));
    let gone = desk.get("/page/nothing");
    assert_eq!(gone.0, 404);

    // Whoever was brought in later sees neither the entry nor its file.
    desk.set(1, &["--add-participant", &late.address]);
    desk.set(1, &["--status", "accepted"]);
    desk.settled(2);
    let lates = late.wait_for("a link", |mails| mails.iter().any(|mail| mail.text().contains("/page/")));
    let lates = page_of(lates.iter().find(|mail| mail.text().contains("/page/")).unwrap());
    // Nor has staff's own note a file for anybody outside.
    desk.sql("update messages set staff_only = true where ticket_id = 2");
    let number = own.rsplit('/').next().unwrap();
    let of_bob = desk.sql("select max(id) from attachments");
    for path in [
        format!("{bobs}/file/{number}"),
        format!("{lates}/file/{number}"),
        format!("{bobs}/file/{of_bob}"),
        format!("{hers}/file/{of_bob}"),
        format!("{hers}/file/0"),
        format!("{hers}/file/x"),
        format!("{hers}x/file/{number}"),
        format!("/file/{number}"),
        format!("/page/file/{number}"),
    ] {
        let answer = desk.get(&path);
        assert!(answer.0 == 404 && !answer.1.contains("secret"), "{path}: {answer:?}");
        if path.starts_with("/page/") && path.matches('/').count() == 4 {
            assert_eq!(answer, gone, "{path}");
        }
    }
}

#[test]
fn too_many_or_too_large_files_are_plainly_refused() {
    let desk = Desk::prepare().with("[limits]\npage_bytes = 65_536\npage_files = 2");
    let mut desk = desk.configured("base_url = \"http://127.0.0.1", "base_url = \"https://desk.example.org");
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    let hers = page_of(&anna.wait_for_one());
    assert!(desk.get(&hers).1.contains("At most 2 files, 64 kB together."));
    let large = vec![0; 70_000];
    for files in [
        vec![("a.bin", "a/b", large.as_slice())],
        vec![("a", "a/b", b"1".as_slice()), ("b", "a/b", b"2"), ("c", "a/b", b"3")],
    ] {
        let (status, _, body) = send(&desk, &hers, "say", "x", &files);
        let body = String::from_utf8_lossy(&body).into_owned();
        assert!(status == 413 && body.contains("it was not kept"), "{status} {body}");
    }
    assert_eq!(desk.count("messages where kind = 'page'"), 0);
}

#[test]
fn another_site_has_nothing_done_and_every_page_is_closed_to_frames() {
    let (desk, _anna, _carl, [hers, _]) = resolved();
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    for site in ["cross-site", "same-site"] {
        let headers = [form[0], ("Sec-Fetch-Site", site)];
        let (status, ..) = http_send(desk.web, &format!("POST {hers}"), &headers, b"act=works");
        assert_eq!(status, 403, "{site}");
    }
    assert_eq!(desk.sql("select status from tickets where id = 1"), "resolved");
    for path in [hers.as_str(), "/page/x", "/leave/ticket/x", "/leave/daily/x"] {
        let (_, head, _) = http_send(desk.web, &format!("GET {path}"), &[], b"");
        for said in ["frame-ancestors 'none'", "cache-control: no-store", "referrer-policy: no-referrer"] {
            assert!(head.contains(said), "{path} {said}:\n{head}");
        }
        assert!(!head.contains("unsafe-inline"), "{head}");
    }
    assert_eq!(http_post(desk.web, &hers, "act=works").unwrap().0, 303);
}

#[test]
fn who_tries_many_links_waits_and_a_good_link_does_not() {
    let (desk, _anna, _carl, [hers, _]) = resolved();
    let gone = desk.get("/page/1-1-wrong");
    let start = std::time::Instant::now();
    std::thread::scope(|scope| {
        for number in 0..40 {
            let (desk, gone) = (&desk, &gone);
            scope.spawn(move || assert_eq!(desk.get(&format!("/page/{number}-1-wrong")), *gone));
        }
        assert_eq!(desk.get(&hers).0, 200);
    });
    assert!(start.elapsed() >= std::time::Duration::from_secs(1), "{:?}", start.elapsed());
}
