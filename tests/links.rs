//! Links are for ever: those in `tests/links` were made by older versions, and open to the same run as then. A file
//! is a name, the link, and what it means; `UPDATE=1 cargo test --test all links::` writes the meaning of new ones.

use std::fmt::Write as _;
use std::fs;

use crate::common::{agrees, top};
use faultline::run::Session;
use faultline::scenario::{Link, write};

fn meaning(link: &str) -> String {
    let read = Link::read(link).expect("it opens");
    let text = read.text.clone().unwrap_or_else(|| {
        let file = top().join(format!("scenarios/{}.toml", read.scenario));
        fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    });
    let (session, _) = Session::follow(&read, &text).expect("it can be played");
    let mut said = String::new();
    let _ = writeln!(said, "scenario {}", read.scenario);
    let _ = writeln!(said, "variant {}", session.variant().unwrap_or("none"));
    let _ = writeln!(said, "seed {}", session.run().plan().seed);
    for (knob, setting) in session.settings() {
        let _ = writeln!(said, "knob {knob} = {setting}");
    }
    let names = |place| session.run().names().of(place);
    for (act, _) in session.acts().iter().filter(|(_, by_hand)| *by_hand) {
        let _ = writeln!(said, "act {}", write::write_act(act, &names).to_toml().trim().replace('\n', ", "));
    }
    let _ = writeln!(said, "at {}", read.at.map_or("the beginning".to_owned(), |at| at.to_string()));
    said
}

#[test]
fn old_links_open_for_ever() {
    let folder = top().join("tests/links");
    let mut count = 0;
    for entry in fs::read_dir(&folder).expect("links").flatten() {
        let name = format!("tests/links/{}", entry.file_name().to_string_lossy());
        let text = fs::read_to_string(entry.path()).expect("text");
        let link = text.lines().next().expect("the link stands in the first line");
        agrees(&name, &format!("{link}\n\n{}", meaning(link)));
        count += 1;
    }
    assert!(count >= 4, "links are missing");
}
