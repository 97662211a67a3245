use proptest::prelude::*;

use super::mask;
use crate::domain::growth;

const CASES: &[(&str, &str)] = &[
    // Passwords, in ten languages.
    ("password: hunter2", "password: [masked: password]"),
    ("Password:hunter2, thanks", "Password:[masked: password], thanks"),
    ("My password is hunter2.", "My password is [masked: password]."),
    ("My password is: sunshine", "My password is: [masked: password]"),
    (
        "the password for the portal is \"open sesame\"",
        "the password for the portal is \"[masked: password]\"",
    ),
    ("password for staging: Summer2024!", "password for staging: [masked: password]"),
    ("I changed the password to Summer2024!", "I changed the password to [masked: password]"),
    ("pwd=geheim123;", "pwd=[masked: password];"),
    ("user/pass: bob/hunter2", "user/pass: [masked: password]"),
    ("password hunter2 does not work", "password [masked: password] does not work"),
    ("Password:\nhunter2\nThanks", "Password:\n[masked: password]\nThanks"),
    ("DB_PASSWORD=s3cr3t", "DB_PASSWORD=[masked: password]"),
    ("userPassword: s3cr3t", "userPassword: [masked: password]"),
    ("{\"user\":\"bob\",\"password\":\"hunter2\"}", "{\"user\":\"bob\",\"password\":\"[masked: password]\"}"),
    ("<password>hunter2</password>", "<password>[masked: password]</password>"),
    ("**Password**: hunter2", "**Password**: [masked: password]"),
    ("client_secret: hunter2", "client_secret: [masked: password]"),
    ("my PIN is 4711", "my PIN is [masked: password]"),
    ("CVV: 123", "CVV: [masked: password]"),
    ("Das Passwort lautet sonnenschein.", "Das Passwort lautet [masked: password]."),
    ("Passwort: Sommer", "Passwort: [masked: password]"),
    ("Kennwort = Sommer", "Kennwort = [masked: password]"),
    ("Mein Passwort ist Hund123", "Mein Passwort ist [masked: password]"),
    ("mot de passe : soleil", "mot de passe : [masked: password]"),
    ("MDP: soleil", "MDP: [masked: password]"),
    ("la contraseña es Sol2024", "la contraseña es [masked: password]"),
    ("CONTRASEÑA: sol", "CONTRASEÑA: [masked: password]"),
    ("clave: soleado", "clave: [masked: password]"),
    ("a senha é Sol2024", "a senha é [masked: password]"),
    ("palavra-passe: sol", "palavra-passe: [masked: password]"),
    ("parola d'ordine: sole", "parola d'ordine: [masked: password]"),
    ("wachtwoord: zomer", "wachtwoord: [masked: password]"),
    ("hasło: lato", "hasło: [masked: password]"),
    ("HASŁO: lato", "HASŁO: [masked: password]"),
    ("パスワードはhunter2です", "パスワードは[masked: password]です"),
    ("パスワード：hunter2", "パスワード：[masked: password]"),
    ("密码是hunter2。", "密码是[masked: password]。"),
    ("密码：hunter2", "密码：[masked: password]"),
    // Tokens and keys.
    ("Authorization: Bearer abc123def456ghi", "Authorization: Bearer [masked: token]"),
    ("Authorization: Basic dXNlcjpodW50ZXIy", "Authorization: Basic [masked: credentials]"),
    (
        "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9",
        "jwt [masked: token]",
    ),
    ("AKIAIOSFODNN7EXAMPLE", "[masked: token]"),
    ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "[masked: token]"),
    ("github_pat_11ABCDEFG0123456789_abcdefgh", "[masked: token]"),
    ("(glpat-1234567890abcdefghij)", "([masked: token])"),
    ("xoxb-123456789012-abcdefghijkl", "[masked: token]"),
    ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "[masked: token]"),
    ("AIzaSyA1234567890abcdefghijklmnopqrstuv", "[masked: token]"),
    ("https://hooks.slack.com/services/T000/B000/XXXX1234567890", "https://[masked: token]"),
    ("api key: 8f14e45fceea167a", "api key: [masked: token]"),
    ("API-Schlüssel: 8f14e45fceea167a", "API-Schlüssel: [masked: token]"),
    ("access_token=8f14e45fceea167a5a36dedd4bea2543", "access_token=[masked: token]"),
    ("the key is 8f14e45fceea167a5a36dedd4bea2543", "the key is [masked: token]"),
    ("token dGhpc2lzYXNlY3JldDEyMzQ1Ng==", "token [masked: token]"),
    ("https://x.test/a?token=abcd&b=1", "https://x.test/a?token=[masked: token]&b=1"),
    ("https://x.test/a?b=1&access_token=abcd#c", "https://x.test/a?b=1&access_token=[masked: token]#c"),
    ("https://bob:hunter2@x.test/a", "https://[masked: credentials]@x.test/a"),
    ("postgres://desk:pa@ss@db:5432/desk", "postgres://[masked: credentials]@db:5432/desk"),
    (
        "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----\nb",
        "a\n[masked: private key]\nb",
    ),
    ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blb", "[masked: private key]"),
    // Cards and accounts.
    ("Visa 4111 1111 1111 1111, 12/27", "Visa [masked: card number], 12/27"),
    ("4111-1111-1111-1111", "[masked: card number]"),
    ("4111111111111111", "[masked: card number]"),
    ("4222222222222", "[masked: card number]"),
    ("amex 3782 822463 10005", "amex [masked: card number]"),
    ("5555.5555.5555.4444", "[masked: card number]"),
    ("2223 0031 2200 3222", "[masked: card number]"),
    ("order 12 4111 1111 1111 1111 123", "order 12 [masked: card number] 123"),
    ("DE89 3704 0044 0532 0130 00 please", "[masked: account number] please"),
    ("iban gb82west12345698765432.", "iban [masked: account number]."),
    ("FR14 2004 1010 0505 0001 3M02 606", "[masked: account number]"),
    ("CH93-0076-2011-6238-5295-7", "[masked: account number]"),
];

