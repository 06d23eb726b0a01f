//! The form, and nothing before it.

fn main() -> std::io::Result<()> {
    floor::show_form()
}
