//! Acts and settings as a script would write them: the page's list of acts, links and saved files all use it.

use toml::{Table, Value};

use super::length;
use super::plan::{Act, Ask, Deed};
use super::weather::write_delay;
use crate::sim::{EventId, Fault, Links, Micros, NodeId, Weather};

/// The table that a script would contain for this act, without its time and sentence.
pub fn write_deed(deed: &Deed, names: &dyn Fn(NodeId) -> String) -> Table {
    let text = |s: String| Value::String(s);
    let node = |id: &NodeId| text(names(*id));
    let list = |ids: &[NodeId]| Value::Array(ids.iter().map(node).collect());
    let links = |links: &Links| match links {
        Links::All => text("all".to_owned()),
        Links::Between(groups) => Value::Array(groups.iter().map(|group| list(group)).collect()),
        Links::OneWay { from, to } => table([("from", list(from)), ("to", list(to))]),
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
                ("delay", table([("message", i64::from(*id).into()), ("by", length::write(*by).into())]))
            }
        },
        Deed::Ask { node: id, ask } => ("ask", table([("node", node(id)), ("op", write_ask(ask).into())])),
    };
    Table::from_iter([(key.to_owned(), value)])
}

fn table<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    Value::Table(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

pub fn write_ask(ask: &Ask) -> String {
    match ask {
        Ask::Call(call) => call.to_string(),
        Ask::WriteNext(key) => format!("write {key}"),
    }
}

fn write_weather(links: Value, change: &Weather) -> Value {
    let mut weather = match links {
        Value::Table(one_way) => one_way,
        Value::Array(groups) => Table::from_iter([("between".to_owned(), Value::Array(groups))]),
        _ => Table::new(),
    };
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            weather.insert(key.to_owned(), value);
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
    let mut table = Table::from_iter([("at".to_owned(), length::write(Micros(act.at.0)).into())]);
    if let Some(deed) = &act.deed {
        table.extend(write_deed(deed, names));
    }
    if let Some(say) = &act.say {
        table.insert("say".to_owned(), say.clone().into());
    }
    table
}
