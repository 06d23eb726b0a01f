//! What `login` and `profiles` leave of a file, and what they change.

use super::super::*;
use crate::api::credentials::BaseUrl;

/// Files as users write them. Each has a profile "a" and a profile "b".
const FILES: [&str; 8] = [
    "# head\n\n# about a\n[profiles.a]\ntoken_env = 'A' # beside\n\n# about b\n[profiles.b] # header\n# inside b\nprotected = true\n# end\n",
    "# head\ndefault_profile = 'a' # first\n\n[profiles.a]\n[profiles.b]\n\n# end\n",
    "# head\n[profiles.a]\nbase_url = 'https://a.example'\n[profiles.b]\n# end without a line end",
    "# head\n\n[profiles]\n\n# about b\n[profiles.b]\n# between\n[profiles.a]\n# [profiles.template]\n# token_env = 'T'\n",
    "# head\nprofiles = { a = { token_env = 'A' }, b = {} } # beside\n# end\n",
    "# head\r\n\r\n[profiles.a]\r\ntoken_env = 'A'\r\n# about b\r\n[profiles.b]\r\n# end\r\n",
    "\u{feff}# head\n\n[profiles.'a']\n[profiles.\"b\"]\n",
    "[profiles.a]\n[profiles.b]\n",
];

fn edit(text: &str, edit: &ConfigEdit<'_>) -> String {
    apply_edit(text, edit).unwrap_or_else(|| panic!("{edit:?} of\n{text}"))
}

fn login<'a>(name: &'a str, base_url: &'a BaseUrl) -> ConfigEdit<'a> {
    ConfigEdit::Login(LoginEdit { name, base_url, scenario_id: None })
}

fn comments(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.find('#').map(|place| &line[place..])).collect()
}

fn names(text: &str) -> Vec<String> {
    let config = Config::parse(text).map_err(|(_, fault)| format!("{fault} in\n{text}")).unwrap();
    config.profiles.into_iter().map(|entry| entry.name).collect()
}

#[test]
fn every_comment_stays_and_keeps_its_order_and_nothing_else_changes() {
    let url = BaseUrl::parse(BaseUrl::DEFAULT).unwrap();
    for text in FILES {
        let edits = [
            login("new", &url),
            ConfigEdit::Default("b"),
            ConfigEdit::Rename { old: "a", new: "c" },
            ConfigEdit::Rename { old: "b", new: "c" },
        ];
        for change in &edits {
            let edited = edit(text, change);
            assert_eq!(comments(&edited), comments(text), "{change:?}\n{edited}");
            assert_eq!(edited.starts_with('\u{feff}'), text.starts_with('\u{feff}'));
            assert_eq!(edited.contains("\r\n"), text.contains("\r\n"));
        }
    }
}

/// What stands below each comment, or above it at the file's end.
fn neighbours(text: &str) -> Vec<(String, Option<String>)> {
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let starts = lines.iter().enumerate().filter(|(_, line)| line.starts_with('#'));
    let pairs = starts.map(|(place, line)| {
        let below = lines[place..].iter().find(|line| !line.starts_with('#'));
        let above = lines[..place].iter().rev().find(|line| !line.starts_with('#'));
        ((*line).to_owned(), below.or(above).map(|line| (*line).to_owned()))
    });
    pairs.collect()
}

#[test]
fn a_login_puts_the_new_profile_behind_the_comments_at_the_end() {
    let url = BaseUrl::parse(BaseUrl::DEFAULT).unwrap();
    for text in FILES.iter().filter(|text| !text.contains("profiles = {")) {
        let edited = edit(text, &login("new", &url));
        let start = text.trim_end().replace("\r\n", "\n");
        assert!(edited.replace("\r\n", "\n").starts_with(&start), "{edited}");
        assert_eq!(names(&edited).last().unwrap(), "new");
    }
}

#[test]
fn a_login_into_comments_alone_keeps_them_at_the_head() {
    let url = BaseUrl::parse(BaseUrl::DEFAULT).unwrap();
    for text in ["# mine\n", "# mine\n\n# [profiles.x]\n", "# mine", "# mine\n\n[profiles]\n"] {
        let edited = edit(text, &login("new", &url));
        assert!(edited.starts_with("# mine\n"), "{edited}");
        assert_eq!((comments(&edited), names(&edited)), (comments(text), vec!["new".to_owned()]));
        assert!(Config::parse(&edited).unwrap().default_profile.is_some());
    }
}

#[test]
fn a_default_is_set_and_follows_its_profile() {
    for text in FILES {
        let chosen = edit(text, &ConfigEdit::Default("b"));
        assert_eq!(Config::parse(&chosen).unwrap().default_profile.as_deref(), Some("b"), "{chosen}");
        let renamed = edit(&chosen, &ConfigEdit::Rename { old: "b", new: "c.d" });
        assert_eq!(Config::parse(&renamed).unwrap().default_profile.as_deref(), Some("c.d"), "{renamed}");
        assert_eq!(names(&renamed), names(text).iter().map(|n| n.replace('b', "c.d")).collect::<Vec<_>>());
        let removed = edit(&renamed, &ConfigEdit::Remove("c.d"));
        assert_eq!(Config::parse(&removed).unwrap().default_profile, None, "{removed}");
        assert_eq!(names(&removed), ["a"]);
        let kept = edit(&chosen, &ConfigEdit::Remove("a"));
        assert_eq!(Config::parse(&kept).unwrap().default_profile.as_deref(), Some("b"), "{kept}");
    }
}

#[test]
fn a_new_default_stands_below_the_head_and_above_what_is_about_the_first_profile() {
    let edited = edit(FILES[0], &ConfigEdit::Default("a"));
    assert!(edited.starts_with("# head\n\ndefault_profile = \"a\"\n\n# about a\n[profiles.a]\n"), "{edited}");
    let before: Vec<_> = neighbours(FILES[0]).into_iter().skip(1).collect();
    assert_eq!(neighbours(&edited).into_iter().skip(1).collect::<Vec<_>>(), before);
}

#[test]
fn a_removed_profile_leaves_the_comments_outside_it() {
    for text in FILES {
        for name in ["a", "b"] {
            let edited = edit(text, &ConfigEdit::Remove(name));
            let inside = ["# beside", "# header", "# inside b"];
            let outside: Vec<_> = comments(text).into_iter().filter(|c| !inside.contains(c)).collect();
            let left: Vec<_> = comments(&edited).into_iter().filter(|c| !inside.contains(c)).collect();
            assert_eq!((left, names(&edited).len()), (outside, 1), "without {name}\n{edited}");
        }
    }
    let edited = edit(FILES[0], &ConfigEdit::Remove("a"));
    assert_eq!(
        edited,
        "# head\n\n# about a\n\n# about b\n[profiles.b] # header\n# inside b\nprotected = true\n# end\n"
    );
    let edited = edit(FILES[1], &ConfigEdit::Remove("a"));
    assert_eq!(edited, "# head\n# first\n\n[profiles.b]\n\n# end\n");
}

#[test]
fn what_is_not_there_is_not_edited() {
    for change in [ConfigEdit::Rename { old: "x", new: "y" }, ConfigEdit::Remove("x")] {
        assert_eq!(apply_edit("[profiles.a]\n", &change), None, "{change:?}");
        assert_eq!(apply_edit("", &change), None, "{change:?}");
    }
}
