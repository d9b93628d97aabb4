//! Which side of a drawn line everybody stands on.

use crate::paint::point::crossing;
use crate::paint::{Point, Size};

/// For each place: is it on the other side of the line than the first? The line goes on straight beyond its ends.
pub(super) fn split(line: &[Point], places: &[Point], size: Size) -> Vec<bool> {
    let long = longer(line, size);
    let Some(first) = places.first() else { return Vec::new() };
    let crossings = |place: &Point| {
        long.windows(2).filter(|piece| crossing(*first, *place, piece[0], piece[1]).is_some()).count()
    };
    places.iter().map(|place| crossings(place) % 2 == 1).collect()
}

/// The line with its ends drawn out beyond the stage.
fn longer(line: &[Point], size: Size) -> Vec<Point> {
    let (Some(first), Some(last)) = (line.first(), line.last()) else { return Vec::new() };
    let far = 4.0 * (size.width + size.height);
    // A hand trembles where it starts and stops: the ends head where the line as a whole does.
    let heading = (*last - *first).unit();
    let mut long = vec![*first - heading * far];
    long.extend(line);
    long.push(*last + heading * far);
    long
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_parts_what_stands_left_and_right_of_it() {
        let size = Size::new(100.0, 100.0);
        let places = [Point::new(20.0, 50.0), Point::new(80.0, 50.0), Point::new(30.0, 10.0)];
        let down = [Point::new(50.0, 40.0), Point::new(52.0, 60.0)];
        assert_eq!(split(&down, &places, size), [false, true, false]);
        let across = [Point::new(0.0, 30.0), Point::new(100.0, 30.0)];
        assert_eq!(split(&across, &places, size), [false, false, true]);
        assert_eq!(split(&[], &places, size), [false, false, false]);
    }
}
