//! What pictures look like, as SVG kept in `tests/pictures/`. `UPDATE=1 cargo test` writes them anew;
//! then look at them before you keep them.

use std::f32::consts::{FRAC_PI_2, PI, TAU};
use std::path::Path;

use faultline::paint::{Anchor, Baseline, Color, Cubic, Labels, Point, Quad, Rect, Scene, Size, Tag};
use proptest::prelude::*;

/// Fails, and says how to look, when a picture differs from the one that was kept.
fn kept(name: &str, scene: &Scene) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures").join(format!("{name}.svg"));
    let svg = scene.to_svg();
    roxmltree::Document::parse(&svg).expect("well-formed");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &svg).expect("a place to write");
        return;
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        svg == before,
        "{name} looks different: UPDATE=1 cargo test --test all pictures::, then look at the diff"
    );
}

struct Inks {
    ground: Color,
    text: Color,
    faint: Color,
    blue: Color,
    gold: Color,
}

const LIGHT: Inks = Inks {
    ground: Color::hex(0xfbfaf7),
    text: Color::hex(0x1c1e21),
    faint: Color::hex(0xc9c6bd),
    blue: Color::hex(0x0072b2),
    gold: Color::hex(0xe69f00),
};
const DARK: Inks = Inks {
    ground: Color::hex(0x14171c),
    text: Color::hex(0xeceef2),
    faint: Color::hex(0x3c424d),
    blue: Color::hex(0x56b4e9),
    gold: Color::hex(0xf0c244),
};

fn p(x: f32, y: f32) -> Point {
    Point::new(x, y)
}

/// Every shape, ink and way of writing there is, in a grid of named cells.
fn brushes(inks: &Inks) -> Scene {
    let mut scene = Scene::new(Size::new(720.0, 400.0), inks.ground);
    scene.describe("Every brush", "A grid of cells, each with one shape in several inks.");
    rims(&mut scene, inks);
    lines(&mut scene, inks);
    forms(&mut scene, inks);
    writing(&mut scene, inks);
    labels(&mut scene, inks);
    scene
}

/// A frame with a name; the middle of what it has to show.
fn cell(scene: &mut Scene, inks: &Inks, column: u8, row: u8, name: &str) -> Point {
    wide_cell(scene, inks, (column, row), 160.0, name)
}

fn wide_cell(scene: &mut Scene, inks: &Inks, (column, row): (u8, u8), width: f32, name: &str) -> Point {
    let corner = p(f32::from(column) * 176.0 + 16.0, f32::from(row) * 124.0 + 16.0);
    scene.round_rect(Rect::new(corner.x, corner.y, width, 112.0), 6.0).stroke(inks.faint, 1.0);
    let name = scene.text(corner + p(8.0, 8.0), name).max_width(width - 16.0);
    name.size(11.0).baseline(Baseline::Head).fill(inks.text);
    corner + p(width / 2.0, 62.0)
}

fn rims(scene: &mut Scene, inks: &Inks) {
    let c = cell(scene, inks, 0, 0, "circle");
    scene.circle(c - p(45.0, 0.0), 22.0).fill(inks.gold);
    scene.circle(c, 20.0).stroke(inks.blue, 3.0).title("a ring, when a pointer rests on it");
    scene.circle(c + p(45.0, 0.0), 20.0).fill(inks.gold).stroke(inks.blue, 2.0).dash(4.0, 3.0).opacity(0.6);
    let c = cell(scene, inks, 1, 0, "arc");
    scene.arc(c - p(56.0, 0.0), 14.0, -FRAC_PI_2, FRAC_PI_2).stroke(inks.blue, 3.0).round();
    scene.arc(c - p(28.0, 0.0), 11.0, -FRAC_PI_2, -FRAC_PI_2).stroke(inks.gold, 3.0);
    scene.arc(c, 11.0, -FRAC_PI_2, TAU * 0.9999).stroke(inks.blue, 3.0);
    scene.arc(c + p(28.0, 0.0), 11.0, 0.0, TAU).stroke(inks.gold, 3.0);
    scene.arc(c + p(56.0, 0.0), 11.0, 0.0, PI * 1.2).fill(inks.blue.with_alpha(0.5));
}

