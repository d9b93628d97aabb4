//! Browsers for the tests: found on this machine, or installed where that is possible.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::machine;

/// One of the browsers that the page is tested in.
pub struct Browser {
    name: &'static str,
    /// The environment variable that names another one.
    pub variable: &'static str,
    programs: &'static [&'static str],
    package: &'static str,
}

/// Chromium, by Playwright.
pub const CHROMIUM: Browser = Browser {
    name: "Chromium",
    variable: "FAULTLINE_CHROMIUM",
    programs: &[
        "chromium",
        "chromium-browser",
        "google-chrome-stable",
        "google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ],
    package: "chromium",
};

/// Stock Firefox, by WebDriver BiDi.
pub const FIREFOX: Browser = Browser {
    name: "Firefox",
    variable: "FAULTLINE_FIREFOX",
    programs: &["firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"],
    package: "firefox-esr",
};

impl Browser {
    /// The program: the one that the variable names, one on the machine, or one installed now.
    pub fn program(&self) -> Result<PathBuf> {
        if let Some(named) = std::env::var_os(self.variable) {
            let named = PathBuf::from(named);
            return if named.exists() {
                Ok(named)
            } else {
                bail!("{}: no {}", self.variable, named.display())
            };
        }
        let find = || machine::find(self.programs.iter().copied());
        if let Some(program) = find() {
            return Ok(program);
        }
        if machine::can_install() {
            machine::install(&[self.package])?;
            if let Some(program) = find() {
                return Ok(program);
            }
        }
        let Browser { name, variable, package, .. } = self;
        bail!("{name} is missing: run `sudo apt-get install {package}`, or set {variable} to one you have")
    }
}
