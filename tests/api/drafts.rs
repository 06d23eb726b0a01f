//! What is saved is what was drafted: over TCP, for any configuration and any edits.

use convrating::demo::Method;
use convrating::settings::{Draft, Item};
use proptest::prelude::*;
use proptest::sample::subsequence;
use serde_json::Value;

use super::lab::{AGENT, Lab, brisk, save};
use crate::support::configuration::{any_item, any_object, parse};

/// Documented codes, codes that nobody documents, and one that has to be escaped in JSON.
static CODES: [&str; 6] =
    ["HELPFUL_THUMBS", "EXPERIENCE_THUMBS", "NPS_SCORE", "ünknown", "\"quoted\\\"", "🦀"];

#[derive(Clone, Debug)]
enum Edit {
    Toggle(Item),
    Undo,
}

fn any_configuration() -> impl Strategy<Value = Value> {
    any_object(subsequence(CODES.to_vec(), 0..=CODES.len()).prop_shuffle())
}

fn any_edit() -> impl Strategy<Value = Edit> {
    prop_oneof![8 => any_item(&CODES).prop_map(Edit::Toggle), 1 => Just(Edit::Undo)]
}

/// A code that has no row yet is added, as a user would.
fn apply(draft: &mut Draft, edit: Edit) {
    match edit {
        Edit::Toggle(item) => match item.code().map(|code| draft.add(code.raw())) {
            Some(Ok(())) => {}
            Some(Err(_)) | None => draft.toggle(&item),
        },
        Edit::Undo => drop(draft.undo()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_the_server_holds_after_a_save_is_exactly_the_draft(
        before in any_configuration(), edits in proptest::collection::vec(any_edit(), 0..8),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let lab = Lab::start();
            lab.hooks.set_configuration(AGENT, before.clone());
            let mut draft = Draft::new(parse(&before));
            for edit in edits {
                apply(&mut draft, edit);
            }
            save(&lab.client(brisk()), draft.intent()).await;
            prop_assert_eq!(lab.held(), draft.settings());
            prop_assert_eq!(lab.hooks.attempts(Method::Patch), usize::from(draft.is_dirty()));
            Ok(())
        })?;
    }
}
