//! Someone else who changes a question of an agent, between a read and a save of the user.
//!
//! The server cannot tell a read that fills the form from the read before a PATCH. So it counts: the first read shows the
//! configuration, and before the second one the colleague changes it. No further change follows until a PATCH was applied: the user
//! who decides a conflict is not asked again.

use serde_json::Value;

use super::fields::QUESTION_CODES;

/// What the colleague does next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Colleague {
    /// Waits until the user has read the configuration.
    #[default]
    Unseen,
    /// Changes it before the next read.
    Ready,
    /// Has changed it, and rests.
    Done,
}

impl Colleague {
    /// Takes note of a read. True if the colleague changes the configuration just before its answer.
    pub(super) fn acts_before_read(&mut self) -> bool {
        let acts = *self == Self::Ready;
        *self = if *self == Self::Unseen { Self::Ready } else { Self::Done };
        acts
    }
}

/// Switches a code on at the end of the list, or off. A test may have put a value there that has no list: it stays as it is.
pub(super) fn switch_code(configuration: &mut Value, code: &str) {
    let Some(Value::Array(codes)) = configuration.get_mut(QUESTION_CODES) else { return };
    let count = codes.len();
    codes.retain(|known| known != code);
    if codes.len() == count {
        codes.push(code.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_colleague_acts_once_before_the_second_read() {
        let mut colleague = Colleague::default();
        let acts: Vec<_> = (0..4).map(|_| colleague.acts_before_read()).collect();
        assert_eq!(acts, [false, true, false, false]);
    }

    #[test]
    fn a_code_is_switched_on_and_off_and_a_value_without_a_list_is_left_alone() {
        let mut held = json!({ QUESTION_CODES: ["A"] });
        switch_code(&mut held, "B");
        assert_eq!(held[QUESTION_CODES], json!(["A", "B"]));
        switch_code(&mut held, "A");
        assert_eq!(held[QUESTION_CODES], json!(["B"]));
        let mut odd = json!("not an object");
        switch_code(&mut odd, "A");
        assert_eq!(odd, json!("not an object"));
    }
}
