//! Programs and what they must print: CPython's output of the same file, or the `.exp` file beside it.
//!
//! A program's comments may hold tags, one a line:
//! - `# needs: files` (or `double`, `memory`, `a command line`): what no board has, so boards skip it;
//! - `# not with gc=MODE: REASON`: that collector mode is left out.

use crate::sh::{self, Outcome};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

pub struct Program {
    /// `area/name`, for people.
    pub name: String,
    pub path: PathBuf,
    pub text: String,
}

/// What a run printed and how it ended.
pub struct Run {
    pub out: String,
    pub err: String,
    /// The exit status; `None` after a signal or when time was up.
    pub status: Option<i32>,
}

impl Program {
    /// The value of `# tag: value`, if the program has such a line.
    pub fn tag(&self, tag: &str) -> Option<&str> {
        self.text.lines().find_map(|line| line.strip_prefix("# ")?.strip_prefix(tag)?.strip_prefix(": "))
    }

    pub fn expected(&self) -> Outcome<String> {
        let beside = self.path.with_extension("exp");
        if beside.exists() {
            return sh::at(&beside, fs::read_to_string(&beside));
        }
        let run = self.run(Command::new("python3").arg("-B"), Duration::from_secs(600))?;
        if run.status == Some(0) { Ok(run.out) } else { Err(format!("CPython fails on it:\n{}", run.err)) }
    }

    /// Runs the program by `command`, in its own folder and with its bare name, so that messages hold no paths.
    pub fn run(&self, command: &mut Command, limit: Duration) -> Outcome<Run> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let name = self.path.file_name().unwrap_or_default();
        run_limited(command.arg(name).current_dir(folder), limit)
    }
}

/// The programs right in this folder of the repository and, with `areas`, in its folders.
pub fn programs(folder: &str, areas: bool) -> Vec<Program> {
    let root = sh::root().join(folder);
    let mut found = Vec::new();
    for path in sorted_entries(&root) {
        if path.is_dir() && areas {
            let area = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            for file in sorted_entries(&path) {
                add_program(&mut found, &format!("{area}/"), file);
            }
        } else {
            add_program(&mut found, "", path);
        }
    }
    found
}

fn add_program(found: &mut Vec<Program>, area: &str, path: PathBuf) {
    if path.extension().is_some_and(|e| e == "py") && path.is_file() {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap_or_default();
        found.push(Program { name: format!("{area}{stem}"), text, path });
    }
}

fn sorted_entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

/// Calls `work` for every item, on as many threads as there are processors; the answers keep the items' order.
pub fn in_parallel<T: Sync, A: Send>(items: &[T], work: impl Fn(&T) -> A + Sync) -> Vec<A> {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let next = AtomicUsize::new(0);
    let answers = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((index, item)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    items.get(index).map(|item| (index, item))
                } {
                    let answer = work(item);
                    if let Ok(mut answers) = answers.lock() {
                        answers.push((index, answer));
                    }
                }
            });
        }
    });
    let mut answers = answers.into_inner().unwrap_or_default();
    answers.sort_by_key(|(index, _)| *index);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// Runs a command to its end or to the limit, with its outputs in files, so that no pipe can fill up.
pub fn run_limited(command: &mut Command, limit: Duration) -> Outcome<Run> {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let folder = sh::target_dir().join("test-output");
    sh::at(&folder, fs::create_dir_all(&folder))?;
    let base = format!("{}-{}", std::process::id(), RUNS.fetch_add(1, Ordering::Relaxed));
    let (out, err) = (folder.join(format!("{base}.out")), folder.join(format!("{base}.err")));
    command.stdin(Stdio::null());
    command.stdout(sh::at(&out, File::create(&out))?).stderr(sh::at(&err, File::create(&err))?);
    let mut child = command.spawn().map_err(|why| format!("cannot start {command:?}: {why}"))?;
    let begun = Instant::now();
    let mut pause = Duration::from_micros(500);
    let status = loop {
        match child.try_wait().map_err(|why| why.to_string())? {
            Some(status) => break status.code(),
            None if begun.elapsed() > limit => {
                child.kill().map_err(|why| why.to_string())?;
                child.wait().map_err(|why| why.to_string())?;
                break None;
            }
            None => {
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(20));
            }
        }
    };
    let read =
        |path: &Path| fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).replace("\r\n", "\n"));
    let run = Run { out: sh::at(&out, read(&out))?, err: sh::at(&err, read(&err))?, status };
    for path in [out, err] {
        sh::at(&path, fs::remove_file(&path))?;
    }
    Ok(run)
}

/// The first line where the two differ, as a reason.
pub fn compare(expected: &str, run: &Run) -> Outcome {
    if run.out == expected {
        return if run.status == Some(0) {
            Ok(())
        } else {
            Err(format!("status {:?}; {}", run.status, last(&run.err)))
        };
    }
    let (mut want, mut got) = (expected.lines(), run.out.lines());
    let mut line = 0;
    loop {
        line += 1;
        match (want.next(), got.next()) {
            (None, None) => return Err(format!("line ends differ; {}", last(&run.err))),
            (w, g) if w != g => {
                let show = |x: Option<&str>| x.map_or("nothing".into(), |x| format!("{x:?}"));
                let why = if run.err.is_empty() { last(&run.out) } else { last(&run.err) };
                return Err(format!(
                    "line {line}: {} instead of {} (status {:?}; {why})",
                    show(g),
                    show(w),
                    run.status
                ));
            }
            _ => {}
        }
    }
}

/// The last line with something in it.
pub fn last(text: &str) -> String {
    text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("no message").to_string()
}
