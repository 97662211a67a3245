//! `{{marked pieces}}`: a text in pieces, those that were looked for in `<mark>`.

use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderErrorReason, html_escape,
};
use serde_json::Value;

/// Gives a registry the helper.
pub(super) fn register(registry: &mut Handlebars<'static>) {
    registry.register_helper("marked", Box::new(marked));
}

fn marked(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let given = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("marked", 0))?;
    if given.is_value_missing() {
        return Err(RenderErrorReason::MissingVariable(given.relative_path().cloned()).into());
    }
    for piece in given.value().as_array().into_iter().flatten() {
        let text = html_escape(piece.get("text").and_then(Value::as_str).unwrap_or_default());
        match piece.get("hit").and_then(Value::as_bool) {
            Some(true) => out.write(&format!("<mark>{text}</mark>"))?,
            _ => out.write(&text)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_for_is_marked_and_all_is_escaped() {
        let mut registry = Handlebars::new();
        register(&mut registry);
        let pieces = serde_json::json!({"said": [{"text": "a <b> ", "hit": false}, {"text": "c&d", "hit": true}], "none": []});
        let write = |template: &str| registry.render_template(template, &pieces);
        assert_eq!(write("[{{marked said}}]").unwrap(), "[a &lt;b&gt; <mark>c&amp;d</mark>]");
        assert_eq!(write("[{{marked none}}]").unwrap(), "[]");
        registry.set_strict_mode(true);
        assert!(registry.render_template("{{marked nobody}}", &pieces).is_err());
    }
}
