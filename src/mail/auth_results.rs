//! The Authentication-Results field, read strictly (RFC 8601 §2.2).
//!
//! What does not follow the grammar yields no results: a line half understood
//! could say the opposite of what its writer meant.

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

/// Reads an unfolded field value. `None` when not even the authserv-id can be read.
pub(super) fn parse(value: &str) -> Option<AuthResults> {
    let mut cursor = Cursor { rest: value };
    let authserv_id = cursor.value()?;
    let results = results(&mut cursor).unwrap_or_default();
    Some(AuthResults { authserv_id, results })
}

/// The part behind the authserv-id: an optional version, then resinfos.
fn results(cursor: &mut Cursor<'_>) -> Option<Vec<MethodResult>> {
    if !cursor.at_end()? && !cursor.is_at(';')? && cursor.value()? != "1" {
        return None;
    }
    let mut results = Vec::new();
    while cursor.take(';')? {
        if cursor.at_end()? {
            break;
        }
        let method = cursor.keyword()?.to_ascii_lowercase();
        if method == "none" && cursor.at_end()? {
            break;
        }
        results.push(method_result(method, cursor)?);
    }
    cursor.at_end()?.then_some(results)
}

/// `[/ version] = result *(ptype . property = value)`; `reason = …` is a property like
/// any other to us.
fn method_result(method: String, cursor: &mut Cursor<'_>) -> Option<MethodResult> {
    if cursor.take('/')? {
        cursor.keyword()?;
    }
    cursor.take('=')?.then_some(())?;
    let result = cursor.keyword()?.to_ascii_lowercase();
    let mut properties = Vec::new();
    while !cursor.at_end()? && !cursor.is_at(';')? {
        let mut name = cursor.keyword()?.to_ascii_lowercase();
        if cursor.take('.')? {
            name = format!("{name}.{}", cursor.keyword()?.to_ascii_lowercase());
        }
        cursor.take('=')?.then_some(())?;
        properties.push((name, cursor.value()?));
    }
    Some(MethodResult { method, result, properties })
}

/// What is still to be read. Each step is `None` where a comment or a quoted string
/// never ends.
struct Cursor<'v> {
    rest: &'v str,
}

impl Cursor<'_> {
    fn at_end(&mut self) -> Option<bool> {
        self.skip()?;
        Some(self.rest.is_empty())
    }

    fn is_at(&mut self, mark: char) -> Option<bool> {
        self.skip()?;
        Some(self.rest.starts_with(mark))
    }

    fn take(&mut self, mark: char) -> Option<bool> {
        let is_there = self.is_at(mark)?;
        self.rest = self.rest.strip_prefix(mark).unwrap_or(self.rest);
        Some(is_there)
    }

    /// A method, a result, a half of a property's name.
    fn keyword(&mut self) -> Option<String> {
        self.skip()?;
        let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then(|| word.to_owned())
    }

    /// A value: plain and quoted pieces without anything between them. A local part
    /// may have an equals sign (`SRS0=…@example.org`), so a value may.
    fn value(&mut self) -> Option<String> {
        self.skip()?;
        let mut word = String::new();
        while let Some(c) = self.rest.chars().next().filter(|c| !c.is_whitespace() && !";(".contains(*c)) {
            self.rest = &self.rest[c.len_utf8()..];
            match c {
                '"' => self.quoted(&mut word)?,
                c => word.push(c),
            }
        }
        (!word.is_empty()).then_some(word)
    }

    /// The inside of a quoted string (RFC 5322 §3.2.4).
    fn quoted(&mut self, word: &mut String) -> Option<()> {
        let mut chars = self.rest.chars();
        loop {
            match chars.next()? {
                '"' => break,
                '\\' => word.push(chars.next()?),
                c => word.push(c),
            }
        }
        self.rest = chars.as_str();
        Some(())
    }

    /// Goes past white space and comments, nested ones included (RFC 5322 §3.2.2).
    fn skip(&mut self) -> Option<()> {
        loop {
            self.rest = self.rest.trim_start();
            let Some(inside) = self.rest.strip_prefix('(') else { return Some(()) };
            let (mut depth, mut chars) = (1, inside.chars());
            while depth > 0 {
                match chars.next()? {
                    '\\' => drop(chars.next()),
                    '(' => depth += 1,
                    ')' => depth -= 1,
                    _ => {}
                }
            }
            self.rest = chars.as_str();
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
    fn what_real_servers_write_is_read() {
        let google = line(
            "mx.google.com; dkim=pass header.i=@example.org header.s=s1 header.b=\"a/b+c=\"; spf=pass (google.com: domain of \
             prvs=1=a@example.org designates 192.0.2.1 as permitted sender) smtp.mailfrom=\"prvs=1=a@example.org\"; \
             dmarc=pass (p=NONE sp=QUARANTINE dis=NONE) header.from=example.org",
        );
        assert_eq!(google.results[2].property("header.from"), Some("example.org"));
        // A local part may have an equals sign, quoted or not.
        let srs = line("mx; spf=pass smtp.mailfrom=SRS0=x=y=org=a@example.org; dmarc=pass header.from=x.org");
        assert_eq!(srs.results[0].property("smtp.mailfrom"), Some("SRS0=x=y=org=a@example.org"));
        assert_eq!(srs.results[1].result, "pass");
        let quoted = line("mx; spf=pass smtp.mailfrom=\"a b\"@example.org");
        assert_eq!(quoted.results[0].property("smtp.mailfrom"), Some("a b@example.org"));
        let several =
            line("mx; dkim=fail header.d=a.org; dkim=pass header.d=b.org; dkim=none; arc=pass policy.x=1");
        assert_eq!(several.results.len(), 4);
    }

    #[test]
    fn white_space_and_comments_may_stand_wherever_the_grammar_lets_them() {
        let read = line("mx 1 ; dmarc (d) / 1 (v) = (r) pass (p=none) header . from (x) = example.org ; ");
        assert_eq!((read.results[0].method.as_str(), read.results[0].result.as_str()), ("dmarc", "pass"));
        assert_eq!(read.results[0].property("header.from"), Some("example.org"));
        assert_eq!(line("\"mx.desk.test\"; none").authserv_id, "mx.desk.test");
    }

    #[test]
    fn what_breaks_the_grammar_says_nothing() {
        for value in [
            "mx; dmarc",
            "mx; dmarc=pass header.from",
            "mx 2; dmarc=pass",
            "mx; dmarc=pass (open",
            "mx dmarc=pass",
            "mx; dmarc==pass header.from=x",
            "mx; dmarc=pass header.from=x; =",
            "mx; dmarc=pass reason=\"open header.from=x",
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
