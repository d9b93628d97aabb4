//! An order in which nothing comes before what it waits for (Kahn, "Topological Sorting of Large Networks", 1962).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Puts all places in order, the smaller first where there is a choice. `waits` are, for each place, those before it.
///
/// # Errors
/// They go round in a circle: the places that wait for ever.
pub fn in_order<T>(waits: &[Vec<T>], place: impl Fn(&T) -> usize) -> Result<Vec<usize>, Vec<bool>> {
    let mut leads_to: Vec<Vec<usize>> = vec![Vec::new(); waits.len()];
    let mut left: Vec<usize> = waits.iter().map(Vec::len).collect();
    for (to, waits) in waits.iter().enumerate() {
        waits.iter().for_each(|from| leads_to[place(from)].push(to));
    }
    let mut ready: BinaryHeap<Reverse<usize>> =
        (0..waits.len()).filter(|place| left[*place] == 0).map(Reverse).collect();
    let mut order = Vec::with_capacity(waits.len());
    while let Some(Reverse(next)) = ready.pop() {
        order.push(next);
        for to in &leads_to[next] {
            left[*to] -= 1;
            if left[*to] == 0 {
                ready.push(Reverse(*to));
            }
        }
    }
    if order.len() == waits.len() { Ok(order) } else { Err(left.iter().map(|left| *left > 0).collect()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smaller_goes_first_and_who_waits_for_itself_never() {
        let place = |place: &usize| *place;
        assert_eq!(in_order(&[vec![2], vec![], vec![1], vec![]], place), Ok(vec![1, 2, 0, 3]));
        assert_eq!(
            in_order(&[vec![], vec![2], vec![1, 0], vec![2]], place),
            Err(vec![false, true, true, true])
        );
    }
}
