use super::*;
use crate::settings::Draft;
use crate::settings::tests::settings;

/// A form with so many codes that are on.
fn model(codes: usize) -> Model {
    let mut model = super::super::tests::model();
    let codes: Vec<_> = (0..codes).map(|number| format!("C{number}")).collect();
    let form = Form {
        draft: Draft::new(settings(false, &codes.join(" "))),
        focus: 0,
        read_at: model.now.local.clone(),
        activity: Activity::Resting,
        bringing_back: None,
        late: None,
    };
    model.phase = Phase::Ready(Box::new(form));
    model
}

/// Whether the space bar works on the switch, on a code that is on, on a code that is off, and on the last row.
fn toggles(mut model: Model) -> [Condition; 4] {
    let form = model.form().unwrap();
    let code_at =
        |position| form.draft.rows().position(|row| row.item.code().is_some() && row.now == position);
    let rows = [Some(0), code_at(Position::On), code_at(Position::Off), Some(form.row_count() - 1)];
    rows.map(|row| {
        model.form_mut().unwrap().focus = row.unwrap();
        can_toggle(&model)
    })
}

#[test]
fn a_list_of_codes_that_is_full_takes_no_more_and_one_that_is_too_long_does_not_change() {
    assert_eq!(toggles(model(1)), [Ok(()); 4]);
    assert_eq!(toggles(model(500)), [Ok(()), Ok(()), Err(FULL), Err(FULL)]);
    assert_eq!(toggles(model(501)), [Ok(()), Err(TOO_MANY), Err(TOO_MANY), Err(TOO_MANY)]);
}
