//! `format=flowed` (RFC 3676): lines that were broken for the wire, joined again.

/// The text with its paragraphs on one line each. Quotes keep their marks; `delsp`
/// says that the space at the end of a broken line is not part of the text.
pub(super) fn joined(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // The depth of the line that the next one continues.
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let content = line.trim_start_matches('>');
        let depth = line.len() - content.len();
        let content = content.strip_prefix(' ').unwrap_or(content);
        let is_separator = content == "-- ";
        if open.is_none_or(|open| open != depth || is_separator) {
            if open.is_some() {
                out.push('\n');
            }
            begin(&mut out, depth, content);
        }
        let flows = content.ends_with(' ') && !is_separator;
        out.push_str(if flows && delsp { &content[..content.len() - 1] } else { content });
        open = flows.then_some(depth);
        if !flows {
            out.push('\n');
        }
    }
    if open.is_some() {
        out.push('\n');
    }
    out
}

/// The marks of a quote. A line of text that looks like one keeps the space that its
/// program put before it (RFC 3676 §4.4).
fn begin(out: &mut String, depth: usize, content: &str) {
    out.extend(std::iter::repeat_n('>', depth));
    if depth > 0 && !content.is_empty() || content.starts_with('>') {
        out.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_lines_are_joined_within_their_depth() {
        let text =
            "Hello, this is \none paragraph.\n\n> a quote that \n> goes on\n>> deeper \n> back\nend \n";
        assert_eq!(
            joined(text, false),
            "Hello, this is one paragraph.\n\n> a quote that goes on\n>> deeper \n> back\nend \n"
        );
    }

    #[test]
    fn the_signature_separator_stays_a_line_and_stuffing_goes() {
        assert_eq!(joined("text \n-- \nBob\n", false), "text \n-- \nBob\n");
        assert_eq!(
            joined(" From here\n  indented\n > no quote\n", false),
            "From here\n indented\n > no quote\n"
        );
    }

    #[test]
    fn delsp_joins_words() {
        assert_eq!(joined("long \nword\n", true), "longword\n");
        assert_eq!(joined("日本 \n語\n", true), "日本語\n");
    }
}
