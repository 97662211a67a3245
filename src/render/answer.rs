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

#[cfg(test)]
mod tests {
    use super::*;

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
