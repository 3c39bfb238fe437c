//! The project's own commands: one file per command, this table names them.
//!
//! A command takes the words after its name and returns an error text; nothing here does the work itself.

mod archive;
mod bench;
mod bindings;
mod boards;
mod compile_memory;
mod dist;
mod figures;
mod fuzz;
mod kernel;

mod rtos;
mod run;
mod setup;
mod sh;
mod size;
mod soak;
mod steps;
mod test;
mod thumb1;
mod zephyr;

/// Name, usage line, function.
type Command = (&'static str, &'static str, fn(&[String]) -> sh::Outcome);

/// Sorted by name.
const COMMANDS: &[Command] = &[
    (
        "bench",
        "[host|board|steps|compile|--rtos|--soak [SECONDS]] [NAME...]: instructions per program, of the collector's longest step, of \
         tasks and events; heap of compiling; ten minutes of everything at once",
        bench::bench,
    ),
    (
        "bindings",
        "make src/port/bindings.rs anew from the C headers, with bindgen (needs libclang)",
        bindings::bindings,
    ),
    (
        "dist",
        "[--target TRIPLE]...: packages for C projects: library, headers, shims, CMake, sizes",
        dist::dist,
    ),
    (
        "fuzz",
        "source|mpy|programs [--runs N | --seconds N] [--seed N]: random inputs, led by coverage",
        fuzz::fuzz,
    ),
    ("lib", "--target TRIPLE [--features LIST]: libpyrite.a for C users", archive::lib),
    ("run", "--board NAME [script.py]: a board's firmware in QEMU", run::run),
    ("setup", "install what a fresh Debian 12 lacks (packages, Rust targets)", setup::setup),
    (
        "size",
        "[features [NAME...]]: flash and RAM by board and by rank, or what each feature adds",
        size::size,
    ),
    ("sweep", "[PROGRAM...]: fail each allocation of the programs under tests/ in turn", test::sweep_fully),
    ("test", "[STEP...]: the gate; a step named in vain lists them", test::test),
    ("zephyr", "[PART...]: the module in the Zephyr workspace of ZEPHYR_BASE", zephyr::zephyr),
];

fn main() -> std::process::ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let found = words.first().and_then(|name| COMMANDS.iter().find(|command| command.0 == name));
    let Some((name, _, run)) = found else {
        eprintln!("usage: cargo xtask COMMAND [ARGUMENTS]\n");
        for (name, usage, _) in COMMANDS {
            eprintln!("  {name:<8} {usage}");
        }
        return std::process::ExitCode::from(2);
    };
    match run(words.get(1..).unwrap_or_default()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("cargo xtask {name}: {why}");
            std::process::ExitCode::FAILURE
        }
    }
}
