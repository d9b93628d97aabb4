//! The replicated data types do what they say, however copies are changed, delayed and merged: in any order, again and
//! again.

use faultline::protocol::crdt::{Context, Dot, LwwRegister, Merged, MvRegister, OrSet, PnCounter};
use faultline::sim::NodeId;
use proptest::prelude::*;

/// What happens to one of three copies.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Add {
        at: u16,
        value: i64,
    },
    Remove {
        at: u16,
        value: i64,
    },
    /// One hears what another has by now.
    Hear {
        at: u16,
        from: u16,
    },
    /// One hears again what somebody changed some time ago.
    Again {
        at: u16,
        part: usize,
    },
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        3 => (0u16..3, 0i64..4).prop_map(|(at, value)| Deed::Add { at, value }),
        2 => (0u16..3, 0i64..4).prop_map(|(at, value)| Deed::Remove { at, value }),
        2 => (0u16..3, 0u16..3).prop_map(|(at, from)| Deed::Hear { at, from }),
        2 => (0u16..3, 0usize..64).prop_map(|(at, part)| Deed::Again { at, part }),
    ];
    prop::collection::vec(deed, 1..40)
}

/// A type under test: what the deeds make of it.
trait Type: Clone + PartialEq + std::fmt::Debug + Default {
    fn add(&mut self, dot: Dot, value: i64) -> Self;
    fn remove(&mut self, dot: Dot, value: i64) -> Self;
    fn join(&mut self, other: &Self);
}

impl Type for PnCounter {
    fn add(&mut self, dot: Dot, value: i64) -> Self {
        PnCounter::add(self, dot.node, value).expect("it is little")
    }
    fn remove(&mut self, dot: Dot, value: i64) -> Self {
        PnCounter::add(self, dot.node, -value).expect("it is little")
    }
    fn join(&mut self, other: &Self) {
        self.merge(other);
    }
}

impl Type for OrSet<i64> {
    fn add(&mut self, dot: Dot, value: i64) -> Self {
        let seen = self.dots(&value).iter().copied().collect();
        let part = OrSet::inserted(value, dot, seen);
        self.merge(&part);
        part
    }
    fn remove(&mut self, _dot: Dot, value: i64) -> Self {
        let part = OrSet::removed(self.dots(&value).iter().copied().collect());
        self.merge(&part);
        part
    }
    fn join(&mut self, other: &Self) {
        self.merge(other);
    }
}

impl Type for MvRegister<i64> {
    fn add(&mut self, dot: Dot, value: i64) -> Self {
        let part = MvRegister::written(dot, value, self.seen().clone());
        self.merge(&part);
        part
    }
    /// A write by somebody who has seen nothing.
    fn remove(&mut self, dot: Dot, value: i64) -> Self {
        let part = MvRegister::written(dot, -value, Context::default());
        self.merge(&part);
        part
    }
    fn join(&mut self, other: &Self) {
        self.merge(other);
    }
}

/// Nothing, or a value with a stamp.
#[derive(Clone, Debug, Default, PartialEq)]
struct Latest(Option<LwwRegister<(u64, NodeId), i64>>);

impl Type for Latest {
    fn add(&mut self, dot: Dot, value: i64) -> Self {
        let part = Latest(Some(LwwRegister::new((dot.count, dot.node), value)));
        self.join(&part);
        part
    }
    fn remove(&mut self, dot: Dot, value: i64) -> Self {
        self.add(dot, -value)
    }
    fn join(&mut self, other: &Self) {
        match (&mut self.0, &other.0) {
            (Some(mine), Some(theirs)) => mine.merge(theirs),
            (mine @ None, theirs) => *mine = theirs.clone(),
            (Some(_), None) => {}
        }
    }
}

/// Everything that the three copies ever were, and every part that was handed back.
struct Past<T> {
    copies: Vec<T>,
    states: Vec<T>,
    parts: Vec<T>,
}

fn lived<T: Type>(deeds: &[Deed]) -> Past<T> {
    let mut past = Past { copies: vec![T::default(); 3], states: vec![T::default()], parts: Vec::new() };
    for (deed, count) in deeds.iter().zip(1..) {
        let changed = match *deed {
            Deed::Add { at, value } => {
                past.parts.push(past.copies[usize::from(at)].add(Dot { node: NodeId(at), count }, value));
                at
            }
            Deed::Remove { at, value } => {
                past.parts.push(past.copies[usize::from(at)].remove(Dot { node: NodeId(at), count }, value));
                at
            }
            Deed::Hear { at, from } => {
                let heard = past.copies[usize::from(from)].clone();
                past.copies[usize::from(at)].join(&heard);
                at
            }
            Deed::Again { at, part } => {
                if let Some(part) = past.parts.get(part) {
                    past.copies[usize::from(at)].join(part);
                }
                at
            }
        };
        past.states.push(past.copies[usize::from(changed)].clone());
    }
    past
}

