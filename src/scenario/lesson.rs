//! What a scenario says to its reader beside the picture.

use super::at::At;
use super::fields::{Fields, Read, Reads, choice};
use super::script::VariantText;
use super::slip::Slip;
use super::tree::Item;

/// What a reader takes home.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Lesson {
    /// To be answered before pressing play.
    pub question: Option<String>,
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub choices: Vec<String>,
    /// Which of the choices is right, counted from 1.
    pub right: Option<At<u16>>,
    /// Why each choice is right or wrong, in their order.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub why: At<Vec<String>>,
    /// What the run shows.
    pub answer: Option<String>,
    /// What to watch.
    pub watch: Option<String>,
    /// What to do first by hand.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(rename = "try"))]
    pub first_try: Option<FirstTry>,
    /// The knob to turn.
    pub remedy: Option<String>,
    /// The figures that the remedy makes worse.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub price: Vec<String>,
    /// The variant in which the remedy is on.
    pub mended: Option<At<String>>,
    /// Three sentences for an interview: the failure, the remedy and its price, with this run's numbers.
    pub say: Option<String>,
    /// What an interviewer asks next.
    pub follow_up: Option<String>,
    /// A model answer to that.
    pub follow_up_answer: Option<String>,
    /// The limits of the model.
    pub leaves_out: Option<String>,
    /// How long a reader needs for it.
    pub minutes: Option<u16>,
    /// How much it takes for granted.
    pub level: Option<Difficulty>,
    /// Lessons that are better seen before this one, by their names.
    #[cfg_attr(not(target_arch = "wasm32"), schemars(default))]
    pub after: Vec<String>,
}

/// What a reader does first by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct FirstTry {
    /// With a finger or a mouse.
    pub touch: String,
    /// With a keyboard.
    pub keys: String,
}

/// How much a lesson takes for granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(rename_all = "lowercase"))]
pub enum Difficulty {
    /// Nothing but what a server and a request are.
    Basic,
    /// The terms of the lessons in front of it.
    Intermediate,
    /// A paper, or its words.
    Advanced,
}

impl Difficulty {
    /// The word for it in scripts.
    pub fn name(self) -> &'static str {
        Difficulty::WORDS[self as usize]
    }

    const WORDS: [&'static str; 3] = ["basic", "intermediate", "advanced"];
}

impl Lesson {
    pub(super) const KEYS: &'static [&'static str] = &[
        "question",
        "choices",
        "right",
        "why",
        "answer",
        "watch",
        "try",
        "remedy",
        "price",
        "mended",
        "say",
        "follow_up",
        "follow_up_answer",
        "leaves_out",
        "minutes",
        "level",
        "after",
    ];

    /// Whether its parts fit each other.
    ///
    /// # Errors
    /// A right choice that is none of them, reasons that are not one for each, and a variant that there is not.
    pub fn check(&self, text: &str, variants: &[VariantText]) -> Result<(), Slip> {
        if let Some(mended) = &self.mended {
            let known: Vec<&str> = variants.iter().map(|variant| variant.name.get().as_str()).collect();
            if !known.contains(&mended.get().as_str()) {
                return Err(Slip::unknown("variant", mended.get(), &known).at(text, mended.offset()));
            }
        }
        let choices = self.choices.len();
        if let Some(right) =
            self.right.as_ref().filter(|right| !(1..=choices).contains(&(*right.get()).into()))
        {
            let what = format!("{} is none of the choices", right.get());
            return Err(right.slip(text, what, format!("Count them from 1 to {choices}.")));
        }
        let why = self.why.get().len();
        if why != 0 && why != choices {
            let what = format!("{why} reasons for {choices} choices");
            return Err(self.why.slip(text, what, "Write one for each, in their order."));
        }
        Ok(())
    }
}

impl FirstTry {
    pub(super) const KEYS: &'static [&'static str] = &["touch", "keys"];
}

impl Reads for Lesson {
    fn read(item: &Item) -> Read<Lesson> {
        let fields = Fields::of(item, Lesson::KEYS)?;
        Ok(Lesson {
            question: fields.get("question")?,
            choices: fields.or_default("choices")?,
            right: fields.get("right")?,
            why: fields.or_default("why")?,
            answer: fields.get("answer")?,
            watch: fields.get("watch")?,
            first_try: fields.get("try")?,
            remedy: fields.get("remedy")?,
            price: fields.or_default("price")?,
            mended: fields.get("mended")?,
            say: fields.get("say")?,
            follow_up: fields.get("follow_up")?,
            follow_up_answer: fields.get("follow_up_answer")?,
            leaves_out: fields.get("leaves_out")?,
            minutes: fields.within("minutes", 1, 120)?.map(|minutes| *minutes.get() as u16),
            level: fields.get("level")?,
            after: fields.or_default("after")?,
        })
    }
}

impl Reads for FirstTry {
    fn read(item: &Item) -> Read<FirstTry> {
        let fields = Fields::of(item, FirstTry::KEYS)?;
        Ok(FirstTry { touch: fields.need("touch")?, keys: fields.need("keys")? })
    }
}

impl Reads for Difficulty {
    fn read(item: &Item) -> Read<Difficulty> {
        let levels = [Difficulty::Basic, Difficulty::Intermediate, Difficulty::Advanced];
        Ok(levels[choice(item, &Difficulty::WORDS)?])
    }
}
