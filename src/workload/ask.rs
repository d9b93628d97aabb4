//! An operation as a script names it.

use std::fmt;

use smol_str::{SmolStr, format_smolstr};

use crate::sim::{Call, Level, NodeId};

/// What a client asks for, again and again.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    pub call: Call,
    /// Its value is the next number that nobody used yet, so that every value tells who wrote it and when.
    pub fresh: bool,
    pub level: Level,
}

impl Ask {
    /// A call with the values it has.
    pub fn plain(call: Call) -> Ask {
        Ask { call, fresh: false, level: Level::Set }
    }

    /// What the names of its keys begin with, if it names a family of keys: `k*`.
    pub fn family(&self) -> Option<&str> {
        self.call.key().strip_suffix('*')
    }

    /// The call that it stands for when `client` asks; `fresh` counts the numbers given out.
    pub fn call(&self, client: NodeId, fresh: &mut i64) -> Call {
        let mut call = self.call.clone();
        if let Some(value) = call.value_mut().filter(|_| self.fresh) {
            *fresh += 1;
            *value = *fresh;
        }
        if let Some(owner) = call.owner_mut() {
            *owner = client;
        }
        call
    }

    /// The `n`th key of its family.
    pub fn key(&self, n: u32) -> SmolStr {
        format_smolstr!("{}{n}", self.family().unwrap_or_default())
    }
}

impl fmt::Display for Ask {
    /// As scripts write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let call = self.call.to_string();
        let call = if self.fresh { call.rsplit_once(' ').map_or(&*call, |(call, _)| call) } else { &*call };
        write!(f, "{call}{}", self.level)
    }
}
