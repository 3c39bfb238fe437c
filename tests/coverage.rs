//! Every name that the registry gives a program is used by a conformance program where it belongs. Devices and queues need
//! somebody beside the program: theirs are `tests/machine` and `tests/capi`.
//!
//! A method counts as used when `.name` stands in a program of its type: one in the type's own folder, or else one that
//! says the type's name. A module's name counts in programs that import the module. Names of the form `__x__` are reached
//! through operators and protocols, which this test does not see, save in modules.

mod rig;

use pyrite::heap::names;
use pyrite::heap::{TypeId, Value};
use pyrite::runtime::registry::REGISTRY;
use pyrite::vm::def::Entry;

/// Types that have folders (some more than one) in `tests/conformance`.
const FOLDERS: &[(&str, &str)] = &[
    ("bytearray", "bytes"),
    ("bytes", "bytes"),
    ("complex", "complex"),
    ("dict", "dict"),
    ("dict_view", "dict"),
    ("float", "float"),
    ("frozenset", "set"),
    ("generator", "generators async"),
    ("int", "int"),
    ("list", "list"),
    ("range", "range"),
    ("set", "set"),
    ("slice", "slice"),
    ("str", "str"),
    ("tuple", "tuple"),
];

/// What no program calls by name (the compiler's and the prompt's own), or what prints figures of the machine, which no
/// expected output can hold (the public test suite calls these).
const INTERNAL: &[&str] = &["__template__", "__repl_print__", "__name__", "mem_info", "qstr_info"];

struct Program {
    folder: String,
    text: String,
}

/// The places in `text` where `word` stands by itself.
fn words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let part = |c: char| c == '_' || c.is_alphanumeric();
    text.match_indices(word)
        .map(|(at, _)| at)
        .filter(move |at| !text[..*at].ends_with(part) && !text[at + word.len()..].starts_with(part))
}

fn says(text: &str, word: &str) -> bool {
    words(text, word).next().is_some()
}

fn is_method_of(text: &str, name: &str) -> bool {
    words(text, name).any(|at| text[..at].ends_with('.'))
}

/// `import m`, `import a, m`, `from m import …`.
fn imports(text: &str, module: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        let from = line.strip_prefix("from ").and_then(|rest| rest.split(" import").next());
        let list = line.strip_prefix("import ").or(from);
        let names = list.into_iter().flat_map(|list| list.split(','));
        names.filter_map(|m| m.split(" as ").next()).any(|m| {
            // `a.b` imports `a` too.
            m.trim().strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    })
}

fn text(v: Value) -> String {
    names::text_of(v).unwrap_or_default().to_string()
}

fn is_private(entry: &Entry) -> bool {
    text(entry.name).starts_with("__")
}

#[test]
fn every_name_has_a_program() {
    let of_c = std::fs::read_dir("tests/capi").unwrap().map(|entry| {
        let path = entry.unwrap().path();
        (path.display().to_string(), std::fs::read_to_string(path).unwrap())
    });
    let programs: Vec<Program> = rig::programs("conformance")
        .into_iter()
        .chain(rig::programs("machine"))
        .chain(of_c)
        .map(|(name, text)| Program { folder: name.split('/').nth(2).unwrap_or("").to_string(), text })
        .collect();
    let mut missing = Vec::new();
    for def in REGISTRY.types {
        let name = text(def.name);
        let folder = FOLDERS.iter().find(|f| f.0 == name).map(|f| f.1);
        let own: Vec<&Program> = programs
            .iter()
            .filter(|p| match folder {
                Some(folders) => folders.split(' ').any(|folder| p.folder == folder),
                None => says(&p.text, &name) || def.id == TypeId::Object,
            })
            .collect();
        for entry in def.entries.iter().filter(|e| !is_private(e)) {
            let entry = text(entry.name);
            if !own.iter().any(|p| is_method_of(&p.text, &entry)) {
                missing.push(format!("{name}.{entry}"));
            }
        }
    }
    for module in REGISTRY.modules {
        let name = text(module.name);
        let builtins = name == "builtins";
        for entry in module.entries {
            let entry = text(entry.name);
            let used =
                programs.iter().any(|p| (builtins || imports(&p.text, &name)) && says(&p.text, &entry));
            if !used && !INTERNAL.contains(&&*entry) {
                missing.push(format!("{name}.{entry}"));
            }
        }
    }
    assert!(missing.is_empty(), "no conformance program uses {} names: {}", missing.len(), missing.join(" "));
}
