//! Loss is told of only where it is judged, and found.

use faultline::check::Verdict;

use super::{complain, ended, said, verdicts, words};
use crate::common::Scene;

pub(super) fn are_real(scene: &Scene) {
    let words = words();
    let mut run = ended(scene);
    let verdicts = verdicts(&*run);
    let judged: Vec<&String> =
        words.no_loss_promises.iter().filter(|name| verdicts.contains_key(name.as_str())).collect();
    let broken = judged.iter().any(|name| matches!(verdicts[name.as_str()], Verdict::Broken(_)));
    let has = |list: &[String], text: &str| list.iter().any(|word| text.contains(word.as_str()));
    let tells = |text: &str| has(&words.loss, text) && !has(&words.no_loss, text);
    let mut complaints = Vec::new();
    for (line, sentence) in said(&mut *run) {
        if tells(&sentence.to_lowercase()) && !broken {
            let why = if judged.is_empty() { "no promise of no loss is judged" } else { "nothing is lost" };
            complaints.push(format!("at {}: {sentence:?}, and {why}", line.at));
        }
    }
    complain(scene, &complaints, "Bind the sentence to the variants in which it is true.");
}
