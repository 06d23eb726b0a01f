//! The README is for readers whose first language is not English: its sentences are short.

use std::fs;
use std::path::Path;

/// The most words that a sentence has. What stands in backquotes is one word.
const MOST: usize = 20;

/// The text without blocks of code, pictures and the list of links at the top.
fn prose(text: &str) -> String {
    let outside = text.split("```").step_by(2).collect::<Vec<_>>().join("\n\n");
    let lines = outside.lines().filter(|line| !line.starts_with('<') && !line.contains(") \u{b7}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Paragraphs, items of lists and cells of tables, each in one line.
fn blocks(prose: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in prose.lines().map(str::trim) {
        let is_item = line.starts_with(['-', '#'])
            || line.split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok());
        if let Some(row) = line.strip_prefix('|') {
            blocks.extend(row.split('|').map(str::to_owned));
        } else if line.is_empty() || is_item {
            blocks.push(line.to_owned());
        } else if let Some(last) = blocks.last_mut() {
            last.push(' ');
            last.push_str(line);
        }
    }
    blocks
}

/// The block with each text in backquotes as one word, and without the addresses of links.
fn simplify(block: &str) -> String {
    let parts = block.split('`').enumerate();
    let words: String = parts.map(|(place, part)| if place % 2 == 1 { "code" } else { part }).collect();
    words
        .split("](")
        .map(|part| part.split_once(')').map_or(part, |(_, rest)| rest))
        .collect::<Vec<_>>()
        .join("] ")
}

fn count_words(sentence: &str) -> usize {
    sentence.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

fn long_sentences(text: &str) -> Vec<String> {
    let blocks = blocks(&prose(text)).into_iter().map(|block| simplify(&block));
    let ends = [". ", ".** ", "! ", "? ", ": ", "; "];
    let sentences = blocks.flat_map(|block| {
        let marked = ends.iter().fold(block, |text, end| text.replace(end, "\n"));
        marked.lines().map(str::to_owned).collect::<Vec<_>>()
    });
    sentences.filter(|sentence| count_words(sentence) > MOST).collect()
}

#[test]
fn no_sentence_of_the_readme_has_more_than_twenty_words() {
    let readme =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("a README");
    assert_eq!(long_sentences(&readme), [""; 0]);
}

#[test]
fn a_long_sentence_is_found_in_a_paragraph_a_list_and_a_table() {
    let long = "word ".repeat(MOST + 1);
    for text in [long.clone(), format!("- {long}"), format!("| a | {long} |"), format!("Short.\n{long}")] {
        assert_eq!(long_sentences(&text).len(), 1, "{text}");
    }
    assert_eq!(long_sentences(&format!("```sh\n{long}\n```")), [""; 0]);
    assert_eq!(long_sentences(&"word ".repeat(MOST)), [""; 0]);
}
