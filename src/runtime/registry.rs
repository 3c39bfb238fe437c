//! Everything built in: one line per type, in the order of `TypeId`, and one per module; `builtins` is the first.

use super::{exec, loader};
use crate::builtins::*;
use crate::heap::TypeId;
use crate::modules;
use crate::modules::attrtuple;
#[cfg(feature = "basic")]
use crate::modules::{collections, file, io, namedtuple, portfs};
use crate::vm::def::{Hooks, ModuleDef, Registry, TypeDef};

pub static REGISTRY: Registry =
    Registry { types: &TYPES, exceptions: &exceptions::NAMES, modules: MODULES, hooks: &HOOKS };

static HOOKS: Hooks = Hooks {
    load: loader::load,
    print: print::print,
    to_str: print::to_str,
    print_exception: exec::print_exception,
    write_stream: streams::write_hook,
    #[cfg(feature = "extra")]
    finalize: modules::weakref::finalize,
    #[cfg(not(feature = "extra"))]
    finalize: modules::vfs::finalize,
};

static MODULES: &[&ModuleDef] = &[
    &modules::builtins::MODULE,
    #[cfg(feature = "basic")]
    &modules::array::MODULE,
    #[cfg(feature = "extra")]
    &modules::asyncio::MODULE,
    #[cfg(feature = "basic")]
    &modules::binascii::MODULE,
    #[cfg(all(feature = "extra", any(feature = "float-single", feature = "float-double")))]
    &modules::cmath::MODULE,
    #[cfg(feature = "basic")]
    &modules::collections::MODULE,
    #[cfg(feature = "extra")]
    &modules::cryptolib::MODULE,
    #[cfg(feature = "extra")]
    &modules::deflate::MODULE,
    #[cfg(feature = "basic")]
    &modules::errno::MODULE,
    &modules::gc::MODULE,
    #[cfg(feature = "extra")]
    &modules::hashlib::MODULE,
    #[cfg(feature = "extra")]
    &modules::heapq::MODULE,
    #[cfg(feature = "basic")]
    &modules::io::MODULE,
    #[cfg(feature = "extra")]
    &modules::json::MODULE,
    #[cfg(feature = "machine")]
    &modules::machine::MODULE,
    #[cfg(feature = "extra")]
    &modules::marshal::MODULE,
    #[cfg(all(feature = "basic", any(feature = "float-single", feature = "float-double")))]
    &modules::math::MODULE,
    &modules::micropython::MODULE,
    #[cfg(feature = "basic")]
    &modules::os::MODULE,
    #[cfg(feature = "extra")]
    &modules::platform::MODULE,
    #[cfg(feature = "basic")]
    &modules::random::MODULE,
    #[cfg(feature = "extra")]
    &modules::re::MODULE,
    #[cfg(feature = "extra")]
    &modules::select::MODULE,
    #[cfg(feature = "basic")]
    &modules::struct_::MODULE,
    &modules::sys::MODULE,
    #[cfg(feature = "extra")]
    &modules::templatelib::STRING,
    #[cfg(feature = "extra")]
    &modules::templatelib::MODULE,
    #[cfg(feature = "thread")]
    &modules::thread::MODULE,
    #[cfg(feature = "core")]
    &modules::time::MODULE,
    #[cfg(feature = "extra")]
    &modules::uctypes::MODULE,
    #[cfg(feature = "basic")]
    &modules::vfs::MODULE,
    #[cfg(feature = "extra")]
    &modules::weakref::MODULE,
];

/// The types before the exceptions.
const FIRST: [&TypeDef; TypeId::BaseException as usize] = [
    &object::TYPE,
    &typ::TYPE,
    &none::NONE,
    &int::BOOL,
    &int::TYPE,
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    &float::TYPE,
    #[cfg(not(any(feature = "float-single", feature = "float-double")))]
    &ABSENT,
    #[cfg(any(feature = "float-single", feature = "float-double"))]
    &complex::TYPE,
    #[cfg(not(any(feature = "float-single", feature = "float-double")))]
    &ABSENT,
    &str::TYPE,
    &bytes::TYPE,
    &bytearray::TYPE,
    #[cfg(feature = "basic")]
    &memoryview::TYPE,
    #[cfg(not(feature = "basic"))]
    &ABSENT,
    &list::TYPE,
    &tuple::TYPE,
    &dict::TYPE,
    &set::TYPE,
    &set::FROZEN,
    &range::TYPE,
    &range::SLICE,
    &none::ELLIPSIS,
    &none::NOT_IMPLEMENTED,
    &function::FUNCTION,
    &function::CLOSURE,
    &function::NATIVE,
    &generator::TYPE,
    &function::BOUND,
    &module::TYPE,
    &code::CELL,
    &property::PROPERTY,
    &property::STATIC_METHOD,
    &property::CLASS_METHOD,
    &superobj::TYPE,
    #[cfg(feature = "basic")]
    &function::GENERATOR,
    &code::CODE,
    &iterators::TYPE,
    &dict::VIEW,
    &iterators::ENUMERATE,
    &iterators::MAP,
    &iterators::FILTER,
    &iterators::ZIP,
    &iterators::REVERSED,
];

