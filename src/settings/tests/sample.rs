//! The sample is a manual: it works, is complete, and tells the true defaults.

use super::*;

/// The sample with every commented key set.
fn uncommented() -> String {
    let set = |line: &'static str| match line.strip_prefix('#') {
        Some(key) if key.starts_with(|c: char| c.is_ascii_lowercase() || c == '[') => key,
        _ => line,
    };
    SAMPLE.lines().map(set).collect::<Vec<_>>().join("\n")
}

#[test]
fn it_is_read_as_it_is() {
    assert_eq!(good(SAMPLE, &[]).mailboxes.len(), 1);
}

#[test]
fn its_commented_keys_stand_with_their_defaults() {
    let written = good(&uncommented(), &[]);
    let all: BTreeMap<_, _> = written.key_values().iter().map(|it| (&it.key, &it.value)).collect();
    for it in good(SAMPLE, &[]).key_values() {
        assert_eq!(all.get(&it.key), Some(&&it.value), "{}", it.key);
    }
}

#[test]
fn every_key_is_in_it() {
    let sections: String =
        ["site", "database", "severity", "assignment", "sprint", "web", "clusters", "limits", "log"]
            .map(|name| format!("[{name}]\nzz = 1\n"))
            .concat();
    let lists = ["product", "staff", "stakeholder", "rota", "queue", "status", "transition"]
        .map(|name| format!("[[{name}]]\nzz = 1\n"))
        .concat();
    let mailbox = "[[mailbox]]\nzz = 1\nimap = { zz = 1 }\nsmtp = { zz = 1 }\n";
    let policies =
        "[[severity.policy]]\nnumber = 1\nzz = 1\n[[calendar]]\nname = \"a\"\nhours = \"24x7\"\nzz = 1\n";
    let when = "[[severity.when]]\nnumber = 1\nmailboxes = [\"support\"]\nzz = 1\n";
    let oncall = "[oncall]\nzz = 1\nwebhook = { zz = 1 }\n";
    let sign_in = "[sign_in]\nzz = 1\noidc = { zz = 1 }\n";
    let unknown = format!("zz = 1\n{sections}{sign_in}{oncall}{lists}{mailbox}{policies}{when}");
    let told = mistakes(&unknown, &[]);
    let known: Vec<&str> =
        told.iter().filter_map(|line| line.split_once("known keys here: ")).map(|(_, k)| k).collect();
    assert_eq!(known.len(), unknown.matches("zz = 1").count());
    let keys = known.iter().flat_map(|keys| keys.split(", "));
    for key in keys {
        let ways =
            ["{} = ", "[{}]", "[mailbox.{}]", "[[severity.{}]]", "#   {} "].map(|way| way.replace("{}", key));
        assert!(ways.iter().any(|way| SAMPLE.contains(way)), "{key}");
    }
}
