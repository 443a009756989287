//! Fills the page templates. `t(key, name=value …)` in a template is a word of the page's language.

use std::sync::LazyLock;

use minijinja::value::Kwargs;
use minijinja::{AutoEscape, Environment, State, Value, context};

use super::words::Language;
use crate::error::{Error, Result};

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut env = Environment::new();
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    for (name, text) in [
        ("frame", include_str!("templates/frame.html")),
        ("figures", include_str!("templates/figures.html")),
        ("sign_in", include_str!("templates/sign_in.html")),
        ("password", include_str!("templates/password.html")),
        ("needs", include_str!("templates/needs.html")),
        ("need", include_str!("templates/need.html")),
        ("demo", include_str!("templates/demo.html")),
        ("message", include_str!("templates/message.html")),
    ] {
        env.add_template(name, text).expect("templates are well-formed; a test fills each");
    }
    env.add_function("t", translate);
    env
});

/// Fills a template. `page` must hold `lang`.
pub fn fill(template: &str, language: Language, page: Value) -> Result<String> {
    let whole = context! { lang => language.tag(), ..page };
    let template = TEMPLATES.get_template(template).map_err(|e| Error::internal(format!("page template: {e}")))?;
    template.render(whole).map_err(|e| Error::internal(format!("page template: {e:#}")))
}

fn translate(state: &State<'_, '_>, key: &str, fill: Kwargs) -> Result<String, minijinja::Error> {
    let lang = state.lookup("lang").and_then(|lang| lang.as_str().map(str::to_owned));
    let language = Language::wanted(lang.as_deref(), None);
    let values: Vec<(String, String)> =
        fill.args().map(|name| Ok((name.to_owned(), fill.get::<Value>(name)?.to_string()))).collect::<Result<_, minijinja::Error>>()?;
    let pairs: Vec<(&str, &str)> = values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Ok(language.say(key, &pairs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_can_be_filled_in_both_languages() {
        for language in [Language::Chinese, Language::English] {
            for (name, _) in TEMPLATES.templates() {
                let incident = context! { slug => "flood", name => "<b>", practice => true };
                let page = context! {
                    incident => incident, signed_in => true, demo => true, roles => ["operator"], usable => true, setup => true, least => 10,
                    reference => "R", stage => "collected", category => "food", lines => [context! { item => "<i>", left => 1 }], sent => context! {},
                    urgency => "normal", axes => [("phone", "verified")], events => [context! { kind => "submitted", voided => true }],
                    items => [context! { reference => "R", stage => "collected", urgency => "high", category => "food" }], stages => ["collected"],
                    c => context! { urgent_response => context! {}, phone => context! { conclusions => context! {} }, gaps => context! { bridge => 3 },
                        matched_before_phone => 3, districts => [context! { code => "outside", collected => context! { from => 0, to => 4 } }] },
                    days => [context! { day => "2022-01-09", numbers => [context! { total => 1, new => 1 }] }],
                };
                let html = fill(name, language, page).expect(name);
                assert!(html.contains(&format!("lang=\"{}\"", language.tag())));
                assert!(!html.contains("<b>") && !html.contains("<i>"), "{name} escapes");
                assert!(!html.contains("nav.") && !html.contains("counter."), "{name} has words");
            }
        }
    }
}
