//! What a page looks like, and to whom it is shown: screens, themes, zones, pictures.

use std::{env, fs, path::PathBuf};

use data_encoding::BASE64;
use serde_json::json;

use super::Chromium;

/// The variable that names a folder for pictures; without it none are kept.
pub const PICTURES: &str = "DESKGATE_PICTURES";

impl Chromium {
    /// A window of this size, in CSS pixels.
    pub fn screen(&self, width: u32, height: u32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.protocol("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// A phone of 390 by 844, with touch.
    pub fn phone(&self) {
        let metrics = json!({ "width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": true });
        self.protocol("Emulation.setDeviceMetricsOverride", metrics);
        self.protocol("Emulation.setTouchEmulationEnabled", json!({ "enabled": true }));
    }

    /// The reader's theme: dark or light. Nothing moves, so that a colour is never looked at on its way to another.
    pub fn dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": value },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.protocol("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// The reader's zone and language.
    pub fn reader(&self, zone: &str, language: &str) {
        self.protocol("Emulation.setTimezoneOverride", json!({ "timezoneId": zone }));
        self.protocol("Emulation.setLocaleOverride", json!({ "locale": language }));
        let agent = self.run("return navigator.userAgent", json!([]));
        let agent = json!({ "userAgent": agent, "acceptLanguage": language });
        self.protocol("Emulation.setUserAgentOverride", agent);
    }

    /// Whether pages may run scripts; those of the test always may.
    pub fn scripts(&self, allowed: bool) {
        self.protocol("Emulation.setScriptExecutionDisabled", json!({ "value": !allowed }));
    }

    /// Whether something is wider than the window, so that one has to scroll sideways.
    pub fn is_too_wide(&self) -> bool {
        let wider = "const it = document.scrollingElement; return it.scrollWidth > it.clientWidth";
        self.run(wider, json!([])).as_bool().unwrap_or_default()
    }

    /// Keeps a picture of the whole page where [`PICTURES`] names a folder.
    pub fn picture(&self, name: &str) {
        let Some(folder) = env::var_os(PICTURES).map(PathBuf::from) else { return };
        let size = self.protocol("Page.getLayoutMetrics", json!({}))["cssContentSize"].clone();
        let clip = json!({ "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1 });
        let shot =
            self.protocol("Page.captureScreenshot", json!({ "captureBeyondViewport": true, "clip": clip }));
        let bytes = BASE64.decode(shot["data"].as_str().unwrap_or_default().as_bytes()).unwrap();
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{name}.png")), bytes).unwrap();
    }

    /// The same for whoever looks into a failed test.
    pub(super) fn picture_of_failure(&self) {
        let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
        self.picture(&format!("failed-{test}"));
    }
}
