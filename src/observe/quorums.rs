//! What arithmetic says of quorums, to hold measurements against.

/// The chance that a read misses all of the last `versions` writes, where every read and every write takes a quorum at
/// random and nothing spreads afterwards: (C(N − W, R) / C(N, R))^k (Bailis et al., "Probabilistically Bounded Staleness
/// for Practical Partial Quorums", VLDB 2012, section 3.1).
pub fn missing_versions(replicas: u32, read: u32, write: u32, versions: u32) -> f64 {
    let one = choose(replicas.saturating_sub(write), read) / choose(replicas, read);
    libm::pow(one, versions.into())
}

/// The chance that at least `needed` of so many replicas are up, each by itself with the chance `up`.
pub fn availability(replicas: u32, needed: u32, up: f64) -> f64 {
    let exactly =
        |k: u32| choose(replicas, k) * libm::pow(up, k.into()) * libm::pow(1.0 - up, (replicas - k).into());
    (needed..=replicas).map(exactly).sum()
}

/// The chance that a read which begins `after` the acknowledgement sees the write, in the model that Bailis et al. call
/// WARS (section 4.1), solved for N = 3, R = W = 1: a write takes an exponential time of mean `write` to each replica;
/// the acknowledgement, the question of a reader and its answer take exponential times of mean `other`. One unit for
/// all three; the means must differ.
///
/// The reader asks whom its answer comes from, and this replica has not got the write. Then one of the other two
/// acknowledged it, after the shorter of two times T of a write and its acknowledgement; and the write takes to this
/// replica longer than T, and `after`, and the time R of the question that is answered first. Exponential times forget:
/// that is E[exp(−λT)] · exp(−λ·after) · E[exp(−λR)], λ being one over `write`.
pub fn fresh_share(write: f64, other: f64, after: f64) -> f64 {
    let (w, o) = (1.0 / write, 1.0 / other);
    // P(one write and its acknowledgement take longer than x) = (o·exp(−w·x) − w·exp(−o·x)) / (o − w); squared for the
    // shorter of two, and integrated with exp(−w·x).
    let both = o * o / (3.0 * w) - 2.0 * w * o / (2.0 * w + o) + w * w / (w + 2.0 * o);
    let acknowledged = 1.0 - w / ((o - w) * (o - w)) * both;
    // Of the answer that comes first the question took any part of the whole time s alike; s is the shortest of three
    // sums of two exponential times, with the density 3·o²·s·(1 + o·s)²·exp(−3·o·s).
    let integral = |rate: f64| 1.0 / rate + 2.0 * o / (rate * rate) + 2.0 * o * o / (rate * rate * rate);
    let asked = 3.0 * o * o / w * (integral(3.0 * o) - integral(3.0 * o + w));
    1.0 - acknowledged * asked * libm::exp(-w * after)
}

/// The number of ways to choose `k` of `n`.
fn choose(n: u32, k: u32) -> f64 {
    if k > n {
        return 0.0;
    }
    (0..k).fold(1.0, |ways, i| ways * f64::from(n - i) / f64::from(i + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::Dice;

    /// `count` different ones of `0..of`, as bits.
    fn quorum(of: u32, count: u32, dice: &mut Dice) -> u32 {
        let mut chosen = 0u32;
        while chosen.count_ones() < count {
            chosen |= 1 << dice.below(of.into());
        }
        chosen
    }

    #[test]
    fn random_quorums_miss_as_many_versions_as_the_formula_says() {
        let mut dice = Dice::named(1, "quorums", 0);
        for (n, r, w) in [(3, 1, 1), (3, 1, 2), (5, 2, 2), (3, 2, 2)] {
            let mut missed = [0u32; 4];
            for _ in 0..40_000 {
                let read = quorum(n, r, &mut dice);
                let misses = (0..4).take_while(|_| read & quorum(n, w, &mut dice) == 0).count();
                missed[..misses].iter_mut().for_each(|count| *count += 1);
            }
            for (versions, count) in (1..).zip(missed) {
                let (drawn, said) = (f64::from(count) / 40_000.0, missing_versions(n, r, w, versions));
                assert!((drawn - said).abs() < 0.01, "{n} {r} {w} {versions}: {drawn}, {said}");
            }
        }
    }

    #[test]
    fn the_numbers_of_section_3_1() {
        for (versions, within) in [(2, 0.556), (3, 0.704), (5, 0.868), (10, 0.983)] {
            assert!((1.0 - missing_versions(3, 1, 1, versions) - within).abs() < 0.001, "{versions}");
        }
    }

    #[test]
    fn three_of_five() {
        assert!((availability(5, 3, 0.9) - 0.99144).abs() < 1e-12);
        assert!((availability(5, 0, 0.9) - 1.0).abs() < 1e-12 && availability(3, 4, 0.9) == 0.0);
    }

    #[test]
    fn what_is_written_fast_is_seen_at_once() {
        // With equal means the two factors are 10/27 and 193/288.
        assert!((fresh_share(1.0, 1.000_01, 0.0) - 0.7518).abs() < 0.001);
        assert!(fresh_share(0.01, 1.0, 0.0) > 0.999 && fresh_share(10.0, 1.0, 65.0) > 0.999);
    }
}
