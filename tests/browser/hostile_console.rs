//! The same mails on the page of a ticket, as staff open it: the thread, the HTML in its frame, the files.

use crate::{
    chromium::Trap,
    exam::Exam,
    helpers::servers::http_send,
    hostile::{desk, files, is_only_handed_out, looks_harmless},
    scene,
    sink::Sink,
};

#[test]
fn hostile_mails_do_nothing_on_the_page_of_a_ticket() {
    let Some(generator) = Exam::generator() else {
        tell!("skipped: no exam beside the project");
        return;
    };
    let (sink, trap) = (Sink::start(), Trap::start());
    let exam = Exam::generate(&generator, &trap.url());
    let desk = desk(&exam, &sink, "http://127.0.0.1");
    let agent = &exam.roles["agent"];
    let ran = desk.cli_with_input(&["staff", "password", agent], scene::PASSWORD.as_bytes());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let page = scene::at_work(&desk, agent);
    let session = page.cookies().into_iter().find(|cookie| cookie["name"] == "deskgate").expect("a session");
    let cookie = format!("deskgate={}", session["value"].as_str().unwrap());
    let cases = exam.cases.iter().filter(|case| case.id.starts_with("XS-"));
    for (number, case) in (1..).zip(cases) {
        for step in &case.steps {
            desk.support.append(exam.mail(step["file"].as_str().unwrap(), &Default::default()));
        }
        desk.settled(number);
        let path = format!("/ticket/{number}");
        page.open(&path);
        looks_harmless(&page, &case.id, &path);
        page.picture(&format!("hostile-console-{}", case.id));
        for file in files(&page) {
            is_only_handed_out(&desk, &page, &case.id, &file, &cookie);
            // WE-08: nobody has it without a session, nor by another ticket's number.
            let (status, ..) = http_send(desk.web, &format!("GET {file}"), &[], b"");
            assert!([303, 404].contains(&status), "{}: {file}: {status}", case.id);
            let elsewhere = file.replacen(&path, "/ticket/999", 1);
            let (status, ..) =
                http_send(desk.web, &format!("GET {elsewhere}"), &[("Cookie", cookie.as_str())], b"");
            assert_eq!(status, 404, "{}: {elsewhere}", case.id);
        }
        // The HTML as its frame loads it.
        if let Some(frame) = page.attribute("iframe.mail", "src") {
            page.open(&frame);
            looks_harmless(&page, &case.id, &frame);
        }
    }
    assert_eq!(trap.taken(), [""; 0], "nobody asks for what a mail names");
}
