//! An act of the page's, in the grammar of scenario files.

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};

use crate::scenario::Slip;
use crate::scenario::tree::{Table, Value};

/// Acts nest no deeper than this: a list of groups in a table.
const DEEPEST: u32 = 4;

/// A plain object as a table.
///
/// # Errors
/// If it holds anything that a script cannot say.
pub fn table(object: &JsValue) -> Result<Table, Slip> {
    match value(object, DEEPEST)? {
        Value::Table(table) => Ok(table),
        _ => Err(Slip::new("an act is an object", "")),
    }
}

fn value(js: &JsValue, depth: u32) -> Result<Value, Slip> {
    let inside = || depth.checked_sub(1).ok_or_else(|| Slip::new("no act nests that deep", ""));
    if let Some(text) = js.as_string() {
        Ok(text.into())
    } else if let Some(truth) = js.as_bool() {
        Ok(truth.into())
    } else if let Some(number) = js.as_f64() {
        // JavaScript has one kind of number; scripts tell counts from measures.
        let whole = number as i64;
        Ok(if whole as f64 == number { whole.into() } else { number.into() })
    } else if let Some(list) = js.dyn_ref::<Array>() {
        let depth = inside()?;
        Ok(list.iter().map(|item| value(&item, depth)).collect::<Result<Vec<_>, _>>()?.into())
    } else if let Some(object) = js.dyn_ref::<Object>() {
        let depth = inside()?;
        let mut table = Table::new();
        for pair in Object::entries(object).iter() {
            let pair: Array = pair.unchecked_into();
            let (key, item) = (pair.get(0), pair.get(1));
            if !item.is_undefined() {
                table.insert(&key.as_string().unwrap_or_default(), value(&item, depth)?);
            }
        }
        Ok(table.into())
    } else {
        Err(Slip::new(format!("{js:?} has no meaning in an act"), ""))
    }
}
