//! What is written down is true: the README's tables and figures, the walls between the rooms, the pictures.

mod imports;
mod manual;
mod package;
mod pictures;
mod pictures_in_motion;
mod programs;
mod readme;
mod readme_language;
mod walls;