const PLAIN: &[&str] = &[
    "",
    "The password is wrong.",
    "password: the reset mail does not arrive",
    "I forgot my password and cannot log in",
    "Password reset at 12:30 failed",
    "Password reset: https://x.test/reset",
    "passwords are not accepted",
    "Das Passwort ist falsch",
    "le mot de passe est incorrect",
    "la contraseña es incorrecta",
    "パスワードは間違っています",
    "密码不正确",
    "compass: north",
    "GPIO pin 12",
    "Unexpected token: identifier",
    "primary key: fk_orders_customer_2",
    "the key to success is patience",
    "Basic support is fine",
    "bearer of bad news",
    "commit 3f2a9c1b7d5e8f60a1b2c3d4e5f60718293a4b5c broke it",
    "see 550e8400-e29b-41d4-a716-446655440000",
    "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "Order 4711-0815-2026, invoice 20261121001",
    "order 1234 5678 9012 3456",
    "4111 1111 1111 1112",
    "+49 170 1234567",
    "+4917012345678",
    "0049 89 1234 5678 9012",
    "2026-11-21 10:00:00.123456",
    "1732183200000",
    "error 0x80070005 at 0xDEADBEEF",
    "ERR-2026-1121",
    "/var/log/app/2026/11/21/worker-17.log",
    "C:\\Users\\bob\\app.log",
    "https://x.test/a?page=2&sort=name",
    "https://x.test:8080/a@b",
    "ssh://git@x.test/repo",
    "bob@customer.test",
    "DE89 3704 0044 0532 0130 01",
    "sk-wise it is fine",
    "192.168.100.200:5432",
    "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
    "Version 4.1.11.1111 of 2026",
];

#[test]
fn what_is_secret_is_covered_and_what_stands_around_it_stays() {
    let wrong: Vec<String> = (CASES.iter())
        .filter(|(text, masked)| mask(text) != *masked)
        .map(|(text, masked)| format!("{text:?}\n  gave   {:?}\n  wanted {masked:?}", mask(text)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_no_secret_stays() {
    let wrong: Vec<String> = (PLAIN.iter().filter(|text| mask(text) != **text))
        .map(|text| format!("{text:?} gave {:?}", mask(text)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_covered_is_not_covered_again() {
    for (_, masked) in CASES {
        assert_eq!(mask(masked), *masked);
    }
}

#[test]
fn a_text_of_nothing_but_beginnings_takes_its_time_once() {
    for piece in
        ["pw=", "key=", "password is ", "://", "sk-", "eyJ", "-----BEGIN ", "4111 ", "DE89", "bearer ", "\""]
    {
        growth::assert_linear(|count| piece.repeat(count), 2_000, |text| mask(text).len());
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text: String, more in "(pw|token|パスワード|[0-9 ]{0,30}|[A-Z]{2}[0-9]{2,30}|://|[:=は\"'@ \n]){0,20}") {
        mask(&text);
        mask(&more);
    }
}
