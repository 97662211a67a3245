//! axe-core, which finds what shuts people out: WCAG 2.2 AA, and what its makers call best practice.

use serde_json::{Value, json};

use super::Chromium;

/// The library; its licence lies beside it.
const AXE: &str = include_str!("../axe/axe.min.js");

/// Which of its rules count.
const TAGS: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// Something that shuts somebody out.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule: `color-contrast`.
    pub rule: String,
    /// What is wrong, and on which elements.
    pub told: String,
}

impl Chromium {
    /// Looks the page over as it is now, in both themes; the test fails with what is found.
    #[track_caller]
    pub fn is_accessible(&self, name: &str) {
        let told = self.findings(name);
        assert!(told.is_empty(), "{} shut somebody out:\n{}", told.len(), told.join("\n"));
    }

    /// What is found in both themes, a text each.
    pub fn findings(&self, name: &str) -> Vec<String> {
        let mut told = Vec::new();
        for (theme, dark) in [("light", false), ("dark", true)] {
            self.dark(dark);
            let findings = self.axe().into_iter();
            told.extend(findings.map(|it| format!("{name} ({theme}): {}: {}", it.rule, it.told)));
        }
        self.dark(false);
        told
    }

    /// What axe finds on the page as it is now.
    pub fn axe(&self) -> Vec<Finding> {
        self.run(&format!("if (!window.axe) {{ {AXE} }}"), json!([]));
        let script = "const [tags] = arguments; return axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })";
        let result = self.run(script, json!([TAGS]));
        let violations = result["violations"].as_array().cloned().unwrap_or_default();
        assert!(result["passes"].as_array().is_some(), "axe did not run: {result}");
        violations.iter().map(finding).collect()
    }
}

fn finding(violation: &Value) -> Finding {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let nodes = violation["nodes"].as_array().into_iter().flatten();
    let nodes = nodes.map(|node| {
        format!("\n    {} – {}", text(&node["html"]), text(&node["failureSummary"]).replace('\n', " "))
    });
    Finding { rule: text(&violation["id"]), told: text(&violation["help"]) + &nodes.collect::<String>() }
}
