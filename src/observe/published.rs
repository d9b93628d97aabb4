//! Numbers that others published, to be held and drawn beside what runs measure.

/// What a paper says of one variant of a scenario.
#[derive(Clone, Copy, Debug)]
pub struct Published {
    pub scenario: &'static str,
    pub variant: &'static str,
    pub source: &'static str,
    /// What is turned or waited for, and the share that comes of it.
    pub points: &'static [(f64, f64)],
}

/// Every number that a scenario reproduces.
pub const PUBLISHED: &[Published] = &[
    // Writes take 10 ms on average, all else 1 ms; points by the milliseconds since the acknowledgement.
    Published {
        scenario: "bounded-staleness",
        variant: "R = W = 1",
        source: "Bailis et al. 2012",
        points: &[(0.0, 0.41), (65.0, 0.999)],
    },
    // The latencies that were fitted to a store on slow disks, LNKD-DISK in table 3.
    Published {
        scenario: "bounded-staleness",
        variant: "R = W = 1, disks",
        source: "Bailis et al. 2012",
        points: &[(0.0, 0.439), (10.0, 0.925), (45.5, 0.999)],
    },
    // By how many of five replicas are needed, each of them up with the chance 0.9. Binomial sums are older than stores.
    Published {
        scenario: "quorum-availability",
        variant: "three of five",
        source: "the binomial sum, 0.99144",
        points: &[(3.0, 0.99144)],
    },
    // By the milliseconds since the leader crashed: what section 9.3 of the paper says ("a median downtime of 287ms"),
    // and the steps after two, four and five rounds, as the dissertation's drawing of the same figure has them.
    Published {
        scenario: "election-time",
        variant: "150 to 155 ms",
        source: "Ongaro and Ousterhout 2014",
        points: &[(287.0, 0.5), (360.0, 0.640), (660.0, 0.916), (810.0, 0.955)],
    },
    // "The worst-case completion time (over 1000 trials) was 513ms."
    Published {
        scenario: "election-time",
        variant: "150 to 200 ms",
        source: "Ongaro and Ousterhout 2014",
        points: &[(513.0, 1.0)],
    },
    // "The longest trial took 152ms"; the mean, 35 ms, is no point of this figure.
    Published {
        scenario: "election-time",
        variant: "12 to 24 ms",
        source: "Ongaro and Ousterhout 2014",
        points: &[(152.0, 1.0)],
    },
];

/// What is published of a variant of a scenario.
pub fn of(scenario: &str, variant: &str) -> impl Iterator<Item = &'static Published> {
    PUBLISHED.iter().filter(move |published| published.scenario == scenario && published.variant == variant)
}
