//! Recovery as the paper has it, with nothing on disk, message by message: a server that has told a new view what it had,
//! forgets that and comes back to the old view, and the old view goes on to acknowledge what the new one does not know
//! (Michael et al., "Recovering Shared Objects Without Stable Storage", DISC 2017).

use faultline::protocol::Protocol;
use faultline::protocol::primary_backup::message::Rpc;
use faultline::protocol::primary_backup::{Alarm, Server};
use faultline::sim::{
    Bench, Call, Effect, Input, Knobs, Level, Message, Node, NodeId, OpId, Outcome, Request, Role, Setting,
    Token,
};

type Mail = Vec<(NodeId, Rpc)>;

/// Five servers, and what they say, which arrives only where this test has it arrive.
struct Five(Vec<Bench<Server>>);

impl Five {
    fn new(keep: &str) -> (Five, Mail) {
        let mut knobs = Knobs::defaults(Server::KNOBS);
        knobs.set("keep", Setting::Choice(keep.to_owned()));
        let disk = || Server::disk("").expect("a disk");
        let server = |id| Bench::new(NodeId(id), 5, Server::new(NodeId(id), 5, &knobs), disk());
        let mut five = Five((0..5).map(server).collect());
        let mut said = Mail::new();
        for id in 0..5 {
            five.0[id].start();
            said.extend(five.safe(id));
        }
        (five, said)
    }

    /// What it wrote becomes safe.
    fn safe(&mut self, id: usize) -> Mail {
        let written = self.0[id].disk().written();
        sent(self.0[id].synced(written))
    }

    fn hear(&mut self, id: usize, from: usize, message: &Rpc) -> Mail {
        let message = Input::Message { from: NodeId(from as u16), message: message.clone() };
        let mut said = sent(self.0[id].step(message));
        said.extend(self.safe(id));
        said
    }

    /// It hears nothing of the primary and asks for the next view.
    fn suspect(&mut self, id: usize) -> Mail {
        let mut said = sent(self.0[id].step(Input::Timer(Alarm::Silence)));
        said.extend(self.safe(id));
        said
    }

    /// It crashes, starts again, asks everybody, and hears their answers.
    fn restart(&mut self, id: usize) {
        self.0[id].crash();
        for (to, question) in sent(self.0[id].start()) {
            for (_, answer) in self.hear(to.index(), id, &question) {
                self.hear(id, to.index(), &answer);
            }
        }
    }

    fn view(&self, id: usize) -> u64 {
        self.0[id].node().epoch().expect("it has one").number
    }
}

fn sent(effects: Vec<Effect<Server>>) -> Mail {
    let sent = effects.into_iter().filter_map(|effect| match effect {
        Effect::Send { to, message } => Some((to, message)),
        _ => None,
    });
    sent.collect()
}

/// The message of a kind to a server.
fn of(mail: &Mail, to: usize, kind: &str) -> Rpc {
    let found = mail.iter().find(|(other, message)| other.index() == to && message.kind() == kind);
    found.unwrap_or_else(|| panic!("no {kind} to n{} in {mail:?}", to + 1)).1.clone()
}

#[test]
fn with_nothing_on_disk_what_was_acknowledged_can_be_lost() {
    let (mut five, _) = Five::new("nothing");
    let (n1, n2, n3, n4, n5) = (0, 1, 2, 3, 4);
    // n4 and n5 ask for view 1, crash, and come back to view 0: they have forgotten it, what they said is on its way.
    let (of_4, of_5) = (five.suspect(n4), five.suspect(n5));
    five.restart(n4);
    five.restart(n5);
    // n3 hears both, tells the primary of view 1 that it has nothing, and forgets it, too.
    five.hear(n3, n4, &of(&of_4, n3, "StartViewChange"));
    let of_3 = five.hear(n3, n5, &of(&of_5, n3, "StartViewChange"));
    five.restart(n3);
    assert_eq!([n1, n2, n3, n4, n5].map(|id| five.view(id)), [0; 5]);
    // View 0 goes on: a majority holds a write, and its client hears so.
    let call = Call::Write { key: "x".into(), value: 1 };
    let (token, context) = (Token::default(), Token::default());
    let request = Request { op: OpId(1), call, level: Level::Set, token, context };
    let of_1 = sent(five.0[n1].step(Input::Request(request)));
    let mut told = Vec::new();
    for id in [n3, n4] {
        let answers = five.hear(id, n1, &of(&of_1, id, "Replicate"));
        let answer = Input::Message { from: NodeId(id as u16), message: of(&answers, n1, "ReplicateAck") };
        told.extend(five.0[n1].step(answer));
    }
    let heard = |effect: &Effect<Server>| matches!(effect, Effect::Reply { outcome: Outcome::Ok(_), .. });
    assert!(told.iter().any(heard));
    // What was on its way arrives: view 1 begins with what three servers had, and none of them has it.
    let of_2 = five.hear(n2, n4, &of(&of_4, n2, "StartViewChange"));
    five.hear(n2, n5, &of(&of_5, n2, "StartViewChange"));
    five.hear(n2, n3, &of(&of_3, n2, "DoViewChange"));
    five.hear(n5, n2, &of(&of_2, n5, "StartViewChange"));
    let of_5 = five.hear(n5, n4, &of(&of_4, n5, "StartViewChange"));
    five.hear(n2, n5, &of(&of_5, n2, "DoViewChange"));
    let primary = five.0[n2].node();
    assert_eq!((primary.role(), five.view(n2)), (Role::Leader, 1));
    assert!(primary.inspect().log.expect("it has one").entries.is_empty());
}

#[test]
fn who_remembers_its_view_does_not_come_back_to_an_older_one() {
    let (mut five, _) = Five::new("view");
    five.suspect(3);
    five.restart(3);
    let standing = five.0[3].node().inspect().facts;
    assert!(standing.contains(&("standing", "recovering".to_owned())), "{standing:?}");
    assert_eq!(five.view(3), 1);
}
