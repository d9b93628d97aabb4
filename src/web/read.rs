//! What the page hands in: plain objects, read as values of a script are.

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};

use crate::scenario::Slip;
use crate::scenario::fields::Reads;
use crate::scenario::tree::{Item, Table, Value};

/// Nothing nests deeper than this: a list of groups in a table.
const DEEPEST: u32 = 4;

/// Reads a plain value of the page's.
///
/// # Errors
/// If it is not what is wanted, or holds anything that a script cannot say.
pub fn read<T: Reads>(js: &JsValue) -> Result<T, Slip> {
    let value = value(js, DEEPEST)?;
    T::read(&Item::new(value, 0)).map_err(|slip| slip.unplaced())
}

fn value(js: &JsValue, depth: u32) -> Result<Value, Slip> {
    let inside = || depth.checked_sub(1).ok_or_else(|| Slip::new("this nests too deep", ""));
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
        Err(Slip::new(format!("{js:?} has no meaning here"), ""))
    }
}
