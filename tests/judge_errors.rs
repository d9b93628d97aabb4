//! What is wrong with a history is said with its place, and with what to do about it.

use faultline::observe::intake::{self, Format};

/// A broken text, where it breaks, and a part of what is said.
struct Broken(&'static str, (usize, usize), &'static str, &'static str);

const BROKEN: &[Broken] = &[
    // EDN
    Broken("{:process 0, :type :invoke}", (1, 1), "this event has no :f", ":f :read"),
    Broken("{:type :invoke, :f :read}", (1, 1), "this event has no :process", ":process 0"),
    Broken("{:process 0, :type :begin, :f :read}", (1, 20), "is no type of event", "invoke, ok, fail, info"),
    Broken("{:process 0, :type :invoke, :f :reed}", (1, 32), "no judge knows", "read, write"),
    Broken("{:process 0, :type :invoke, :f [1]}", (1, 32), "named by a word", ":f :read"),
    Broken("{:process -1, :type :invoke, :f :read}", (1, 11), "no process -1", "whole number from 0"),
    Broken("[{:process 0, :type :invoke, :f :read}\n 7]", (2, 2), "this is no map", ":process 0"),
    Broken("{:process 0, :type :ok, :f :read}", (1, 1), "no operation under way", ":invoke"),
    Broken("{:process 0, :process 1, :type :ok, :f :read}", (1, 14), "twice", "Leave one of them out"),
    Broken("{:process 0, \"process\" 1, :type :ok, :f :read}", (1, 14), "two keys", "Leave one of them out"),
    Broken("{:process 0, :type :invoke, :f :write, :value \"\\q\"}", (1, 48), "no escape", "written \\\\"),
    Broken("{:process 0, :type :invoke, :f :write, :value [1 2}", (1, 51), "closes nothing", "Leave it out"),
    Broken("{:process 0, :type :invoke, :f :write, :value #::{:a 1}}", (1, 47), "its namespace", "#:name{"),
    Broken("{:process 0, :type :invoke, :f :write, :value 1x}", (1, 47), "no number", "in quotes"),
    Broken("{:process 0, :type :invoke, :f :write, :value \\nope}", (1, 47), "no character", "\\newline"),
    Broken("{:process 0, :type :invoke, :f :write, :value}", (1, 40), "has no value", "nil"),
    Broken("{:process 0, :type :invoke, :f :cas, :value 1}", (1, 45), "needs a pair", "[1 4]"),
    // JSON
    Broken("{\"process\": 0, \"type\": \"invoke\"}", (1, 1), "has no \"f\"", "\"f\": \"read\""),
    Broken(
        "{\"process\": \"3\", \"type\": \"invoke\", \"f\": \"read\"}",
        (1, 13),
        "as a text",
        "without quotes",
    ),
    Broken(
        "{\"process\": 0, \"type\": \"invoke\", \"f\": \"write\", \"value\": \"\\q\"}",
        (1, 58),
        "no escape",
        "written",
    ),
    Broken("{\"process\": 0, \"type\" \"invoke\"}", (1, 23), "a colon is missing", "between key and value"),
    Broken("{\"process\": 0, \"type\": invoke}", (1, 24), "JSON has no \"invoke\"", "in quotes"),
    // A log
    Broken("x 0\t:invoke\t:read\tnil\nx 0\t:invoke\t:read\tnil", (2, 1), "asks again", ":info"),
    Broken("x 0\t:invoke\t:cas\t[1 2\n", (1, 18), "has no end", "cut short"),
    Broken("x 5000000000\t:invoke\t:read\tnil", (1, 3), "no process 5000000000", "whole number"),
    // Our own lines
    Broken("{\"verb\":\"read\",\"outcome\":\"ok\"}", (1, 1), "has no \"client\"", "\"client\": 0"),
    Broken("{\"client\":0,\"outcome\":\"ok\"}", (1, 1), "has no \"verb\"", "\"verb\": \"read\""),
    Broken(
        "{\"client\":0,\"verb\":\"read\",\"invoked\":1}",
        (1, 1),
        "has no \"outcome\"",
        "ok, failed, unknown",
    ),
    Broken(
        "{\"client\":0,\"verb\":\"read\",\"outcome\":\"ok\"}",
        (1, 1),
        "has no \"invoked\"",
        "\"invoked\": 3",
    ),
    Broken(
        "{\"client\":0,\"verb\":\"read\",\"outcome\":\"ok\",\"invoked\":-1}",
        (1, 52),
        "from 0",
        "\"invoked\": 3",
    ),
    Broken(
        "{\"client\":0,\"verb\":\"read\",\"outcome\":\"ok\",\"invoked\":5,\"returned\":4}",
        (1, 65),
        "before it was asked",
        "unknown",
    ),
    Broken(
        "{\"client\":0,\"verb\":\"read\",\"outcome\":\"ok\",\"server\":5000000000}",
        (1, 51),
        "no server",
        "4294967295",
    ),
    Broken("{\"client\":0,\"client\":1}", (1, 13), "twice", "Leave one of them out"),
];

#[test]
fn an_error_has_a_place_and_a_hint() {
    for Broken(text, (line, column), what, hint) in BROKEN {
        let slip = intake::read(text, None).expect_err(text);
        let place = slip.place.map(|place| (place.line, place.column));
        assert_eq!(place, Some((*line, *column)), "{text}\n{slip}");
        assert!(slip.what.contains(what), "{text}\n{slip}");
        assert!(slip.hint.contains(hint), "{text}\n{slip}");
    }
}

#[test]
fn an_error_of_the_whole_has_a_hint() {
    for (text, format) in
        [("", None), ("[]", Some(Format::Json)), ("nothing", None), ("", Some(Format::Lines))]
    {
        let slip = intake::read(text, format).expect_err(text);
        assert!(slip.place.is_none() && !slip.hint.is_empty(), "{slip}");
    }
}
