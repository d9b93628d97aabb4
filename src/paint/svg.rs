//! Scenes as text: standalone SVG, the same bytes for the same scene everywhere.
//!
//! Only presentation attributes are used, so that the picture keeps its looks inside a page whose
//! content security policy forbids inline styles. Neighbours drawn alike share a group.

use std::f32::consts::{PI, TAU};
use std::fmt::{self, Display, Write};

use super::color::Color;
use super::ink::{Cap, Ink};
use super::mark::Mark;
use super::point::Point;
use super::scene::Scene;
use super::shape::{Anchor, Family, Shape, Step, Text, Weight};
use super::text::{HALO_WIDTH, MONO, SANS};

impl Scene {
    /// The picture as a standalone SVG document.
    ///
    /// Whatever the words of the scene contain, the document is well-formed and they stay words.
    pub fn to_svg(&self) -> String {
        let mut out = String::with_capacity(512 + 64 * self.marks().len());
        // Writing to a string cannot fail.
        let _ = document(self, &mut out);
        out
    }
}

fn document(scene: &Scene, out: &mut String) -> fmt::Result {
    let (width, height) = (Number(scene.size.width.max(0.0)), Number(scene.size.height.max(0.0)));
    write!(out, r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}""#)?;
    write!(out, r#" viewBox="0 0 {width} {height}" role="img" fill="none" stroke-linejoin="round""#)?;
    writeln!(out, r#" font-family="{SANS}" xml:space="preserve">"#)?;
    if !scene.title().is_empty() {
        writeln!(out, "<title>{}</title>", Words(scene.title()))?;
    }
    if !scene.description().is_empty() {
        writeln!(out, "<desc>{}</desc>", Words(scene.description()))?;
    }
    if scene.background.alpha > 0 {
        let ground = Ink { fill: Some(scene.background), ..Ink::NONE };
        write!(out, r#"<rect width="{width}" height="{height}""#)?;
        fill(ground, out)?;
        out.push_str("/>\n");
    }
    marks(scene, out)?;
    out.push_str("</svg>\n");
    Ok(())
}

/// Every mark; a run of marks with the same looks becomes a group that names them once.
fn marks(scene: &Scene, out: &mut String) -> fmt::Result {
    let all = scene.marks();
    let (mut looks, mut next) = (String::new(), String::new());
    let mut i = 0;
    while i < all.len() {
        looks.clear();
        attributes(&all[i], &mut looks)?;
        let mut end = i + 1;
        while end < all.len() {
            next.clear();
            attributes(&all[end], &mut next)?;
            if next != looks {
                break;
            }
            end += 1;
        }
        if end - i == 1 || looks.is_empty() {
            all[i..end].iter().try_for_each(|mark| element(scene, mark, &looks, out))?;
        } else {
            writeln!(out, "<g{looks}>")?;
            all[i..end].iter().try_for_each(|mark| element(scene, mark, "", out))?;
            out.push_str("</g>\n");
        }
        i = end;
    }
    Ok(())
}

/// How a mark looks: all that its neighbours may share with it.
fn attributes(mark: &Mark, out: &mut String) -> fmt::Result {
    fill(mark.ink, out)?;
    if let Shape::Text(text) = mark.shape {
        return letters(&text, mark.ink.opacity, out);
    }
    let Some(stroke) = mark.ink.stroke else { return Ok(()) };
    color("stroke", stroke.color, mark.ink.opacity, out)?;
    write!(out, r#" stroke-width="{}""#, Number(stroke.width))?;
    if let Some([dash, gap]) = stroke.dash {
        write!(out, r#" stroke-dasharray="{} {}""#, Number(dash), Number(gap))?;
    }
    if stroke.cap == Cap::Round {
        out.push_str(r#" stroke-linecap="round""#);
    }
    Ok(())
}

fn letters(text: &Text, opacity: f32, out: &mut String) -> fmt::Result {
    write!(out, r#" font-size="{}""#, Number(text.size))?;
    match text.anchor {
        Anchor::Start => {}
        Anchor::Middle => out.push_str(r#" text-anchor="middle""#),
        Anchor::End => out.push_str(r#" text-anchor="end""#),
    }
    if text.weight == Weight::Bold {
        write!(out, r#" font-weight="{}""#, text.weight.css())?;
    }
    if text.family == Family::Mono {
        write!(out, r#" font-family="{MONO}""#)?;
    }
    let Some(halo) = text.halo else { return Ok(()) };
    color("stroke", halo, opacity, out)?;
    write!(out, r#" stroke-width="{}" paint-order="stroke""#, Number(HALO_WIDTH))
}

fn fill(ink: Ink, out: &mut String) -> fmt::Result {
    ink.fill.map_or(Ok(()), |tint| color("fill", tint, ink.opacity, out))
}

fn color(what: &str, color: Color, opacity: f32, out: &mut String) -> fmt::Result {
    write!(out, r#" {what}="{}""#, Color { alpha: 255, ..color })?;
    let opacity = color.alpha() * opacity.clamp(0.0, 1.0);
    if opacity < 1.0 { write!(out, r#" {what}-opacity="{}""#, Number(opacity)) } else { Ok(()) }
}

fn element(scene: &Scene, mark: &Mark, looks: &str, out: &mut String) -> fmt::Result {
    let name = match mark.shape {
        Shape::Circle { center, radius } => circle(center, radius, out)?,
        Shape::Arc { center, radius, sweep, .. } if sweep.abs() >= TAU => circle(center, radius, out)?,
        Shape::Line { from, to } => {
            let [x1, y1, x2, y2] = [from.x, from.y, to.x, to.y].map(Number);
            write!(out, r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}""#)?;
            "line"
        }
        Shape::RoundRect { rect, radius } => {
            let [x, y] = [rect.x, rect.y].map(Number);
            let [width, height] = [rect.width, rect.height].map(|v| Number(v.max(0.0)));
            write!(out, r#"<rect x="{x}" y="{y}" width="{width}" height="{height}""#)?;
            if rect.corner(radius) > 0.0 {
                write!(out, r#" rx="{}""#, Number(rect.corner(radius)))?;
            }
            "rect"
        }
        Shape::Text(text) => {
            let at = text.at + Point::new(0.0, text.drop());
            write!(out, r#"<text x="{}" y="{}""#, Number(at.x), Number(at.y))?;
            "text"
        }
        Shape::Arc { .. } | Shape::Quad(_) | Shape::Cubic(_) | Shape::Path(_) => {
            out.push_str(r#"<path d=""#);
            walk(scene, mark.shape, out)?;
            out.push('"');
            "path"
        }
    };
    out.push_str(looks);
    let title = mark.title.map(|title| scene.words(title));
    if title.is_none() && name != "text" {
        out.push_str("/>\n");
        return Ok(());
    }
    out.push('>');
    if let Some(title) = title {
        write!(out, "<title>{}</title>", Words(title))?;
    }
    if let Shape::Text(text) = mark.shape {
        let (shown, cut) = text.shown(scene.words(text.words));
        write!(out, "{}{}", Words(shown), if cut { "…" } else { "" })?;
    }
    writeln!(out, "</{name}>")
}

fn circle(center: Point, radius: f32, out: &mut String) -> Result<&'static str, fmt::Error> {
    let [x, y, r] = [center.x, center.y, radius.max(0.0)].map(Number);
    write!(out, r#"<circle cx="{x}" cy="{y}" r="{r}""#)?;
    Ok("circle")
}

fn walk(scene: &Scene, shape: Shape, out: &mut String) -> fmt::Result {
    match shape {
        Shape::Arc { center, radius, start, sweep } => {
            write!(out, "M{}", At(center.around(radius, start)))?;
            // In halves where it is long: an arc that ends where it began would not be drawn at all.
            let halves: &[f32] = if sweep.abs() > PI { &[0.5, 1.0] } else { &[1.0] };
            let (r, clockwise) = (Number(radius.max(0.0)), u8::from(sweep > 0.0));
            halves.iter().try_for_each(|part| {
                let to = center.around(radius, start + sweep * part);
                write!(out, "A{r} {r} 0 0 {clockwise} {}", At(to))
            })
        }
        Shape::Quad(q) => write!(out, "M{}Q{} {}", At(q.from), At(q.control), At(q.to)),
        Shape::Cubic(c) => write!(out, "M{}C{} {} {}", At(c.from), At(c.first), At(c.second), At(c.to)),
        Shape::Path(span) => scene.steps(span).iter().try_for_each(|step| match *step {
            Step::Move(to) => write!(out, "M{}", At(to)),
            Step::Line(to) => write!(out, "L{}", At(to)),
            Step::Quad { control, to } => write!(out, "Q{} {}", At(control), At(to)),
            Step::Cubic { first, second, to } => write!(out, "C{} {} {}", At(first), At(second), At(to)),
            Step::Close => out.write_char('Z'),
        }),
        Shape::Circle { .. } | Shape::Line { .. } | Shape::RoundRect { .. } | Shape::Text(_) => Ok(()),
    }
}

/// A point as paths write it.
struct At(Point);

impl Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", Number(self.0.x), Number(self.0.y))
    }
}

/// A number with at most two decimals, no exponent, no minus zero. What is no number is 0.
struct Number(f32);

impl Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let finite = if self.0.is_finite() { f64::from(self.0) } else { 0.0 };
        let hundredths = (finite.clamp(-1e9, 1e9) * 100.0).round() as i64;
        if hundredths < 0 {
            f.write_char('-')?;
        }
        let (whole, rest) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
        match rest {
            0 => write!(f, "{whole}"),
            _ if rest % 10 == 0 => write!(f, "{whole}.{}", rest / 10),
            _ => write!(f, "{whole}.{rest:02}"),
        }
    }
}

/// Words as XML carries them: markup is escaped, what XML cannot carry is replaced by U+FFFD.
struct Words<'a>(&'a str);

impl Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|letter| match letter {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '\t' | '\n' | '\r' => f.write_char(' '),
            '\u{fffe}' | '\u{ffff}' => f.write_char('\u{fffd}'),
            _ if letter.is_control() => f.write_char('\u{fffd}'),
            _ => f.write_char(letter),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::point::Size;
    use super::*;

    #[test]
    fn numbers_are_short() {
        let written = [0.0, -0.0, -0.004, 1.0, 1.5, -1.05, 0.1 + 0.2, 1e12, f32::NAN, 99.995].map(Number);
        let written: Vec<String> = written.iter().map(ToString::to_string).collect();
        assert_eq!(written, ["0", "0", "0", "1", "1.5", "-1.05", "0.3", "1000000000", "0", "100"]);
    }

    #[test]
    fn an_empty_scene_is_a_picture() {
        let svg = Scene::new(Size::new(20.0, 10.0), Color::CLEAR).to_svg();
        assert!(svg.starts_with("<svg ") && svg.ends_with(">\n</svg>\n"), "{svg}");
    }

    #[test]
    fn neighbours_alike_share_a_group() {
        let mut scene = Scene::new(Size::new(20.0, 10.0), Color::CLEAR);
        for x in [1.0, 2.0, 3.0] {
            scene.circle(Point::new(x, 1.0), 1.0).fill(Color::hex(0x0072b2));
        }
        assert_eq!(scene.to_svg().matches("#0072b2").count(), 1);
    }
}