fn lines(scene: &mut Scene, inks: &Inks) {
    let c = cell(scene, inks, 2, 0, "line");
    for (i, width) in [0.5, 1.0, 2.0, 4.0].into_iter().enumerate() {
        let y = i as f32 * 14.0 - 18.0;
        scene.line(c + p(-60.0, y), c + p(60.0, y)).stroke(inks.blue, width);
    }
    scene.line(c + p(-60.0, 38.0), c + p(60.0, 38.0)).stroke(inks.gold, 4.0).dash(0.0, 8.0).round();
    let c = cell(scene, inks, 3, 0, "bow there and back");
    let (a, b) = (c - p(60.0, 0.0), c + p(60.0, 0.0));
    for (quad, color) in [(Quad::bow(a, b, 18.0), inks.blue), (Quad::bow(b, a, 18.0), inks.gold)] {
        scene.quad(quad.part(0.0, 0.8)).stroke(color, 1.5);
        scene.quad(quad.part(0.8, 1.0)).stroke(color, 1.5).dash(2.0, 3.0);
        let (tip, way) = (quad.at(0.4), quad.heading(0.4));
        let side = way.perpendicular() * 5.0;
        scene.polygon([tip + way * 8.0, tip + side, tip - side]).fill(color);
    }
    let c = cell(scene, inks, 0, 1, "cubic");
    scene
        .cubic(Cubic::new(c - p(60.0, 0.0), c - p(0.0, 90.0), c + p(0.0, 90.0), c + p(60.0, 0.0)))
        .stroke(inks.blue, 3.0)
        .round();
}

fn forms(scene: &mut Scene, inks: &Inks) {
    let c = cell(scene, inks, 1, 1, "path, its name cut short to fit");
    let zigzag = (0..7u8).map(|i| c + p(f32::from(i) * 8.0 - 66.0, if i % 2 == 0 { -12.0 } else { 12.0 }));
    scene.polyline(zigzag).stroke(inks.blue, 2.0);
    let corners = (0..6u8).map(|i| (c + p(8.0, 0.0)).around(16.0, f32::from(i) * TAU / 6.0));
    scene.polygon(corners).fill(inks.gold).stroke(inks.text, 1.0);
    let o = c + p(50.0, 0.0);
    scene
        .path()
        .start(o + p(0.0, -22.0))
        .cubic(o + p(30.0, -20.0), o + p(24.0, 20.0), o + p(0.0, 22.0))
        .quad(o + p(-26.0, 0.0), o + p(0.0, -22.0))
        .close()
        .lines([o + p(-5.0, -5.0), o + p(-5.0, 5.0), o + p(5.0, 5.0), o + p(5.0, -5.0)])
        .close()
        .fill(inks.blue);
    let c = cell(scene, inks, 2, 1, "box");
    scene.rect(Rect::centered(c - p(45.0, 0.0), Size::new(30.0, 40.0))).fill(inks.gold);
    scene.round_rect(Rect::centered(c, Size::new(40.0, 40.0)), 8.0).stroke(inks.blue, 2.0);
    scene.round_rect(Rect::centered(c + p(50.0, 0.0), Size::new(40.0, 16.0)), 99.0).fill(inks.blue);
}

fn writing(scene: &mut Scene, inks: &Inks) {
    let c = cell(scene, inks, 3, 1, "anchors and baselines");
    let line = |scene: &mut Scene, y: f32| {
        scene.line(c + p(-70.0, y), c + p(70.0, y)).stroke(inks.faint, 1.0);
    };
    [-18.0, 6.0, 30.0].into_iter().for_each(|y| line(scene, y));
    let three = [(Anchor::Start, -70.0), (Anchor::Middle, 0.0), (Anchor::End, 70.0)];
    for (anchor, x) in three {
        for (baseline, y) in [(Baseline::Foot, -18.0), (Baseline::Middle, 6.0), (Baseline::Head, 30.0)] {
            scene.text(c + p(x, y), "Hxg").size(13.0).anchor(anchor).baseline(baseline).fill(inks.text);
        }
    }
    let c = cell(scene, inks, 0, 2, "weight, family, ellipsis");
    scene.text(c + p(-70.0, -16.0), "regular 01").size(12.0).fill(inks.text);
    scene.text(c + p(70.0, -16.0), "bold 45").size(12.0).bold().anchor(Anchor::End).fill(inks.blue);
    scene.text(c + p(-70.0, 6.0), "mono x = 7; <&>").size(12.0).mono().fill(inks.text);
    scene
        .text(c + p(-70.0, 28.0), "a sentence too long for its cell")
        .size(13.0)
        .max_width(140.0)
        .fill(inks.text);
    let c = cell(scene, inks, 1, 2, "halo");
    for i in 0..12u8 {
        let x = f32::from(i) * 12.0 - 66.0;
        scene.line(c + p(x, -24.0), c + p(x + 10.0, 40.0)).stroke(inks.blue, 2.0);
    }
    scene.text(c + p(0.0, 8.0), "over lines").size(16.0).bold().middle().halo(inks.ground).fill(inks.text);
}

