//! The schema that editors read says what the program reads. `UPDATE=1 cargo test --test all schema::` writes it anew.

use crate::common::{agrees, scenes};
use faultline::scenario::schema::schema;
use serde_json::Value;

#[test]
fn the_schema_in_the_folder_is_the_program_s() {
    agrees("scenarios/schema.json", &schema());
}

#[test]
fn every_scenario_fits_the_schema() {
    let schema: Value = serde_json::from_str(&schema()).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for scene in scenes() {
        let file: toml::Value = toml::from_str(&scene.text).expect("TOML");
        let file = serde_json::to_value(file).expect("TOML fits into JSON");
        let errors: Vec<String> =
            validator.iter_errors(&file).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", scene.name);
    }
}

#[test]
fn what_the_program_refuses_the_schema_refuses_as_well() {
    let schema: Value = serde_json::from_str(&schema()).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let head = "title = \"T\"\nprotocol = \"raft\"\nnodes = 3\nseed = 1\nuntil = \"5s\"\n";
    let fits = |text: &str| {
        let file: toml::Value = toml::from_str(&format!("{head}{text}")).expect("TOML");
        validator.is_valid(&serde_json::to_value(file).expect("TOML fits into JSON"))
    };
    assert!(fits(""));
    assert!(fits(
        "[[client]]\nname = \"ana\"\nmix = { \"read k*\" = 9, \"write k*\" = 1 }\nkeys = { count = 5, popularity = { zipf = 1 } }\n\
         arrivals = { rate = 5 }\nretry = { policy = \"full jitter\" }\nsession = \"sticks\"\n[objectives]\nrecovery = \"5s\""
    ));
    for text in [
        "sped = 5",
        "[network]\nlatncy = \"5ms\"",
        "[network]\nlatency = \"soon\"",
        "[network]\nloss = 1.5",
        "[[act]]\nat = \"1s\"\ncrush = \"n1\"",
        "[[act]]\ncrash = \"n1\"",
        "[[client]]\nname = \"ana\"",
        "[[client]]\nname = \"ana\"\nasks = [\"read x\"]",
        "[[client]]\nname = \"ana\"\nasks = [\"read x\"]\nevery = \"1s\"\nthink = \"1s\"",
        "[[client]]\nname = \"ana\"\nasks = [\"read x\"]\nevery = \"1s\"\nretry = { policy = \"jitter\" }",
        "[[client]]\nname = \"ana\"\nmix = { \"read k*\" = 1 }\nevery = \"1s\"\nkeys = { count = 5, popularity = \"zipf\" }",
        "[objectives]\navailability = 99",
        "[nemesis]\nkinds = [\"meteor\"]\nevery = \"1s\"\nuntil = \"3s\"",
    ] {
        assert!(!fits(text), "{text}");
    }
}
