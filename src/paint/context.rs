//! The browser's drawing context, as fast as it can be called.
//!
//! A call that hands over a string costs ten times one that hands over numbers, because the string is
//! decoded anew each time. So the methods that take strings are declared here to take values that
//! JavaScript already holds, and those that cannot fail for finite numbers are declared not to.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `CanvasRenderingContext2D`.
    #[wasm_bindgen(js_name = CanvasRenderingContext2D)]
    #[derive(Clone, Debug)]
    pub type Context;

    #[wasm_bindgen(method, setter, js_name = fillStyle)]
    pub fn set_fill(this: &Context, color: &JsValue);
    #[wasm_bindgen(method, setter, js_name = strokeStyle)]
    pub fn set_stroke(this: &Context, color: &JsValue);
    #[wasm_bindgen(method, setter, js_name = lineWidth)]
    pub fn set_width(this: &Context, width: f32);
    #[wasm_bindgen(method, setter, js_name = lineCap)]
    pub fn set_cap(this: &Context, cap: &JsValue);
    #[wasm_bindgen(method, setter, js_name = lineJoin)]
    pub fn set_join(this: &Context, join: &JsValue);
    #[wasm_bindgen(method, js_name = setLineDash)]
    pub fn set_dash(this: &Context, lengths: &JsValue);
    #[wasm_bindgen(method, setter, js_name = globalAlpha)]
    pub fn set_opacity(this: &Context, opacity: f32);
    #[wasm_bindgen(method, setter, js_name = font)]
    pub fn set_font(this: &Context, font: &JsValue);
    #[wasm_bindgen(method, setter, js_name = textAlign)]
    pub fn set_align(this: &Context, align: &JsValue);
    #[wasm_bindgen(method, setter, js_name = textBaseline)]
    pub fn set_baseline(this: &Context, baseline: &JsValue);

    #[wasm_bindgen(method, js_name = setTransform)]
    pub fn set_transform(this: &Context, a: f64, b: f64, c: f64, d: f64, e: f64, f: f64);
    #[wasm_bindgen(method, js_name = clearRect)]
    pub fn clear_rect(this: &Context, x: f32, y: f32, width: f32, height: f32);
    #[wasm_bindgen(method, js_name = fillRect)]
    pub fn fill_rect(this: &Context, x: f32, y: f32, width: f32, height: f32);

    #[wasm_bindgen(method, js_name = beginPath)]
    pub fn begin_path(this: &Context);
    #[wasm_bindgen(method, js_name = closePath)]
    pub fn close_path(this: &Context);
    #[wasm_bindgen(method, js_name = moveTo)]
    pub fn move_to(this: &Context, x: f32, y: f32);
    #[wasm_bindgen(method, js_name = lineTo)]
    pub fn line_to(this: &Context, x: f32, y: f32);
    #[wasm_bindgen(method, js_name = quadraticCurveTo)]
    pub fn quad_to(this: &Context, x1: f32, y1: f32, x: f32, y: f32);
    #[wasm_bindgen(method, js_name = bezierCurveTo)]
    pub fn cubic_to(this: &Context, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32);
    #[wasm_bindgen(method)]
    pub fn arc(this: &Context, x: f32, y: f32, radius: f32, start: f32, end: f32, back: bool);
    #[wasm_bindgen(method, js_name = arcTo)]
    pub fn arc_to(this: &Context, x1: f32, y1: f32, x2: f32, y2: f32, radius: f32);
    #[wasm_bindgen(method)]
    pub fn rect(this: &Context, x: f32, y: f32, width: f32, height: f32);

    #[wasm_bindgen(method)]
    pub fn fill(this: &Context);
    #[wasm_bindgen(method)]
    pub fn stroke(this: &Context);
    #[wasm_bindgen(method, js_name = fillText)]
    pub fn fill_text(this: &Context, words: &JsValue, x: f32, y: f32);
    #[wasm_bindgen(method, js_name = strokeText)]
    pub fn stroke_text(this: &Context, words: &JsValue, x: f32, y: f32);
}
