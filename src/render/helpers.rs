//! What templates may call beside what handlebars brings.

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonTruthy, Output, RenderContext,
    RenderErrorReason, Renderable, ScopedJson, html_escape,
};
use serde_json::Value;

use super::words::Words;

/// Makes a registry strict and gives it our helpers; `lines` is one of the two below.
pub(super) fn register(
    registry: &mut Handlebars<'static>,
    words: &Words,
    lines: impl HelperDef + Send + Sync + 'static,
) {
    registry.set_strict_mode(true);
    registry.register_helper("lines", Box::new(lines));
    registry.register_helper("word", Box::new(WordHelper(words.clone())));
    registry.register_helper("if", Box::new(StrictIf { wanted: true }));
    registry.register_helper("unless", Box::new(StrictIf { wanted: false }));
}

/// `{{#if reader}}` and `{{#unless reader}}`, for which a misspelt name is an error:
/// the built-in ones take it for false even in strict mode.
struct StrictIf {
    wanted: bool,
}

impl HelperDef for StrictIf {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        state: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let asked = helper.param(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("if", 0))?;
        if asked.is_value_missing() {
            return Err(RenderErrorReason::MissingVariable(asked.relative_path().cloned()).into());
        }
        let holds = asked.value().is_truthy(false) == self.wanted;
        match if holds { helper.template() } else { helper.inverse() } {
            Some(branch) => branch.render(registry, context, state, out),
            None => Ok(()),
        }
    }
}

/// `{{word "accepted.intro" reference=ticket.reference}}`: the text for a key. Further
/// positional parts make the key longer: `{{word "closed" ticket.closed_as}}`.
pub(super) struct WordHelper(pub(super) Words);

impl HelperDef for WordHelper {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, handlebars::RenderError> {
        let key: Vec<String> = helper.params().iter().map(|part| plain(part.value())).collect();
        let value = |name: &str| helper.hash_get(name).map(|given| plain(given.value()));
        let text = self.0.fill(&key.join("."), value).map_err(RenderErrorReason::Other)?;
        Ok(ScopedJson::Derived(Value::String(text)))
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// `{{lines words}}` in HTML: what a person wrote, escaped, with its line breaks and
/// indentation.
pub(super) fn lines_as_html(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let text = argument(helper)?;
    let escaped = html_escape(&text.replace('\t', "    "));
    out.write(&escaped.replace("  ", "&nbsp; ").replace('\n', "<br>\n"))?;
    Ok(())
}

/// `{{lines words "> "}}` in text: what a person wrote, each line behind a prefix.
pub(super) fn lines_as_text(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let prefix = helper.param(1).map(|prefix| plain(prefix.value())).unwrap_or_default();
    let text = argument(helper)?;
    let lines: Vec<String> =
        text.lines().map(|each| format!("{prefix}{each}").trim_end().to_owned()).collect();
    out.write(&lines.join("\n"))?;
    Ok(())
}

fn argument(helper: &Helper<'_>) -> Result<String, RenderErrorReason> {
    let missing = RenderErrorReason::ParamNotFoundForIndex("lines", 0);
    let given = helper.param(0).filter(|given| !given.is_value_missing()).ok_or(missing)?;
    Ok(plain(given.value()))
}
