//! Configurations for tests, all made in one place: a new setting breaks no test that is about something else.

use convrating::settings::switch::SWITCHES;
use convrating::settings::{Item, QuestionCode, Settings, Switch};
use proptest::prelude::*;
use serde_json::Value;

/// The item of the rating.
pub const RATING: Item = Item::Switch(Switch::RATING);

/// The item of a code.
pub fn code(text: &str) -> Item {
    Item::Code(QuestionCode::new(text))
}

/// Settings from words: the rating on or off, every other switch off, and these codes.
pub fn settings(is_on: bool, codes: &str) -> Settings {
    mixed([is_on; 2], codes)
}

/// The same with the rating's two flags as given.
pub fn mixed(flags: [bool; 2], codes: &str) -> Settings {
    parse(&object(flags, &codes.split_whitespace().collect::<Vec<_>>()))
}

/// The API's object: the rating's two flags as given, every other switch off, and these codes.
pub fn object(flags: [bool; 2], codes: &[impl AsRef<str>]) -> Value {
    let codes = codes.iter().map(|code| QuestionCode::new(code.as_ref())).collect();
    let mut object = serde_json::to_value(Settings::new(codes)).expect("plain data");
    for (flag, value) in Switch::RATING.definition().flags.iter().zip(flags) {
        object[flag.name] = value.into();
    }
    object
}

/// The settings that an object of the API holds.
pub fn parse(object: &Value) -> Settings {
    Settings::from_json(object.to_string().as_bytes()).expect("a configuration")
}

/// The body of a PATCH that switches the rating.
pub fn rating_body(is_on: bool) -> String {
    format!(r#"{{"conv_rating_active":{is_on},"conv_rating_popup_active":{is_on}}}"#)
}

/// Any object of the API with these codes: every flag of every switch is on or off by chance.
pub fn any_object(codes: impl Strategy<Value = Vec<&'static str>>) -> impl Strategy<Value = Value> {
    let names: Vec<_> = SWITCHES.iter().flat_map(|row| row.flags).map(|flag| flag.name).collect();
    let flags = proptest::collection::vec(any::<bool>(), names.len());
    (flags, codes).prop_map(move |(flags, codes)| {
        let mut object = object([false; 2], &codes);
        for (name, value) in names.iter().zip(flags) {
            object[name] = value.into();
        }
        object
    })
}

/// Any item: a switch of the table, or one of these codes.
pub fn any_item(codes: &'static [&'static str]) -> impl Strategy<Value = Item> {
    let switches: Vec<_> = Switch::all().map(Item::Switch).collect();
    let codes: Vec<_> = codes.iter().map(|text| code(text)).collect();
    prop_oneof![1 => proptest::sample::select(switches), 3 => proptest::sample::select(codes)]
}
