//! Where the comments of the configuration file go when what stood below them is moved, added or taken away.
//!
//! `toml_edit` keeps a comment with the key or the table that follows it, and those at the file's end by themselves.

use toml_edit::{Decor, DocumentMut, Item, RawString, Table, TableLike};

/// The comments and blank lines above the first line of what `decor` belongs to.
pub(super) fn prefix_of(decor: &Decor) -> String {
    text_of(decor.prefix())
}

fn text_of(raw: Option<&RawString>) -> String {
    raw.and_then(RawString::as_str).unwrap_or_default().to_owned()
}

/// The comments at the file's end, taken away from there; empty where there are none.
pub(super) fn take_end(document: &mut DocumentMut) -> String {
    let mut end = text_of(Some(document.trailing()));
    if !end.contains('#') {
        return String::new();
    }
    document.set_trailing("");
    if !end.ends_with('\n') {
        end.push('\n');
    }
    end
}

/// The comments at the file's head that belong to no table, taken away from there: those above the last blank line before
/// the first table.
pub(super) fn take_head(document: &mut DocumentMut) -> String {
    let Some(table) = find_table_after(document, isize::MIN) else { return take_end(document) };
    let prefix = prefix_of(table.decor());
    let end = prefix.rfind("\n\n").map_or(0, |place| place + 2);
    let (head, rest) = prefix.split_at(end);
    table.decor_mut().set_prefix(format!("\n{}", rest.trim_start_matches('\n')));
    if head.contains('#') { head.to_owned() } else { String::new() }
}

/// Puts comments above the first table behind `place`, or else at the file's end.
pub(super) fn put_after(document: &mut DocumentMut, place: isize, comments: &str) {
    if let Some(table) = find_table_after(document, place) {
        let joined = join(comments, &prefix_of(table.decor()));
        table.decor_mut().set_prefix(joined);
    } else if comments.contains('#') {
        let joined = join(comments, &text_of(Some(document.trailing())));
        document.set_trailing(joined);
    }
}

/// Two runs of comments and blank lines, one after the other, with one blank line where both have some.
fn join(first: &str, second: &str) -> String {
    if first.trim().is_empty() || first.ends_with("\n\n") {
        return format!("{first}{}", second.trim_start_matches('\n'));
    }
    format!("{first}{second}")
}

/// The first table with a header of its own behind `place`.
fn find_table_after(document: &mut DocumentMut, place: isize) -> Option<&mut Table> {
    let profiles = document.get_mut("profiles")?.as_table_mut()?;
    let own = profiles.position().filter(|_| !profiles.is_implicit() && !profiles.is_dotted());
    let own = own.filter(|own| *own > place);
    let children = profiles.iter().filter_map(|(name, item)| Some((item.as_table()?.position()?, name)));
    let child = children.filter(|(position, _)| *position > place).min();
    match (own, child.map(|(position, name)| (position, name.to_owned()))) {
        (Some(own), Some((position, _))) if own < position => Some(profiles),
        (Some(_), None) => Some(profiles),
        (_, Some((_, name))) => profiles.get_mut(&name)?.as_table_mut(),
        (None, None) => None,
    }
}

/// The comments above a key and beside its value, as lines of their own.
pub(super) fn collect_comments(table: &dyn TableLike, key: &str) -> String {
    let above = table.key(key).map(|key| prefix_of(key.leaf_decor())).unwrap_or_default();
    let beside = text_of(table.get(key).and_then(Item::as_value).and_then(|value| value.decor().suffix()));
    let above = if above.contains('#') { above } else { String::new() };
    let beside = if beside.contains('#') { format!("{}\n", beside.trim()) } else { String::new() };
    above + &beside
}
