//! Known answers: a template that staff wrote, and the few facts that it may name.

use handlebars::Handlebars;
use serde::Serialize;

/// What a known answer may name.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AnswerFacts {
    /// The name of the customer; may be empty.
    pub name: String,
    /// The reference of the ticket.
    pub reference: String,
    /// The subject of the ticket.
    pub subject: String,
    /// The name of the desk.
    pub site: String,
}

/// Fills a known answer. What customers wrote goes in as values and is never read as a template; the mail that
/// carries the words escapes them.
///
/// # Errors
/// Why it is no template, or which fact it names that there is not.
pub fn fill_answer(template: &str, facts: &AnswerFacts) -> Result<String, String> {
    let mut engine = Handlebars::new();
    engine.set_strict_mode(true);
    engine.register_escape_fn(handlebars::no_escape);
    engine.render_template(template, facts).map_err(|error| error.reason().to_string())
}

/// Puts the facts in the place of their names (`{{name}}`) in words that somebody writes. Whatever else stands in braces
/// stays: customers are also told about templates.
pub fn name_facts(words: &str, facts: &AnswerFacts) -> String {
    let mut parts = words.split("{{");
    let mut named = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let fact = part.split_once("}}").and_then(|(name, rest)| Some((facts.called(name.trim())?, rest)));
        match fact {
            Some((fact, rest)) => named.extend([fact, rest]),
            None => named.extend(["{{", part]),
        }
    }
    named
}

impl AnswerFacts {
    fn called(&self, name: &str) -> Option<&str> {
        match name {
            "name" => Some(&self.name),
            "reference" => Some(&self.reference),
            "subject" => Some(&self.subject),
            "site" => Some(&self.site),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_facts_in_somebodys_words_become_the_facts() {
        let facts =
            AnswerFacts { name: "Anna {{site}}".into(), reference: "DG-7".into(), ..AnswerFacts::default() };
        for (words, named) in [
            ("Hello {{name}},", "Hello Anna {{site}},"),
            ("{{ reference }} and {{reference}}", "DG-7 and DG-7"),
            ("Write {{user.name}} there", "Write {{user.name}} there"),
            ("{{#if name}}x{{/if}}", "{{#if name}}x{{/if}}"),
            ("an open {{name", "an open {{name"),
            ("{{{{name}}", "{{Anna {{site}}"),
            ("nothing", "nothing"),
            ("", ""),
        ] {
            assert_eq!(name_facts(words, &facts), named, "{words}");
        }
    }

    fn filled(template: &str) -> Result<String, String> {
        let facts = AnswerFacts {
            name: "Anna {{site}} <b>".into(),
            reference: "DG-7".into(),
            subject: "Login".into(),
            site: "Desk".into(),
        };
        fill_answer(template, &facts)
    }

    #[test]
    fn facts_are_values_and_never_templates() {
        assert_eq!(
            filled("Hello {{name}},\nyour {{reference}}.").unwrap(),
            "Hello Anna {{site}} <b>,\nyour DG-7."
        );
        assert_eq!(filled("{{#if name}}Hi{{else}}Hello{{/if}}").unwrap(), "Hi");
    }

    #[test]
    fn a_template_that_names_what_is_not_there_is_refused() {
        for template in ["{{nmae}}", "{{#if name}}", "{{> footer}}", "{{unknown name}}"] {
            assert!(filled(template).is_err(), "{template}");
        }
    }
}