fn joined<T: Type>(one: &T, other: &T) -> T {
    let mut both = one.clone();
    both.join(other);
    both
}

/// Everything merged in an order of chance: by states, and by the parts alone.
fn laws<T: Type>(deeds: &[Deed], shuffle: &[usize]) -> Result<(), TestCaseError> {
    let past = lived::<T>(deeds);
    let (states, parts) = (&past.states, &past.parts);
    for pick in shuffle.windows(3) {
        let [a, b, c] = [0, 1, 2].map(|i| &states[pick[i] % states.len()]);
        prop_assert_eq!(joined(a, b), joined(b, a));
        prop_assert_eq!(joined(&joined(a, b), c), joined(a, &joined(b, c)));
        prop_assert_eq!(&joined(a, a), a);
        prop_assert_eq!(joined(&joined(a, b), b), joined(a, b));
    }
    let all = past.copies.iter().fold(T::default(), |all, copy| joined(&all, copy));
    let mut order: Vec<&T> = parts.iter().collect();
    for (i, pick) in shuffle.iter().enumerate().take(order.len()) {
        let other = pick % order.len();
        order.swap(i, other);
    }
    let twice = order.iter().chain(order.iter().rev()).fold(T::default(), |all, part| joined(&all, part));
    prop_assert_eq!(twice, all);
    Ok(())
}

/// What the three copies amount to when everybody has heard of everything.
fn settled<T: Type>(deeds: &[Deed]) -> T {
    lived::<T>(deeds).copies.iter().fold(T::default(), |all, copy| joined(&all, copy))
}

/// What is told of a merge is what a look at both copies before it and at what came of it says.
fn tells<T: Type>(
    deeds: &[Deed],
    merge: fn(&mut T, &T) -> Merged<i64>,
    versions: fn(&T) -> Vec<(Dot, i64)>,
) -> Result<(), TestCaseError> {
    let states = lived::<T>(deeds).states;
    for (mine, theirs) in states.iter().flat_map(|mine| states.iter().map(move |theirs| (mine, theirs))) {
        let mut both = mine.clone();
        let Merged { changed, mut let_go } = merge(&mut both, theirs);
        let stand = versions(&both);
        let mut gone: Vec<_> = versions(mine).into_iter().chain(versions(theirs)).collect();
        gone.retain(|version| !stand.contains(version));
        gone.sort_unstable();
        gone.dedup();
        let_go.sort_unstable();
        prop_assert_eq!((changed, let_go), (both != *mine, gone));
    }
    Ok(())
}

/// Which earlier deeds each of three copies has heard of, deed by deed: the ground truth that no type knows of. `tells`
/// says whether the part that a deed hands back also stands for an earlier one that its copy had heard of.
fn known(deeds: &[Deed], tells: impl Fn(&Deed, &Deed) -> bool) -> Vec<Vec<bool>> {
    let mut copies = vec![vec![false; deeds.len()]; 3];
    let mut parts: Vec<Vec<bool>> = Vec::new();
    let mut before = Vec::new();
    for (i, deed) in deeds.iter().enumerate() {
        let (Deed::Add { at, .. } | Deed::Remove { at, .. } | Deed::Hear { at, .. } | Deed::Again { at, .. }) =
            deed;
        let at = usize::from(*at);
        before.push(copies[at].clone());
        let heard = match *deed {
            Deed::Add { .. } | Deed::Remove { .. } => {
                let stands_for = |j: usize| j == i || copies[at][j] && tells(deed, &deeds[j]);
                parts.push((0..deeds.len()).map(stands_for).collect());
                parts.last().cloned()
            }
            Deed::Hear { from, .. } => Some(copies[usize::from(from)].clone()),
            Deed::Again { part, .. } => parts.get(part).cloned(),
        };
        for (mine, theirs) in copies[at].iter_mut().zip(heard.unwrap_or_default()) {
            *mine |= theirs;
        }
    }
    before
}

#[test]
fn a_node_that_cannot_count_on_adds_nothing() {
    let (mut counter, node) = (PnCounter::default(), NodeId(0));
    assert!(counter.add(node, i64::MAX).is_some() && counter.add(node, i64::MAX).is_some());
    let before = counter.clone();
    assert_eq!(counter.add(node, 2), None);
    assert_eq!(counter, before);
    assert!(counter.add(node, 1).is_some() && counter.add(node, i64::MIN).is_some());
    assert_eq!(counter.add(node, i64::MIN), None);
}

