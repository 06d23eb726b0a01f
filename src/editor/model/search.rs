//! The search for a row by a part of its name: among the codes of the form, and in the list of profiles.

use tui_input::Input;

/// What the user looks for.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// The text of the latest search. `n` and `N` look for it again.
    pub text: String,
    /// The field, while the user types in it.
    pub field: Option<SearchField>,
}

/// The field of a search.
#[derive(Clone, Debug)]
pub struct SearchField {
    /// The text that the user has typed.
    pub input: Input,
    /// The place of the row that had the focus before: Esc goes back there.
    pub origin: usize,
    /// The name of that row, which may get another place meanwhile; `None` for the row that adds a code.
    pub origin_name: Option<String>,
}

/// The places of the names that hold `text`, in any case; none for an empty text.
pub(crate) fn find_matches<'a>(
    names: impl Iterator<Item = &'a str>,
    text: &str,
) -> impl Iterator<Item = usize> {
    let wanted = text.to_lowercase();
    let is_match = move |name: &str| !wanted.is_empty() && holds(name, &wanted);
    names.enumerate().filter(move |(_, name)| is_match(name)).map(|(place, _)| place)
}

/// True if `name` holds `wanted`, which is in small letters. Most names are ASCII, and no copy of them is made.
fn holds(name: &str, wanted: &str) -> bool {
    if !name.is_ascii() {
        return name.to_lowercase().contains(wanted);
    }
    name.as_bytes().windows(wanted.len()).any(|part| part.eq_ignore_ascii_case(wanted.as_bytes()))
}

/// The first of `places` from `start` on; behind the last place the search goes on at the first.
pub(crate) fn next_place(places: &[usize], start: usize) -> Option<usize> {
    places.iter().find(|place| **place >= start).or(places.first()).copied()
}

/// The last of `places` before `end`; before the first place the search goes on at the last.
pub(crate) fn previous_place(places: &[usize], end: usize) -> Option<usize> {
    places.iter().rev().find(|place| **place < end).or(places.last()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_part_of_a_name_in_any_case_is_found() {
        let names = ["HELPFUL_THUMBS", "Größe", "EXPERIENCE_THUMBS"];
        for (text, places) in [("thumbs", vec![0, 2]), ("GRÖ", vec![1]), ("xyz", vec![]), ("", vec![])] {
            assert_eq!(find_matches(names.into_iter(), text).collect::<Vec<_>>(), places, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_name_is_found_as_if_it_were_written_in_small_letters(name in "[aAkKıİK ]{0,6}", text in "[aAkKıİK ]{1,2}") {
            let found = find_matches(std::iter::once(name.as_str()), &text).next().is_some();
            prop_assert_eq!(found, name.to_lowercase().contains(&text.to_lowercase()));
        }

        #[test]
        fn going_on_visits_every_place_and_going_back_visits_them_in_reverse(
            places in proptest::collection::btree_set(0_usize..50, 1..10),
            start in 0_usize..50,
        ) {
            let places: Vec<_> = places.into_iter().collect();
            let step = |at: &usize| next_place(&places, at + 1);
            let ahead: Vec<_> =
                std::iter::successors(next_place(&places, start), step).take(places.len()).collect();
            let step = |at: &usize| previous_place(&places, *at);
            let last = ahead.last().copied();
            let mut back: Vec<_> = std::iter::successors(last, step).take(places.len()).collect();
            back.reverse();
            prop_assert_eq!(&ahead, &back);
            let visited: std::collections::BTreeSet<_> = ahead.into_iter().collect();
            prop_assert_eq!(visited.into_iter().collect::<Vec<_>>(), places);
        }
    }
}
