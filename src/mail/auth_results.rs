//! The Authentication-Results field, read strictly (RFC 8601 §2.2).
//!
//! What does not follow the grammar yields no results: a line half understood
//! could say the opposite of what its writer meant.

use std::{iter::Peekable, vec::IntoIter};

/// One line of results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AuthResults {
    /// Who checked.
    pub authserv_id: String,
    /// What they found; empty for `none` and for lines that break the grammar.
    pub results: Vec<MethodResult>,
}

/// One method's result with its properties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MethodResult {
    /// `dmarc`, `dkim`, `spf`, in lower case, without version.
    pub method: String,
    /// `pass`, `fail`, `none`, in lower case.
    pub result: String,
    /// `("header.from", "example.org")`, names in lower case.
    pub properties: Vec<(String, String)>,
}

impl MethodResult {
    /// The value of a property, the first where it is repeated.
    pub fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Semicolon,
    Equals,
}

type Tokens = Peekable<IntoIter<Token>>;

/// Reads an unfolded field value. `None` when not even the authserv-id can be read.
pub(super) fn parse(value: &str) -> Option<AuthResults> {
    let (tokens, whole) = tokens(value);
    let mut tokens = tokens.into_iter().peekable();
    let authserv_id = word(&mut tokens)?;
    let results = if whole { results(&mut tokens).unwrap_or_default() } else { Vec::new() };
    Some(AuthResults { authserv_id, results })
}

/// The part behind the authserv-id: an optional version, then resinfos.
fn results(tokens: &mut Tokens) -> Option<Vec<MethodResult>> {
    if let Some(Token::Word(version)) = tokens.peek() {
        if version != "1" {
            return None;
        }
        tokens.next();
    }
    let mut results = Vec::new();
    while tokens.next_if_eq(&Token::Semicolon).is_some() {
        if tokens.peek().is_none() {
            break;
        }
        let method = word(tokens)?.to_ascii_lowercase();
        if method == "none" && tokens.peek().is_none() {
            break;
        }
        results.push(method_result(method, tokens)?);
    }
    tokens.peek().is_none().then_some(results)
}

/// `= result *(property = value)`; `reason=…` is a property like any other to us.
fn method_result(method: String, tokens: &mut Tokens) -> Option<MethodResult> {
    tokens.next_if_eq(&Token::Equals)?;
    let result = word(tokens)?.to_ascii_lowercase();
    let mut properties = Vec::new();
    while let Some(Token::Word(_)) = tokens.peek() {
        let name = word(tokens)?.to_ascii_lowercase();
        tokens.next_if_eq(&Token::Equals)?;
        properties.push((name, word(tokens)?));
    }
    let method = method.split('/').next().unwrap_or_default().to_owned();
    Some(MethodResult { method, result, properties })
}

fn word(tokens: &mut Tokens) -> Option<String> {
    match tokens.next()? {
        Token::Word(word) => Some(word),
        Token::Semicolon | Token::Equals => None,
    }
}

/// Splits into tokens, comments left out (RFC 5322 §3.2.2). The flag is false when
/// a comment or a quoted string never ends.
fn tokens(value: &str) -> (Vec<Token>, bool) {
    let mut tokens = Vec::new();
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ';' => tokens.push(Token::Semicolon),
            '=' => tokens.push(Token::Equals),
            '(' => {
                if !skip_comment(&mut chars) {
                    return (tokens, false);
                }
            }
            '"' => match quoted(&mut chars) {
                Some(word) => tokens.push(Token::Word(word)),
                None => return (tokens, false),
            },
            c if c.is_whitespace() => {}
            c => {
                let mut word = String::from(c);
                while let Some(c) = chars.next_if(|c| !c.is_whitespace() && !";=(\"".contains(*c)) {
                    word.push(c);
                }
                tokens.push(Token::Word(word));
            }
        }
    }
    (tokens, true)
}

/// Goes past the end of a comment, nested ones included; `false` when there is none.
fn skip_comment(chars: &mut impl Iterator<Item = char>) -> bool {
    let mut depth = 1;
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return true;
        }
    }
    false
}

/// The inside of a quoted string (RFC 5322 §3.2.4); `None` when it never ends.
fn quoted(chars: &mut impl Iterator<Item = char>) -> Option<String> {
    let mut word = String::new();
    loop {
        match chars.next()? {
            '"' => return Some(word),
            '\\' => word.push(chars.next()?),
            c => word.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(value: &str) -> AuthResults {
        parse(value).unwrap()
    }

    #[test]
    fn methods_and_properties_are_read_around_comments() {
        let read = line(
            "mx.desk.test (checker (nested \\) one)) 1; dkim=pass (2048-bit) header.d=example.org \
             header.i=@example.org; spf=pass smtp.mailfrom=\"a@example.org\"; dmarc/1=PASS reason=\"a; b\" \
             header.from=example.org",
        );
        assert_eq!(read.authserv_id, "mx.desk.test");
        let methods: Vec<_> = read.results.iter().map(|r| (r.method.as_str(), r.result.as_str())).collect();
        assert_eq!(methods, [("dkim", "pass"), ("spf", "pass"), ("dmarc", "pass")]);
        assert_eq!(read.results[0].property("header.d"), Some("example.org"));
        assert_eq!(read.results[1].property("smtp.mailfrom"), Some("a@example.org"));
        assert_eq!(read.results[2].property("reason"), Some("a; b"));
    }

    #[test]
    fn a_verdict_in_a_comment_or_a_quoted_string_is_none() {
        assert_eq!(line("mx; dkim=none (; dmarc=pass header.from=x.org)").results.len(), 1);
        let quoted = line("mx; spf=none reason=\"; dmarc=pass header.from=x.org\"");
        assert_eq!(quoted.results.len(), 1);
    }

    #[test]
    fn what_breaks_the_grammar_says_nothing() {
        for value in [
            "mx; dmarc",
            "mx; dmarc=pass header.from",
            "mx 2; dmarc=pass",
            "mx; dmarc=pass (open",
            "mx dmarc=pass",
        ] {
            assert_eq!(line(value).results, [], "{value:?}");
        }
        assert_eq!(line("mx; none").results, []);
        assert_eq!(parse("; dmarc=pass"), None);
        assert_eq!(parse(""), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(value in "[a-z0-9 ;=().\"\\\\/]{0,80}") {
            let _ = parse(&value);
        }
    }
}