/// How many there are after the exceptions, before the devices.
const LAST_COUNT: usize = TypeId::COUNT - TypeId::Array as usize - DEVICES.len();

/// The types after the exceptions.
#[cfg(feature = "basic")]
const LAST: [&TypeDef; LAST_COUNT] = [
    &modules::array::TYPE,
    &collections::DEQUE,
    &namedtuple::TYPE,
    &dict::ORDERED,
    &io::STRING_IO,
    &io::BYTES_IO,
    &file::BINARY,
    &file::TEXT,
    &io::IO_BASE,
    &io::BUFFERED_WRITER,
    &attrtuple::TYPE,
    #[cfg(feature = "extra")]
    &modules::templatelib::TEMPLATE,
    #[cfg(not(feature = "extra"))]
    &ABSENT,
    #[cfg(feature = "extra")]
    &modules::templatelib::INTERPOLATION,
    #[cfg(not(feature = "extra"))]
    &ABSENT,
    &portfs::TYPE,
    #[cfg(feature = "extra")]
    &modules::ringio::TYPE,
    #[cfg(not(feature = "extra"))]
    &ABSENT,
    #[cfg(feature = "settrace")]
    &frame::TYPE,
    #[cfg(not(feature = "settrace"))]
    &ABSENT,
    #[cfg(feature = "extra")]
    &modules::re::PATTERN,
    #[cfg(not(feature = "extra"))]
    &ABSENT,
    #[cfg(feature = "extra")]
    &modules::re::MATCH,
    #[cfg(not(feature = "extra"))]
    &ABSENT,
    #[cfg(feature = "extra")]
    &modules::hashlib::SHA256,
    #[cfg(not(feature = "extra"))]
    &ABSENT,
    #[cfg(feature = "extra")]
    &modules::hashlib::SHA1,
    #[cfg(not(feature = "extra"))]
    &ABSENT,
    #[cfg(feature = "extra")]
    &modules::hashlib::MD5,
    #[cfg(not(feature = "extra"))]
    &ABSENT,
    #[cfg(feature = "extra")]
    &modules::cryptolib::AES,
    #[cfg(not(feature = "extra"))]
    &ABSENT,
    #[cfg(feature = "extra")]
    &modules::asyncio::TASK,
    #[cfg(not(feature = "extra"))]
    &ABSENT,
    #[cfg(feature = "extra")]
    &modules::asyncio::TASK_QUEUE,
    #[cfg(not(feature = "extra"))]
    &ABSENT,
    #[cfg(feature = "extra")]
    &modules::asyncio::SLEEP,
    #[cfg(not(feature = "extra"))]
    &ABSENT,
    #[cfg(feature = "extra")]
    &modules::select::POLL,
    #[cfg(not(feature = "extra"))]
    &ABSENT,
    #[cfg(feature = "extra")]
    &modules::weakref::REF,
    #[cfg(not(feature = "extra"))]
    &ABSENT,
    #[cfg(feature = "extra")]
    &modules::weakref::FINALIZE,
    #[cfg(not(feature = "extra"))]
    &ABSENT,
    #[cfg(feature = "extra")]
    &modules::deflate::TYPE,
    #[cfg(not(feature = "extra"))]
    &ABSENT,
    #[cfg(feature = "extra")]
    &modules::uctypes::TYPE,
    #[cfg(not(feature = "extra"))]
    &ABSENT,
    #[cfg(feature = "natives")]
    &function::NATIVE_DATA,
    #[cfg(feature = "natives")]
    &modules::queue::QUEUE,
    #[cfg(feature = "type-parameters")]
    &generics::TYPE_VAR,
    #[cfg(feature = "type-parameters")]
    &generics::ALIAS,
    #[cfg(feature = "async-generators")]
    &async_step::TYPE,
    #[cfg(feature = "thread")]
    &modules::thread::LOCK,
];
#[cfg(not(feature = "basic"))]
const LAST: [&TypeDef; LAST_COUNT] = {
    let mut all = [&ABSENT; LAST_COUNT];
    all[TypeId::AttrTuple as usize - TypeId::Array as usize] = &attrtuple::TYPE;
    #[cfg(feature = "type-parameters")]
    {
        all[TypeId::TypeVar as usize - TypeId::Array as usize] = &generics::TYPE_VAR;
        all[TypeId::TypeAlias as usize - TypeId::Array as usize] = &generics::ALIAS;
    }
    #[cfg(feature = "async-generators")]
    {
        all[TypeId::AsyncStep as usize - TypeId::Array as usize] = &async_step::TYPE;
    }
    #[cfg(feature = "thread")]
    {
        all[TypeId::Lock as usize - TypeId::Array as usize] = &modules::thread::LOCK;
    }
    all
};

