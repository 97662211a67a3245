//! What is asked of a device, and that its answer is good once. With a real device: `tests/browser/sign_in.rs`.

use serde_json::json;

use crate::helpers::Desk;

#[test]
fn an_answer_is_good_for_the_browser_that_asked_and_once() {
    let desk = Desk::prepare();
    let mut desk = desk.configured("base_url = \"http://127.0.0.1", "base_url = \"http://localhost");
    desk.run();
    let mut browser = desk.visitor();
    browser.get("/sign-in");
    let answer = browser.post("/sign-in/passkey", &[("answer", "{}")]);
    assert_eq!(answer.status, 422, "nothing was asked");
    let begun = browser.post("/sign-in/passkey/begin", &[]);
    let options: serde_json::Value = serde_json::from_str(&begun.body).unwrap();
    let options = &options["options"];
    assert_eq!(options["userVerification"], "required", "{options}");
    assert_eq!(options["allowCredentials"], json!([]), "nobody learns who has one");
    for answer in ["", "{}", "[]", "{\"id\":\"x\"}"] {
        browser.post("/sign-in/passkey/begin", &[]);
        assert_eq!(browser.post("/sign-in/passkey", &[("answer", answer)]).status, 422, "{answer}");
    }
    assert_eq!(browser.post_bare("/sign-in/passkey/begin", &[]).status, 403);
    assert_eq!(desk.count("sign_in_steps"), 0);
}
