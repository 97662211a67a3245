//! One text for each page: what a template includes, and the words that are the same for everybody, are put in their
//! places before it is parsed.
//!
//! handlebars copies all facts of a page for every `{{> part}}` and every layout; on a page with fifty rows that takes
//! longer than writing it. A part that is given facts of its own, `{{> part facts}}`, is left to handlebars, and so is a
//! word with values of its own, `{{t "key" n=count}}`.

use handlebars::html_escape;

/// The place in a layout where the page stands.
const PAGE: &str = "{{> @partial-block}}";

/// The text of a template with its layout and its parts; `text_of` gives what a name stands for.
///
/// Every name is looked up in the built-in templates, none of which includes itself; a test parses them all.
pub(super) fn whole(text: &str, text_of: &impl Fn(&str) -> Option<&'static str>) -> String {
    let text = match layout(text) {
        Some((name, page)) => match text_of(name).and_then(|layout| layout.split_once(PAGE)) {
            Some((above, below)) => format!("{above}{}{below}", page.trim_end()),
            None => text.to_owned(),
        },
        None => text.to_owned(),
    };
    let mut written = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("{{> ") {
        let Some((call, behind)) = after.split_once("}}") else { break };
        written.push_str(before);
        match text_of(call) {
            Some(part) => written.push_str(whole(part, text_of).trim_end_matches('\n')),
            None => written.extend(["{{> ", call, "}}"]),
        }
        rest = behind;
    }
    written + rest
}

/// A text with its words in place of `{{t "key"}}`; `word_of` gives those that nothing is filled into.
pub(super) fn worded<'a>(text: &str, word_of: &impl Fn(&str) -> Option<&'a str>) -> String {
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{t \"") {
        written.push_str(before);
        let called = after.split_once("\"}}").and_then(|(key, behind)| Some((word_of(key)?, behind)));
        match called {
            Some((word, behind)) => {
                written.push_str(&html_escape(word));
                rest = behind;
            }
            None => {
                written.push_str("{{t \"");
                rest = after;
            }
        }
    }
    written + rest
}

/// The name of the layout around a page, and the page.
fn layout(text: &str) -> Option<(&str, &str)> {
    let (name, page) = text.trim().strip_prefix("{{#> ")?.split_once("}}")?;
    let page = page.strip_suffix(&format!("{{{{/{name}}}}}"))?;
    Some((name, page.strip_prefix('\n').unwrap_or(page)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(name: &str) -> Option<&'static str> {
        match name {
            "layout" => Some("<main>{{> token}}\n{{> @partial-block}}\n</main>\n"),
            "rows" => Some("<ol>{{#each rows}}{{> token}}{{/each}}</ol>\n"),
            "token" => Some("<b>{{@root.token}}</b>\n"),
            _ => None,
        }
    }

    #[test]
    fn a_page_is_one_text() {
        for (text, want) in [
            ("plain {{value}}", "plain {{value}}"),
            ("a {{> token}} b", "a <b>{{@root.token}}</b> b"),
            ("{{> rows}}", "<ol>{{#each rows}}<b>{{@root.token}}</b>{{/each}}</ol>"),
            (
                "{{#> layout}}\n<h1>{{x}}</h1>\n{{/layout}}\n",
                "<main><b>{{@root.token}}</b>\n<h1>{{x}}</h1>\n</main>\n",
            ),
            ("{{> token facts}} {{> @partial-block}}", "{{> token facts}} {{> @partial-block}}"),
            ("{{#if x}}{{> nobody}}{{/if}} {{> open", "{{#if x}}{{> nobody}}{{/if}} {{> open"),
        ] {
            assert_eq!(whole(text, &text_of), want, "{text}");
        }
    }

    #[test]
    fn words_stand_in_their_places() {
        let word_of = |key: &str| match key {
            "a.b" => Some("Tom & \"Jerry\""),
            _ => None,
        };
        for (text, want) in [
            ("{{t \"a.b\"}}", "Tom &amp; &quot;Jerry&quot;"),
            (
                "<a title=\"{{t \"a.b\"}}\">{{t \"c\"}} {{t \"a.b\"}}",
                "<a title=\"Tom &amp; &quot;Jerry&quot;\">{{t \"c\"}} Tom &amp; &quot;Jerry&quot;",
            ),
            ("{{t \"a.b\" n=1}} {{t \"a\" b}} {{t \"", "{{t \"a.b\" n=1}} {{t \"a\" b}} {{t \""),
        ] {
            assert_eq!(worded(text, &word_of), want, "{text}");
        }
    }
}