proptest! {
    #[test]
    fn merging_is_commutative_associative_and_idempotent(
        deeds in deeds(), shuffle in prop::collection::vec(0usize..1000, 40),
    ) {
        laws::<PnCounter>(&deeds, &shuffle)?;
        laws::<OrSet<i64>>(&deeds, &shuffle)?;
        laws::<MvRegister<i64>>(&deeds, &shuffle)?;
        laws::<Latest>(&deeds, &shuffle)?;
    }

    #[test]
    fn a_merge_tells_what_it_did(deeds in deeds()) {
        tells::<OrSet<i64>>(&deeds, OrSet::merge, |set| {
            set.iter().flat_map(|(value, dots)| dots.iter().map(|dot| (*dot, *value))).collect()
        })?;
        tells::<MvRegister<i64>>(&deeds, MvRegister::merge, |register| {
            register.versions().map(|(dot, value)| (dot, *value)).collect()
        })?;
    }

    #[test]
    fn a_counter_counts_everything_once(deeds in deeds()) {
        let sum: i64 = deeds.iter().map(|deed| match deed {
            Deed::Add { value, .. } => *value,
            Deed::Remove { value, .. } => -value,
            _ => 0,
        }).sum();
        prop_assert_eq!(settled::<PnCounter>(&deeds).value(), sum);
    }

    #[test]
    fn what_was_added_and_not_knowingly_removed_is_in_the_set(deeds in deeds()) {
        // Whoever adds an element again replaces the additions of it that they have heard of.
        let known = known(&deeds, |deed, other| match (deed, other) {
            (Deed::Add { value, .. }, Deed::Add { value: other, .. }) => value == other,
            _ => false,
        });
        let survives = |i: usize, element: i64| !deeds.iter().enumerate().any(|(j, deed)| {
            matches!(deed, Deed::Remove { value, .. } if *value == element) && known[j][i]
        });
        let mut wanted: Vec<i64> = Vec::new();
        for (i, deed) in deeds.iter().enumerate() {
            if let Deed::Add { value, .. } = deed && survives(i, *value) {
                wanted.push(*value);
            }
        }
        wanted.sort_unstable();
        wanted.dedup();
        let set = settled::<OrSet<i64>>(&deeds);
        let elements: Vec<i64> = set.iter().map(|(value, _)| *value).collect();
        prop_assert_eq!(elements, wanted);
    }

    #[test]
    fn writes_that_no_write_has_seen_are_siblings(deeds in deeds()) {
        let known = known(&deeds, |deed, _| matches!(deed, Deed::Add { .. }));
        // A removal is a write by somebody who has seen nothing; a write by a copy overwrites what the copy knew.
        let overwritten = |i: usize| deeds.iter().enumerate().any(|(j, deed)| {
            matches!(deed, Deed::Add { .. }) && known[j][i]
        });
        let writes = deeds.iter().enumerate().filter_map(|(i, deed)| match deed {
            Deed::Add { value, .. } => Some((i, *value)),
            Deed::Remove { value, .. } => Some((i, -value)),
            _ => None,
        });
        let mut wanted: Vec<i64> = writes.filter(|(i, _)| !overwritten(*i)).map(|(_, value)| value).collect();
        let register = settled::<MvRegister<i64>>(&deeds);
        let mut versions: Vec<i64> = register.versions().map(|(_, value)| *value).collect();
        wanted.sort_unstable();
        versions.sort_unstable();
        prop_assert_eq!(versions, wanted);
    }

    #[test]
    fn the_last_writer_wins(deeds in deeds()) {
        let mut writes = deeds.iter().filter_map(|deed| match deed {
            Deed::Add { value, .. } => Some(*value),
            Deed::Remove { value, .. } => Some(-value),
            _ => None,
        });
        let latest = settled::<Latest>(&deeds).0.map(|register| *register.value());
        prop_assert_eq!(latest, writes.next_back());
    }

    #[test]
    fn a_context_travels_as_a_token(dots in prop::collection::vec((0u16..5, 1u64..12), 0..30), more in (0u16..5, 1u64..12)) {
        let dots: Vec<Dot> = dots.into_iter().map(|(node, count)| Dot { node: NodeId(node), count }).collect();
        let context: Context = dots.iter().copied().collect();
        prop_assert_eq!(&Context::from_token(&context.token()), &context);
        for node in 0..5 {
            for count in 1..12 {
                let dot = Dot { node: NodeId(node), count };
                prop_assert_eq!(context.contains(dot), dots.contains(&dot));
            }
        }
        let mut bigger = context.clone();
        let one = Dot { node: NodeId(more.0), count: more.1 };
        bigger.add(one);
        prop_assert!(bigger.contains(one));
        let mut both = context.clone();
        both.merge(&bigger);
        prop_assert_eq!(both, bigger);
    }
}
