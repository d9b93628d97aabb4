//! Acts and settings as a script would write them: the page's list of acts, links and saved files all use it.

use super::length;
use super::plan::{Act, Deed};
use super::tree::{Table, Value};
use super::weather::write_delay;
use crate::sim::{EventId, Fault, Links, Micros, NodeId, Weather};

/// The table that a script would contain for this act, without its time and sentence.
pub fn write_deed(deed: &Deed, names: &dyn Fn(NodeId) -> String) -> Table {
    let node = |id: &NodeId| Value::Text(names(*id));
    let list = |ids: &[NodeId]| Value::from(ids.iter().map(node).collect::<Vec<_>>());
    let links = |links: &Links| match links {
        Links::All => "all".into(),
        Links::Between(groups) => groups.iter().map(|group| list(group)).collect::<Vec<_>>().into(),
        Links::OneWay { from, to } => table([("from", list(from)), ("to", list(to))]),
        Links::Each(ends) => {
            let pairs = ends.iter().map(|(from, to)| list(&[*from, *to])).collect::<Vec<_>>();
            table([("each", pairs.into())])
        }
    };
    let (key, value) = match deed {
        Deed::Fault(fault) => match fault {
            Fault::Crash(id) => ("crash", node(id)),
            Fault::Restart(id) => ("restart", node(id)),
            Fault::Pause(id) => ("pause", node(id)),
            Fault::Resume(id) => ("resume", node(id)),
            Fault::Fire(id) => ("fire", node(id)),
            Fault::Slow { node: id, times } => {
                ("slow", table([("node", node(id)), ("times", (*times).into())]))
            }
            Fault::Jump { node: id, by } => {
                ("clock", table([("node", node(id)), ("jump", length::write_signed(*by).into())]))
            }
            Fault::Drift { node: id, ppm } => {
                ("clock", table([("node", node(id)), ("drift", i64::from(*ppm).into())]))
            }
            Fault::Disk { node: id, sync } => {
                ("disk", table([("node", node(id)), ("sync", write_delay(sync))]))
            }
            Fault::Cut(set) => ("cut", links(set)),
            Fault::Hold(set) => ("hold", links(set)),
            Fault::Heal(set) => ("heal", links(set)),
            Fault::Weather { links: set, change } => ("weather", write_weather(links(set), change)),
            Fault::Drop(EventId(id)) => ("drop", i64::from(*id).into()),
            Fault::Duplicate(EventId(id)) => ("duplicate", i64::from(*id).into()),
            Fault::Delay { message: EventId(id), by } => {
                let by = length::write_signed(*by);
                ("delay", table([("message", i64::from(*id).into()), ("by", by.into())]))
            }
            Fault::Keep(EventId(id)) => ("keep", i64::from(*id).into()),
            Fault::Release(EventId(id)) => ("release", i64::from(*id).into()),
            Fault::Deliver(EventId(id)) => ("deliver", i64::from(*id).into()),
        },
        Deed::Ask { node: id, ask } => ("ask", table([("node", node(id)), ("op", ask.to_string().into())])),
    };
    let mut deed = Table::new();
    deed.insert(key, value);
    deed
}

fn table<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    let mut table = Table::new();
    pairs.into_iter().for_each(|(key, value)| table.insert(key, value));
    table.into()
}

fn write_weather(links: Value, change: &Weather) -> Value {
    let mut weather = match links {
        Value::Table(one_way) => one_way,
        groups @ Value::List(_) => {
            let mut table = Table::new();
            table.insert("between", groups);
            table
        }
        _ => Table::new(),
    };
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            weather.insert(key, value);
        }
    };
    put("latency", change.latency.map(|delay| write_delay(&delay)));
    put("loss", change.loss.map(Value::from));
    put("duplicate", change.duplicate.map(Value::from));
    put("fifo", change.fifo.map(Value::from));
    put("bandwidth", change.bandwidth.map(|bytes| (bytes as i64).into()));
    Value::Table(weather)
}

/// An act as a script writes it, time and sentence included.
pub fn write_act(act: &Act, names: &dyn Fn(NodeId) -> String) -> Table {
    let mut table = Table::new();
    table.insert("at", length::write(Micros(act.at.0)));
    if let Some(deed) = &act.deed {
        for (key, value) in write_deed(deed, names).iter() {
            table.insert(key, value.clone());
        }
    }
    if let Some(say) = &act.say {
        table.insert("say", say.as_str());
    }
    table
}
