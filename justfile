# Short names for what is done often. Nothing needs `just`: each recipe is a line or two to type.

[private]
default:
    @just --list

# What a change has to pass, and what CI runs.
check:
    .ci/run

# All tests, or those whose names hold one of these texts: just test typing
[positional-arguments]
test *NAMES:
    cargo test --locked -- "$@"

# Measure the release build: each figure with its budget. Or some families of rows: just bench keys rest
[positional-arguments]
bench *FAMILIES:
    cargo bench --locked -- "$@"

# cargo install --locked cargo-mutants. Other crates are built once and kept from run to run, what changes is thrown away.
# Change the code, and list what no unit test notices: just mutants -f 'src/settings{.rs,/**}'
[positional-arguments]
mutants +ARGUMENTS:
    rm -rf target/cargo-mutants/mutants/incremental
    CARGO_TARGET_DIR="$PWD/target/cargo-mutants" cargo mutants "$@"

# Draw the README's pictures anew, and record the demo (assets/demo.cast).
pictures:
    UPDATE_PICTURES=1 cargo test --locked --test main docs::pictures

# Ask the demo server with requests that schemathesis makes from tests/contract/openapi.json. Not in .ci/run: it takes minutes.
[positional-arguments]
contract *ARGUMENTS:
    tests/contract/run "$@"

# One file that runs on any Linux of this kind of processor: target/HOST/release/convrating.
static:
    cargo build --locked --release --target "$(rustc --print host-tuple)" --config 'build.rustflags=["-Ctarget-feature=+crt-static"]'

# cargo install --locked cargo-about --features cli. The licences of the crates in the program: target/THIRD-PARTY-NOTICES.
notices:
    cargo about generate --locked --fail about.hbs --output-file target/THIRD-PARTY-NOTICES