/// The types of `machine`, in the order of `TypeId`: the last.
#[cfg(not(feature = "machine-tables"))]
const DEVICES: [&TypeDef; 0] = [];
#[cfg(feature = "machine-tables")]
const DEVICES: [&TypeDef; 11] = {
    use modules::machine::*;
    [
        #[cfg(feature = "machine-pin")]
        &pin::TYPE,
        #[cfg(not(feature = "machine-pin"))]
        &ABSENT,
        #[cfg(feature = "machine-pin")]
        &signal::TYPE,
        #[cfg(not(feature = "machine-pin"))]
        &ABSENT,
        &irq::TYPE,
        #[cfg(feature = "machine-timer")]
        &timer::TYPE,
        #[cfg(not(feature = "machine-timer"))]
        &ABSENT,
        #[cfg(feature = "machine-i2c")]
        &i2c::TYPE,
        #[cfg(not(feature = "machine-i2c"))]
        &ABSENT,
        #[cfg(feature = "machine-spi")]
        &spi::TYPE,
        #[cfg(not(feature = "machine-spi"))]
        &ABSENT,
        #[cfg(feature = "machine-uart")]
        &uart::TYPE,
        #[cfg(not(feature = "machine-uart"))]
        &ABSENT,
        #[cfg(feature = "machine-adc")]
        &adc::TYPE,
        #[cfg(not(feature = "machine-adc"))]
        &ABSENT,
        #[cfg(feature = "machine-wdt")]
        &wdt::TYPE,
        #[cfg(not(feature = "machine-wdt"))]
        &ABSENT,
        #[cfg(feature = "machine-system")]
        &board::TYPE,
        #[cfg(not(feature = "machine-system"))]
        &ABSENT,
        #[cfg(feature = "full")]
        &registers::TYPE,
        #[cfg(not(feature = "full"))]
        &ABSENT,
    ]
};

/// What stands in the place of a type that this build leaves out; no object has it, and no table names it.
#[allow(dead_code)] // not in the build that leaves nothing out
static ABSENT: TypeDef = TypeDef::plain(TypeId::Object, crate::q!("object"));

static TYPES: [&TypeDef; TypeId::COUNT] = {
    let mut all = [FIRST[0]; TypeId::COUNT];
    let mut n = 0;
    while n < FIRST.len() {
        all[n] = FIRST[n];
        n += 1;
    }
    let mut i = 0;
    while i < exceptions::TYPES.len() {
        all[n] = exceptions::TYPES[i];
        n += 1;
        i += 1;
    }
    i = 0;
    while i < LAST.len() {
        all[n] = LAST[i];
        n += 1;
        i += 1;
    }
    i = 0;
    while i < DEVICES.len() {
        all[n] = DEVICES[i];
        n += 1;
        i += 1;
    }
    assert!(n == TypeId::COUNT, "every type has its place");
    all
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heap::Value;
    use crate::vm::class::OBJECT_ENTRIES;

    #[test]
    fn types_stand_where_their_number_says() {
        for (i, t) in TYPES.iter().enumerate() {
            let shared =
                t.id == TypeId::Exception && TypeId::from_index(i as u32).is_some_and(TypeId::is_exception);
            assert!(t.id as usize == i || shared, "{i}");
        }
    }

    #[test]
    fn the_vm_finds_what_it_names_by_number() {
        for (have, want) in object::TYPE.entries.iter().zip(OBJECT_ENTRIES.iter()) {
            assert!(have.name == want.name);
        }
        assert!(MODULES.first().is_some_and(|m| m.name == crate::q!("builtins")));
        assert!(MODULES[0].entries[crate::vm::class::LEN_ENTRY as usize].name == crate::q!("len"));
        let at = |t: TypeId, i: u32| TYPES[t as usize].entries[i as usize].name;
        assert!(at(TypeId::List, crate::vm::class::LIST_APPEND_ENTRY) == crate::q!("append"));
        assert!(at(TypeId::Dict, crate::vm::class::DICT_GET_ENTRY) == crate::q!("get"));
    }

    #[test]
    fn no_name_stands_twice_in_a_table() {
        let check = |entries: &[crate::vm::def::Entry]| {
            for (i, e) in entries.iter().enumerate() {
                let again = entries.iter().skip(i + 1).any(|o| o.name == e.name);
                assert!(!again, "{:?}", crate::heap::names::text_of(e.name));
            }
        };
        TYPES.iter().for_each(|t| check(t.entries));
        MODULES.iter().for_each(|m| check(m.entries));
        let _: Value = MODULES[0].name;
    }
}
