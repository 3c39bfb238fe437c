//! `TypeId`: the list of built-in types; a type's number is its place in the registry's table.

macro_rules! types {
    ($($(#[$cfg:meta])* $name:ident)*) => {
        /// A built-in type.
        #[derive(Clone, Copy, PartialEq, Eq)]
        #[cfg_attr(test, derive(Debug))]
        #[repr(u16)]
        pub enum TypeId { $($(#[$cfg])* $name),* }
        const ALL: &[TypeId] = &[$($(#[$cfg])* TypeId::$name),*];
        impl TypeId {
            pub const COUNT: usize = ALL.len();
        }
    };
}

types! {
    Object Type NoneType Bool Int Float Complex Str Bytes ByteArray MemoryView
    List Tuple Dict Set FrozenSet Range Slice EllipsisType NotImplementedType
    Function Closure NativeFunction Generator BoundMethod Module Cell Property StaticMethod ClassMethod Super
    #[cfg(feature = "basic")] GeneratorFunction
    Code Iterator DictView Enumerate Map Filter Zip Reversed
    // exceptions: first to last in one run, `BaseException` first
    BaseException SystemExit KeyboardInterrupt GeneratorExit Exception StopIteration StopAsyncIteration
    ArithmeticError OverflowError ZeroDivisionError AssertionError AttributeError BufferError EOFError
    ImportError LookupError IndexError KeyError MemoryError NameError UnboundLocalError OSError
    TimeoutError RuntimeError NotImplementedError RecursionError SyntaxError IndentationError TypeError ValueError
    UnicodeError
    #[cfg(feature = "except-star")] BaseExceptionGroup
    #[cfg(feature = "except-star")] ExceptionGroup
    ViperTypeError
    // types of modules
    Array Deque NamedTuple OrderedDict StringIO BytesIO FileIO TextIOWrapper IOBase BufferedWriter
    AttrTuple StringTemplate Interpolation VfsPosix RingIO Frame RePattern ReMatch
    Sha256 Sha1 Md5 Aes Task TaskQueue Sleep Poll WeakRef WeakFinalize DeflateIO Struct
    #[cfg(feature = "natives")] NativeData
    #[cfg(feature = "natives")] Queue
    #[cfg(feature = "type-parameters")] TypeVar
    #[cfg(feature = "type-parameters")] TypeAlias
    #[cfg(feature = "async-generators")] AsyncStep
    #[cfg(feature = "thread")] Lock
    #[cfg(feature = "machine-tables")] Pin
    #[cfg(feature = "machine-tables")] Signal
    #[cfg(feature = "machine-tables")] Irq
    #[cfg(feature = "machine-tables")] Timer
    #[cfg(feature = "machine-tables")] I2C
    #[cfg(feature = "machine-tables")] SPI
    #[cfg(feature = "machine-tables")] UART
    #[cfg(feature = "machine-tables")] ADC
    #[cfg(feature = "machine-tables")] WDT
    #[cfg(feature = "machine-tables")] Board
    #[cfg(feature = "machine-tables")] Registers
}

impl TypeId {
    pub fn from_index(i: u32) -> Option<TypeId> {
        ALL.get(i as usize).copied()
    }
    pub fn is_exception(self) -> bool {
        (TypeId::BaseException as u16..=TypeId::ViperTypeError as u16).contains(&(self as u16))
    }
}
