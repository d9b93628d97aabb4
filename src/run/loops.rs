//! Closed loops: clients that wait for an answer before they ask for more, and what that hides (Schroeder, Wierman and
//! Harchol-Balter, "Open Versus Closed: A Cautionary Tale", NSDI 2006).

use super::erased::Run;
use crate::workload::{Client, Pace};

/// How many operations clients with a clock of their own left out up to now, because they still waited for the one
/// before: what a closed loop omits (Tene, "How Not to Measure Latency", 2013).
pub fn skipped(run: &dyn Run) -> u64 {
    let mut asked = vec![0_u64; run.plan().clients.len()];
    let first = run.names().nodes;
    for op in run.trace().ops.iter().filter(|op| op.invoked.0 < run.events()) {
        if let Some(count) = asked.get_mut(usize::from(op.client.0.saturating_sub(first))) {
            *count += 1;
        }
    }
    let left_out = |(client, asked): (&Client, u64)| match client.pace {
        Pace::Every(every) if client.from <= run.now() => {
            let ticks = run.now().min(client.to).since(client.from).0 / every.0.max(1) + 1;
            ticks.saturating_sub(asked)
        }
        _ => 0,
    };
    run.plan().clients.iter().zip(asked).map(left_out).sum()
}

/// The clients of a run that wait for an answer before they ask for more, by name: they load a slow service less, so
/// that figures show how they asked and not what the service can do.
pub fn closed_loops(run: &dyn Run) -> impl Iterator<Item = &str> {
    run.plan().clients.iter().filter(|client| !client.pace.is_open()).map(|client| client.name.as_str())
}
