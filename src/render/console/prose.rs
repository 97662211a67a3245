//! `{{prose text}}`: a sentence of ours, in which a name or a command stands between backticks.

use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderErrorReason, html_escape,
};

pub(super) fn register(registry: &mut Handlebars<'static>) {
    registry.register_helper("prose", Box::new(write));
}

fn write(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let given = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("prose", 0))?;
    if given.is_value_missing() {
        return Err(RenderErrorReason::MissingVariable(given.relative_path().cloned()).into());
    }
    out.write(&marked_up(given.value().as_str().unwrap_or_default()))?;
    Ok(())
}

/// What stands between two backticks is code; one without another stays.
fn marked_up(text: &str) -> String {
    let escaped = html_escape(text).replace("&#x60;", "`");
    let mut parts = escaped.split('`');
    let mut html = parts.next().unwrap_or_default().to_owned();
    while let Some(code) = parts.next() {
        match parts.next() {
            Some(rest) => html += &format!("<code>{code}</code>{rest}"),
            None => html += &format!("`{code}"),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::marked_up;

    #[test]
    fn what_stands_between_backticks_is_code() {
        for (text, html) in [
            ("Mailbox `support` is late.", "Mailbox <code>support</code> is late."),
            ("`a` and `<b>`", "<code>a</code> and <code>&lt;b&gt;</code>"),
            ("5 ` 6 & 7", "5 ` 6 &amp; 7"),
            ("", ""),
        ] {
            assert_eq!(marked_up(text), html);
        }
    }
}
