//! The JSON Schema of scenario files, for editors: made from the types that read them.

use super::script::Script;

/// The schema as pretty JSON, with a newline at the end.
pub fn schema() -> String {
    let schema = schemars::schema_for!(Script);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
