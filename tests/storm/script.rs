//! Storms as scenario files, for any protocol.

/// Every kind of trouble that a nemesis knows.
pub const ALL: &str =
    r#""crash", "pause", "cut", "one-way", "partial", "loss", "slow-disk", "slow-node", "clock""#;

/// What a storm is made of; [`Storm::of`] is the usual one.
#[derive(Clone)]
pub struct Storm {
    pub protocol: &'static str,
    pub nodes: u16,
    pub until: &'static str,
    /// The inside of `knobs`.
    pub knobs: String,
    /// The inside of `[network]`.
    pub network: &'static str,
    /// How long a sync takes.
    pub sync: &'static str,
    /// Each of them by [`client`].
    pub clients: Vec<String>,
    /// The inside of the nemesis's `kinds`.
    pub kinds: String,
    /// How often the nemesis strikes, from when on, and until when.
    pub strikes: [&'static str; 3],
    /// What its one variant says besides its name.
    pub judged: String,
}

impl Storm {
    /// Five nodes, links that lose and double a little, and everything that can go wrong for ten of 16 seconds.
    pub fn of(protocol: &'static str) -> Storm {
        Storm {
            protocol,
            nodes: 5,
            until: "16s",
            knobs: String::new(),
            network: "latency = { median = \"10ms\", p99 = \"60ms\" }\nloss = 0.02\nduplicate = 0.02",
            sync: "2ms",
            clients: Vec::new(),
            kinds: ALL.to_owned(),
            strikes: ["500ms", "1s", "11s"],
            judged: String::new(),
        }
    }

    pub fn text(&self) -> String {
        let Storm { protocol, nodes, until, knobs, network, sync, kinds, judged, .. } = self;
        let [every, from, to] = self.strikes;
        let clients = self.clients.concat();
        format!(
            r#"
title = "storm"
protocol = "{protocol}"
nodes = {nodes}
seed = 1
until = "{until}"
knobs = {{ {knobs} }}
[network]
{network}
[machine]
sync = "{sync}"
{clients}
[nemesis]
kinds = [{kinds}]
every = "{every}"
from = "{from}"
until = "{to}"
[[variant]]
name = "judged"
{judged}
"#
        )
    }
}

/// A client that asks for these in turn; `more` are further lines.
pub fn client(name: &str, asks: &str, every: &str, more: &[&str]) -> String {
    let more = more.join("\n");
    format!("[[client]]\nname = \"{name}\"\nasks = [{asks}]\nevery = \"{every}\"\n{more}\n")
}
