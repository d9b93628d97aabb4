//! Same scenario, seed and acts: same trace to the bit, however it is looked at.

use faultline::run::cast;
use faultline::run::lanes::Against;
use faultline::run::{Run, Session};
use faultline::scenario::{Link, Overrides};
use faultline::sim::{Dice, Time};

use crate::Law;
use crate::common::Scene;

pub const LAWS: &[Law] = &[
    ("a_run_is_the_same_twice", a_run_is_the_same_twice),
    ("another_seed_is_another_run", another_seed_is_another_run),
    ("whoever_looks_not_sees_the_same_verdicts", whoever_looks_not_sees_the_same_verdicts),
    ("going_anywhere_is_having_run_there", going_anywhere_is_having_run_there),
    ("forking_and_going_back_is_never_having_forked", forking_and_going_back_is_never_having_forked),
    ("a_link_opens_to_the_same_trace", a_link_opens_to_the_same_trace),
    ("what_stands_beside_is_the_variant_itself", what_stands_beside_is_the_variant_itself),
];

fn ends(run: &mut dyn Run) -> String {
    run.seek(run.plan().until, u32::MAX);
    run.fingerprint().hex()
}

fn moments(scene: &Scene, count: usize) -> Vec<Time> {
    let until = scene.plan(&Overrides::default()).until.0;
    let mut dice = Dice::named(7, "moments", 0);
    (0..count).map(|_| Time(dice.below(until))).collect()
}

fn a_run_is_the_same_twice(scene: &Scene) {
    assert_eq!(ends(&mut *scene.run()), ends(&mut *scene.run()), "{}", scene.title());
}

fn another_seed_is_another_run(scene: &Scene) {
    // It leaves nothing to chance, and is the same under all.
    if scene.name == "old-term-commit" {
        return;
    }
    let over = Overrides { seed: Some(987_654), ..Overrides::default() };
    let mut other = cast::play(scene.plan(&over)).expect("in the cast");
    assert_ne!(ends(&mut *scene.run()), ends(&mut *other), "{}", scene.title());
}

fn whoever_looks_not_sees_the_same_verdicts(scene: &Scene) {
    let mut seen = scene.run();
    let mut unseen = cast::blind(scene.plan(&Overrides::default())).expect("in the cast");
    ends(&mut *seen);
    ends(&mut *unseen);
    let said = |run: &dyn Run| format!("{:?}", run.verdicts());
    assert_eq!(said(&*seen), said(&*unseen), "{}", scene.title());
    assert_eq!(seen.events(), unseen.events(), "{}", scene.title());
}

fn going_anywhere_is_having_run_there(scene: &Scene) {
    if !scene.is_drawn() {
        return;
    }
    let mut wanderer = scene.run();
    let end = ends(&mut *wanderer);
    for at in moments(scene, 3) {
        wanderer.seek(at, u32::MAX);
        let mut walker = scene.run();
        walker.seek(at, u32::MAX);
        assert_eq!(wanderer.fingerprint(), walker.fingerprint(), "{} at {at}", scene.title());
        assert_eq!(wanderer.events(), walker.events());
        wanderer.step(3);
        wanderer.step(-3);
    }
    assert_eq!(ends(&mut *wanderer), end, "{}", scene.title());
}

fn forking_and_going_back_is_never_having_forked(scene: &Scene) {
    if !scene.is_drawn() {
        return;
    }
    let mut session = scene.session();
    let end = ends(session.run_mut());
    for (at, n) in moments(scene, 2).into_iter().zip(1..) {
        session.run_mut().seek(at, u32::MAX);
        let deed = format!("crash = \"n{}\"", n % 3 + 1);
        session.act(faultline::scenario::tree::Table::parse(&deed).expect("an act")).expect("it can be done");
        let forked = ends(session.run_mut());
        assert!(session.undo());
        assert_eq!(ends(session.run_mut()), end, "{} undone at {at}", scene.title());
        assert!(session.redo());
        assert_eq!(ends(session.run_mut()), forked, "{} redone at {at}", scene.title());
        assert!(session.undo());
    }
}

/// Acts of the script may be for some variants only: beside another variant each has its own.
fn what_stands_beside_is_the_variant_itself(scene: &Scene) {
    let mut session = Session::open(&scene.name, &scene.text).expect("it opens");
    let Some(variant) = scene.variant.clone().filter(|name| session.variant() != Some(name)) else { return };
    session.put_beside(vec![Against::Variant(variant)]).expect("there is room");
    let until = session.run().plan().until;
    session.run_mut().seek(until, u32::MAX);
    session.follow_beside();
    let beside = session.lanes()[0].run.fingerprint().hex();
    assert_eq!(beside, ends(&mut *scene.run()), "{}", scene.title());
}

fn a_link_opens_to_the_same_trace(scene: &Scene) {
    let mut session = scene.session();
    for (at, deed) in
        moments(scene, 3).into_iter().zip(["crash = \"n2\"", "cut = [[\"n1\"], [\"n3\"]]", "heal = \"all\""])
    {
        session.run_mut().seek(at, u32::MAX);
        session.act(faultline::scenario::tree::Table::parse(deed).expect("an act")).expect("it can be done");
    }
    let until = session.run().plan().until;
    session.run_mut().seek(until, u32::MAX);
    for whole in [false, true] {
        let link = session.link(whole, None).expect("it is short");
        let read = Link::read(&link).expect("our own link");
        let (mut opened, arrival) = Session::follow(&read, &scene.text).expect("it opens");
        assert_eq!(arrival.warning, None, "{}", scene.title());
        assert_eq!(ends(opened.run_mut()), ends(session.run_mut()), "{}", scene.title());
    }
}
