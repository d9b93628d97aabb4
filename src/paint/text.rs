//! How wide text is, without asking a font.
//!
//! An estimate: the advance widths of Helvetica (Adobe's font metrics, which Arial shares), widened to
//! those of DejaVu Sans, the widest face that `system-ui` is known to stand for. Measured in Chromium
//! against words as pictures hold them, it is 0 to 2 % too wide with DejaVu Sans, 15 % with Arial (a
//! word of narrow letters alone can be 5 % wider than estimated). Good enough to keep labels apart;
//! not to set type with.

use super::point::{Point, Rect};
use super::shape::{Anchor, Baseline, Family, Text, Weight};

/// No text on a picture is smaller, in pixels.
pub const MIN_SIZE: f32 = 11.0;

/// The width of the stroke under a text's letters that makes its halo, in pixels; half of it shows.
pub const HALO_WIDTH: f32 = 4.0;

/// The CSS font stack of each family.
pub const SANS: &str = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
pub const MONO: &str = "ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace";

/// The height of a capital, as part of the letters' size.
pub const CAP_HEIGHT: f32 = 0.72;
/// How far letters reach below their line, as part of their size.
pub const DESCENT: f32 = 0.22;

/// Helvetica's advance widths, in thousandths of the size, from the space to the tilde.
const ADVANCE: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, // space to /
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // 0 to ?
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // @ to O
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // P to _
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // ` to o
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, // p to ~
];

/// How much wider than Helvetica the widest system face runs.
const SANS_SPARE: f32 = 1.16;
/// How much wider its bold letters are than its regular ones.
const BOLD_SPARE: f32 = 1.13;
/// Every letter of a mono face, as part of its size.
const MONO_ADVANCE: f32 = 0.602;

/// One letter's estimated advance, in pixels.
pub fn advance(letter: char, size: f32, family: Family, weight: Weight) -> f32 {
    let wide = matches!(letter, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{1f000}'..);
    let silent = matches!(letter, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}');
    let ems = match (family, letter as usize) {
        _ if silent => 0.0,
        _ if wide => 1.05,
        (Family::Mono, _) => MONO_ADVANCE,
        (Family::Sans, code) => {
            let known = code.checked_sub(32).and_then(|i| ADVANCE.get(i));
            let ems = match known {
                Some(thousandths) => f32::from(*thousandths) / 1000.0,
                None if letter >= '\u{2000}' => 0.9,
                None => 0.62,
            };
            let spare = if weight == Weight::Bold { SANS_SPARE * BOLD_SPARE } else { SANS_SPARE };
            ems * spare
        }
    };
    ems * size
}

/// The estimated width of one line, in pixels.
pub fn width(words: &str, size: f32, family: Family, weight: Weight) -> f32 {
    words.chars().map(|letter| advance(letter, size, family, weight)).sum()
}

/// What of the words fits into `max` pixels: all of them, or as many as leave room for an ellipsis
/// (then the second is true). Even the ellipsis may be too much: then nothing fits.
pub fn fit(words: &str, max: Option<f32>, size: f32, family: Family, weight: Weight) -> (&str, bool) {
    let Some(max) = max.filter(|max| width(words, size, family, weight) > *max) else {
        return (words, false);
    };
    let room = max - advance('…', size, family, weight);
    if room < 0.0 {
        return ("", false);
    }
    let mut used = 0.0;
    let end = words.char_indices().find(|(_, letter)| {
        used += advance(*letter, size, family, weight);
        used > room
    });
    (words[..end.map_or(words.len(), |(i, _)| i)].trim_end(), true)
}

impl Family {
    /// The family as CSS names it.
    pub fn css(self) -> &'static str {
        match self {
            Family::Sans => SANS,
            Family::Mono => MONO,
        }
    }
}

impl Weight {
    /// The weight as CSS counts it.
    pub fn css(self) -> u16 {
        match self {
            Weight::Regular => 400,
            Weight::Bold => 600,
        }
    }
}

impl Text {
    /// How far below its point the text's line lies, in pixels.
    pub fn drop(&self) -> f32 {
        match self.baseline {
            Baseline::Foot => 0.0,
            Baseline::Middle => self.size * CAP_HEIGHT / 2.0,
            Baseline::Head => self.size * CAP_HEIGHT,
        }
    }

    /// The words that are shown, and whether an ellipsis follows them.
    pub fn shown<'a>(&self, words: &'a str) -> (&'a str, bool) {
        fit(words, self.max_width, self.size, self.family, self.weight)
    }

    /// The estimated box round the letters that are shown.
    pub fn bounds(&self, words: &str) -> Rect {
        let (shown, cut) = self.shown(words);
        let rest = if cut { advance('…', self.size, self.family, self.weight) } else { 0.0 };
        let width = width(shown, self.size, self.family, self.weight) + rest;
        let left = match self.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => width / 2.0,
            Anchor::End => width,
        };
        let Point { x, y } = self.at;
        let height = self.size * (CAP_HEIGHT + DESCENT);
        Rect::new(x - left, y + self.drop() - self.size * CAP_HEIGHT, width, height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mono_letters_are_alike() {
        let width = |words| width(words, 10.0, Family::Mono, Weight::Regular);
        assert_eq!(width("iiii"), width("WWWW"));
        assert!(width("日本") > width("ab"));
    }

    #[test]
    fn long_text_ends_in_an_ellipsis() {
        let fit = |words, max| fit(words, max, 12.0, Family::Sans, Weight::Regular);
        assert_eq!(fit("a short word", None), ("a short word", false));
        assert_eq!(fit("a short word", Some(500.0)), ("a short word", false));
        let (shown, cut) = fit("a long sentence that does not fit", Some(60.0));
        assert!(cut && !shown.is_empty() && !shown.ends_with(' '));
        assert_eq!(fit("anything", Some(2.0)), ("", false));
        assert_eq!(fit("", Some(0.0)), ("", false));
    }
}
