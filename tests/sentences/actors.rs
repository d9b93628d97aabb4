//! A sentence about one server is said only where one did it.

use std::collections::BTreeSet;

use faultline::run::story::Kind;
use faultline::sim::{Micros, Time};

use super::{complain, ended, words};
use crate::common::Scene;

/// What happens so soon after another is seen at the same moment.
const AT_ONCE: Micros = Micros::from_millis(50);

pub(super) fn are_counted(scene: &Scene) {
    let words = words();
    let mut run = ended(scene);
    let story = run.story();
    let mut complaints = Vec::new();
    let captions = run.plan().captions.clone();
    for caption in &captions {
        let Some(note) = &caption.when.note else { continue };
        if caption.when.node.is_some() {
            continue;
        }
        let after = caption.when.after.unwrap_or(Time::ZERO);
        let wrote = |line: &&faultline::run::story::Line| {
            line.kind == Kind::Note && line.at >= after && line.text.contains(note.as_str())
        };
        let Some(first) = story.iter().find(wrote) else { continue };
        let at_once = story.iter().filter(wrote).filter(|line| line.at.since(first.at) <= AT_ONCE);
        let nodes: BTreeSet<_> = at_once.filter_map(|line| line.node).collect();
        let say = caption.say.to_lowercase();
        let is_one = words.one_actor.iter().any(|word| {
            let word = word.as_str();
            say.starts_with(&format!("{word} ")) || say.contains(&format!(" {word} "))
        });
        let is_said = story.iter().any(|line| line.kind == Kind::Caption && line.event >= first.event);
        if nodes.len() > 1 && is_one && is_said {
            let count = nodes.len();
            complaints.push(format!("at {}: {count} do it at once, and it says {:?}", first.at, caption.say));
        }
    }
    complain(scene, &complaints, "Bind the sentence to a variant or a node, or say how many did it.");
}
