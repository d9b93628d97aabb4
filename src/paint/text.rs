//! How wide text is, without asking a font.
//!
//! An estimate: the advance widths of DejaVu Sans, a wide one among the faces `system-ui` stands for.
//! With that face, words as pictures hold them come out within 2 %, regular and bold (kerning is
//! left out); Helvetica and Arial are 11 to 18 % narrower. Good enough to keep labels apart; not to set
//! type with.

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

/// DejaVu Sans's advance widths, in thousandths of the size, from the space to the tilde.
const ADVANCE: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, // space to /
    636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, // 0 to ?
    1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787, // @ to O
    603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, // P to _
    500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, // ` to o
    635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838, // p to ~
];

/// How much wider a bold letter is than a regular one, as part of its size; it differs little among them.
const BOLD_SPARE: f32 = 0.067;
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
                None if letter >= '\u{2000}' => 1.0,
                None => 0.7,
            };
            if weight == Weight::Bold { ems + BOLD_SPARE } else { ems }
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

    /// Widths measured in Chromium with DejaVu Sans at 100 px, which kerns.
    #[test]
    fn estimates_are_close_to_what_was_measured() {
        for (words, regular, bold) in [
            ("n1", 127.0, 140.8),
            ("term 4", 332.9, 373.5),
            ("a sentence too long for its cell", 1515.7, 1718.6),
            ("AppendEntries 12.4 ms", 1167.8, 1309.5),
            ("lost: the link was cut", 1034.8, 1180.3),
            ("illicit filling", 538.1, 633.0),
        ] {
            for (weight, measured) in [(Weight::Regular, regular), (Weight::Bold, bold)] {
                let estimate = width(words, 100.0, Family::Sans, weight);
                assert!((estimate / measured - 1.0).abs() < 0.02, "{words}: {estimate} for {measured}");
            }
        }
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
