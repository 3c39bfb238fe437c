//! MicroPython's unix command line.

/// What is to be run.
#[derive(Debug, PartialEq)]
pub enum Program {
    /// Standard input: a REPL on a terminal, else a program.
    Stdin,
    Text(String),
    Module(String),
    File(String),
}

#[derive(Debug)]
pub struct Options {
    pub program: Program,
    /// `sys.argv`.
    pub argv: Vec<String>,
    pub inspect: bool,
    pub opt_level: u8,
    /// How often `-v` was given.
    pub verbose: u8,
    pub heap: usize,
    pub compile_only: bool,
    pub gc: Option<GcMode>,
    /// Makes the n-th allocation fail, alone or with all that follow it.
    pub fail_at: Option<(u32, bool)>,
    /// Run in the same VM when the program is over, whatever became of it; the heap is verified before.
    pub after: Option<String>,
    /// A blob of frozen modules.
    pub frozen: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GcMode {
    Normal,
    Never,
    Always,
}

/// What the command line asks for instead of a program, or why it makes no sense.
#[derive(Debug, PartialEq)]
pub enum Other {
    Usage,
    Version,
    Bad(String),
}

pub const USAGE: &str = "usage: pyrite [<opts>] [-X <implopt>] [-c <command> | -m <module> | <filename>]
Options:
--version : show version information
-h : print this help message
-i : enable inspection via REPL after running command/module/file
-O[N] : apply bytecode optimizations of level N
-v : once shows the memory at the end, twice also the bytecode of the program

Implementation specific options (-X):
  compile-only            -- parse and compile only
  emit=bytecode           -- bytecode is what there is
  heapsize=<n>[w][K|M]    -- set the heap size
  gc=normal|never|always  -- when collections start
  oom-once=<n>            -- the n-th allocation fails
  oom-from=<n>            -- the n-th allocation and all later ones fail
  frozen=<file>           -- modules that pyrite-freeze has put together
  after=<file>            -- verify the heap when the program is over, then run this one in the same VM
";

const DEFAULT_HEAP: usize = 2 << 20;

impl Default for Options {
    fn default() -> Options {
        Options {
            program: Program::Stdin,
            argv: Vec::new(),
            inspect: std::env::var_os("MICROPYINSPECT").is_some(),
            opt_level: 0,
            verbose: 0,
            heap: DEFAULT_HEAP,
            compile_only: false,
            gc: None,
            fail_at: None,
            after: None,
            frozen: None,
        }
    }
}

pub fn parse(args: impl Iterator<Item = String>) -> Result<Options, Other> {
    let mut o = Options::default();
    let mut args = args.peekable();
    while let Some(a) = args.next() {
        let mut value =
            |what: &str| args.next().ok_or_else(|| Other::Bad(format!("{what} needs an argument")));
        match a.as_str() {
            "-c" => {
                o.program = Program::Text(value("-c")?);
                o.argv = vec!["-c".into()];
            }
            "-m" => {
                let name = value("-m")?;
                o.argv = vec![name.clone()];
                o.program = Program::Module(name);
            }
            "-X" => implementation(&mut o, &value("-X")?)?,
            "-i" => {
                o.inspect = true;
                continue;
            }
            "-h" => return Err(Other::Usage),
            "--version" => return Err(Other::Version),
            "-v" => {
                o.verbose += 1;
                continue;
            }
            level if level.starts_with("-O") => {
                o.opt_level = match level.trim_start_matches("-O") {
                    "" => 1,
                    "O" => 2,
                    "OO" => 3,
                    n => n.parse().map_err(|_| Other::Bad(format!("bad option {level}")))?,
                };
                continue;
            }
            "-" => {}
            option if option.starts_with('-') => return Err(Other::Usage),
            file => {
                o.program = Program::File(file.into());
                o.argv = vec![file.into()];
            }
        }
        if a != "-X" {
            o.argv.extend(args);
            break;
        }
    }
    if o.argv.is_empty() {
        o.argv.push(String::new());
    }
    Ok(o)
}

fn implementation(o: &mut Options, text: &str) -> Result<(), Other> {
    let bad = || Other::Bad(format!("unknown implementation option {text}"));
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    match (name, value) {
        ("compile-only", "") => o.compile_only = true,
        ("emit", "bytecode") | ("realtime", "") => {}
        ("heapsize", n) => o.heap = size(n).ok_or_else(bad)?,
        ("gc", "normal") => o.gc = Some(GcMode::Normal),
        ("gc", "never") => o.gc = Some(GcMode::Never),
        ("gc", "always") => o.gc = Some(GcMode::Always),
        ("oom-once", n) => o.fail_at = Some((n.parse().map_err(|_| bad())?, false)),
        ("oom-from", n) => o.fail_at = Some((n.parse().map_err(|_| bad())?, true)),
        ("frozen", file) if !file.is_empty() => o.frozen = Some(file.into()),
        ("after", file) if !file.is_empty() => o.after = Some(file.into()),
        _ => return Err(bad()),
    }
    Ok(())
}

/// `<n>[w][K|M]`; with `w` the number is for a machine of 32-bit words, which these values are.
fn size(text: &str) -> Option<usize> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let n: usize = digits.parse().ok()?;
    let scale = match text.get(digits.len()..)?.trim_start_matches('w') {
        "" => 1,
        "k" | "K" => 1 << 10,
        "m" | "M" => 1 << 20,
        _ => return None,
    };
    n.checked_mul(scale).filter(|n| *n >= 700)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(args: &[&str]) -> Options {
        parse(args.iter().map(|a| a.to_string())).unwrap()
    }

    #[test]
    fn programs_and_their_arguments() {
        let o = ok(&["-X", "heapsize=20k", "-O2", "a.py", "-c", "x"]);
        assert_eq!((o.heap, o.opt_level), (20480, 2));
        assert_eq!(o.program, Program::File("a.py".into()));
        assert_eq!(o.argv, ["a.py", "-c", "x"]);
        let o = ok(&["-i", "-c", "print(1)", "y"]);
        assert!(o.inspect && o.program == Program::Text("print(1)".into()));
        assert_eq!(o.argv, ["-c", "y"]);
        assert_eq!(ok(&["-m", "mod"]).program, Program::Module("mod".into()));
        assert_eq!(ok(&[]).program, Program::Stdin);
        assert!(parse(["-X", "what"].iter().map(|a| a.to_string())).is_err());
    }
}
