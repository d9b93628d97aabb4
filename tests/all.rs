//! All tests but those that run every lesson, in one program: the library is linked once, and both cores have work.
//! `cargo test --test all raft::` runs those of one file.

mod common;
mod storm;

mod acknowledged;
mod causal;
mod crdt;
mod departures;
mod failing_nodes;
mod figures;
mod fingerprints;
mod gossip;
mod hostile;
mod judge_agreement;
mod judge_formats;
mod judge_hard;
mod judge_promises;
mod judge_run;
mod knobs;
mod levels;
mod links;
mod losses;
mod nemesis;
mod objectives;
mod order;
mod paired;
mod pictures;
mod primary_backup;
mod primary_backup_forgetting;
mod primary_backup_rules;
mod published;
mod quorum;
mod quorum_clients;
mod raft;
mod raft_fork;
mod raft_safety;
mod readme;
mod schema;
mod sessions;
mod storms;
mod terminal;
mod tidy;
mod told;
mod views;
mod workload;
