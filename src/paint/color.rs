//! Colours: sRGB, eight bits a channel.

use std::fmt;

/// An sRGB colour with straight (not premultiplied) alpha.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Color {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
    pub alpha: u8,
}

impl Color {
    pub const BLACK: Color = Color::hex(0x000000);
    pub const WHITE: Color = Color::hex(0xffffff);
    /// Invisible, but a shape filled with it can still be hit.
    pub const CLEAR: Color = Color { red: 0, green: 0, blue: 0, alpha: 0 };

    /// The opaque colour written `0xRRGGBB`.
    pub const fn hex(rgb: u32) -> Color {
        Color { red: (rgb >> 16) as u8, green: (rgb >> 8) as u8, blue: rgb as u8, alpha: 255 }
    }

    /// The same colour with another opacity, 0 to 1.
    pub fn with_alpha(self, alpha: f32) -> Color {
        Color { alpha: (alpha.clamp(0.0, 1.0) * 255.0).round() as u8, ..self }
    }

    /// Opacity, 0 to 1.
    pub fn alpha(self) -> f32 {
        f32::from(self.alpha) / 255.0
    }

    /// Part of the way (`t` from 0 to 1) towards another colour, channel by channel as CSS mixes in sRGB.
    pub fn mix(self, other: Color, t: f32) -> Color {
        let t = t.clamp(0.0, 1.0);
        let part = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * t).round() as u8;
        Color {
            red: part(self.red, other.red),
            green: part(self.green, other.green),
            blue: part(self.blue, other.blue),
            alpha: part(self.alpha, other.alpha),
        }
    }

    /// This colour as it looks on an opaque ground.
    pub fn over(self, ground: Color) -> Color {
        ground.mix(Color { alpha: 255, ..self }, self.alpha())
    }

    /// WCAG 2.2 relative luminance, 0 (black) to 1 (white); alpha is not looked at.
    pub fn luminance(self) -> f32 {
        let linear = |channel: u8| {
            let c = f32::from(channel) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { libm::powf((c + 0.055) / 1.055, 2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// WCAG 2.2 contrast ratio of two opaque colours, 1 to 21: text wants 4.5, marks want 3.
    pub fn contrast(self, other: Color) -> f32 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}

/// As CSS writes it: `#rrggbb`, or `#rrggbbaa` where it is not opaque.
impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)?;
        if self.alpha < 255 { write!(f, "{:02x}", self.alpha) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn css() {
        assert_eq!(Color::hex(0x0a1b2c).to_string(), "#0a1b2c");
        assert_eq!(Color::hex(0xff8000).with_alpha(0.5).to_string(), "#ff800080");
    }

    #[test]
    fn mixing_ends_at_both_ends() {
        let (a, b) = (Color::hex(0x102030), Color::hex(0xf0e0d0));
        assert_eq!(a.mix(b, 0.0), a);
        assert_eq!(a.mix(b, 1.0), b);
        assert_eq!(Color::BLACK.mix(Color::WHITE, 0.5), Color::hex(0x808080));
        assert_eq!(Color::BLACK.with_alpha(0.0).over(b), b);
    }

    #[test]
    fn contrast_of_the_extremes() {
        assert!((Color::BLACK.contrast(Color::WHITE) - 21.0).abs() < 1e-3);
        assert_eq!(Color::WHITE.contrast(Color::WHITE), 1.0);
        assert!((Color::hex(0x767676).contrast(Color::WHITE) - 4.54).abs() < 0.01);
    }
}