fn labels(scene: &mut Scene, inks: &Inks) {
    let c = wide_cell(scene, inks, (2, 2), 336.0, "labels: the later, the less important");
    let bounds = Rect::centered(c + p(0.0, 4.0), Size::new(320.0, 84.0));
    let mut labels = Labels::default();
    labels.begin(bounds);
    for i in 0..14u8 {
        let (across, down) = (f32::from(i * 5 % 14) * 21.0 - 136.0, f32::from(i * 3 % 7) * 11.0 - 29.0);
        let at = c + p(across, down);
        scene.circle(at, 4.0).fill(inks.gold);
        labels.block_disc(at, 4.0);
        labels.ask(-i32::from(i), format_args!("node {i}"), inks.text).size(11.0).beside(at, 7.0);
    }
    labels.place(scene);
}

#[test]
fn every_brush() {
    kept("brushes-light", &brushes(&LIGHT));
    kept("brushes-dark", &brushes(&DARK));
}

proptest! {
    /// Whatever is written, the SVG is well-formed, has the elements it should, and says the words.
    #[test]
    fn words_stay_words(
        words in r#"(<|>|&|"|'|]]>|<!--|</text>|<script>|&#0;|\PC|[\u{0}-\u{20}]|[\u{7f}-\u{9f}]|\u{fffe}|\u{ffff})*"#,
        max in proptest::option::of(-5.0f32..200.0),
    ) {
        let mut scene = Scene::new(Size::new(100.0, 100.0), Color::WHITE);
        scene.describe(&words, &words);
        scene.text(p(5.0, 50.0), &words).max_width(max).fill(Color::BLACK).title(&words);
        let svg = scene.to_svg();
        let document = roxmltree::Document::parse(&svg).unwrap();
        let root = document.root_element();
        let names: Vec<_> = root.descendants().filter(|n| n.is_element()).map(|n| n.tag_name().name()).collect();
        let expected: &[&str] = match words.is_empty() {
            true => &["svg", "rect", "text", "title"],
            false => &["svg", "title", "desc", "rect", "text", "title"],
        };
        prop_assert_eq!(names, expected);
        prop_assert!(root.descendants().all(|n| !n.is_comment() && !n.is_pi()));
        let shown = |c: char| match c {
            '\t' | '\n' | '\r' => ' ',
            '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
            c if c.is_control() => '\u{fffd}',
            c => c,
        };
        let said: String = words.chars().map(shown).collect();
        let title = root.descendants().rfind(|n| n.has_tag_name(("http://www.w3.org/2000/svg", "title")));
        prop_assert_eq!(title.and_then(|n| n.text()).unwrap_or(""), said.as_str());
    }

    /// Hostile numbers make no hostile pictures, and no panics.
    #[test]
    fn any_number_draws(v in proptest::collection::vec(any::<f32>(), 8)) {
        let mut scene = Scene::new(Size::new(v[0], v[1]), Color::WHITE);
        let (a, b, c) = (p(v[0], v[1]), p(v[2], v[3]), p(v[4], v[5]));
        let ink = Color::BLACK.with_alpha(v[6]);
        scene.circle(a, v[2]).fill(ink).stroke(ink, v[3]).dash(v[4], v[5]).tag(Tag(1));
        scene.arc(a, v[2], v[3], v[4]).fill(ink).stroke(ink, 1.0).tag(Tag(2));
        scene.quad(Quad::bow(a, b, v[4])).stroke(ink, 1.0).opacity(v[7]).tag(Tag(3));
        scene.cubic(Cubic::new(a, b, c, a)).fill(ink).tag(Tag(4));
        scene.round_rect(Rect::new(v[0], v[1], v[2], v[3]), v[4]).fill(ink).tag(Tag(5));
        scene.polygon([a, b, c]).stroke(ink, v[6]).tag(Tag(6));
        scene.text(a, "words").size(v[5]).max_width(v[7]).fill(ink).tag(Tag(7));
        let svg = scene.to_svg();
        roxmltree::Document::parse(&svg).unwrap();
        prop_assert!(!svg.contains("NaN") && !svg.contains("inf"));
        scene.hit(b, v[6]);
    }
}
