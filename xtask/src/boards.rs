//! The boards of `examples/freertos-qemu`: how each firmware is compiled and how QEMU runs it.

use crate::sh::{self, Outcome};
use crate::{archive, kernel};
use std::path::{Path, PathBuf};
use std::process::Command;

/// One row per board.
pub struct Board {
    /// Its folder in `examples/freertos-qemu/boards`, and the name on the command line.
    pub name: &'static str,
    /// Rust's target.
    pub target: &'static str,
    /// Prefix of its C tools.
    pub tools: &'static str,
    cpu: &'static [&'static str],
    /// Folder below the kernel's `portable/GCC`.
    port: &'static str,
    /// The kernel port's sources and further include folders, below `port`.
    port_sources: &'static [&'static str],
    port_includes: &'static [&'static str],
    /// Files of the example besides the program's, semihosting.c and the board's own.
    sources: &'static [&'static str],
    /// Folder with start-up code and linker script.
    core: &'static str,
    qemu: &'static [&'static str],
    /// Features of its library, where the target's usual ones do not fit.
    features: Option<&'static str>,
}

const ARM_LINK: &str = "cortex-m";
const RISCV_LINK: &str = "riscv";

/// All boards, the smallest first.
pub const BOARDS: &[Board] = &[
    Board {
        name: "microbit",
        target: "thumbv6m-none-eabi",
        tools: "arm-none-eabi-",
        cpu: &["-mcpu=cortex-m0", "-mthumb"],
        port: "ARM_CM0",
        port_sources: &["port.c", "portasm.c"],
        port_includes: &[],
        sources: &["cortex-m/startup.c"],
        core: ARM_LINK,
        qemu: &["qemu-system-arm", "-M", "microbit"],
        features: None,
    },
    Board {
        name: "lm3s6965evb",
        // The library as the micro:bit has it, made for size: 256 KB of flash are few for code of Cortex-M3.
        target: "thumbv6m-none-eabi",
        tools: "arm-none-eabi-",
        cpu: &["-mcpu=cortex-m3", "-mthumb"],
        port: "ARM_CM3",
        port_sources: &["port.c"],
        port_includes: &[],
        sources: &["cortex-m/startup.c", "cortex-m/systick.c", "boards/lm3s6965evb/machine.c"],
        core: ARM_LINK,
        qemu: &["qemu-system-arm", "-M", "lm3s6965evb"],
        features: Some("core,compiler,tiny,machine-pin,machine-timer,machine-system"),
    },
    Board {
        name: "netduinoplus2",
        target: "thumbv7em-none-eabihf",
        tools: "arm-none-eabi-",
        cpu: &["-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"],
        port: "ARM_CM4F",
        port_sources: &["port.c"],
        port_includes: &[],
        sources: &["cortex-m/startup.c", "cortex-m/systick.c"],
        core: ARM_LINK,
        qemu: &["qemu-system-arm", "-M", "netduinoplus2"],
        features: None,
    },
    Board {
        name: "mps2-an385",
        target: "thumbv7m-none-eabi",
        tools: "arm-none-eabi-",
        cpu: &["-mcpu=cortex-m3", "-mthumb"],
        port: "ARM_CM3",
        port_sources: &["port.c"],
        port_includes: &[],
        sources: &["cortex-m/startup.c", "cortex-m/systick.c"],
        core: ARM_LINK,
        qemu: &["qemu-system-arm", "-M", "mps2-an385"],
        features: None,
    },
    Board {
        name: "riscv-virt",
        target: "riscv32imac-unknown-none-elf",
        tools: "riscv64-unknown-elf-",
        cpu: &[
            "-march=rv32imac",
            "-misa-spec=2.2",
            "-mabi=ilp32",
            "-mcmodel=medany",
            "--specs=picolibc.specs",
        ],
        port: "RISC-V",
        port_sources: &["port.c", "portASM.S"],
        port_includes: &["chip_specific_extensions/RISCV_MTIME_CLINT_no_extensions"],
        sources: &["riscv/startup.S"],
        core: RISCV_LINK,
        qemu: &["qemu-system-riscv32", "-M", "virt", "-bios", "none"],
        features: None,
    },
];

/// The board of that name, or an error that lists the names.
pub fn named(name: &str) -> Outcome<&'static Board> {
    BOARDS.iter().find(|board| board.name == name).ok_or_else(|| {
        let names: Vec<&str> = BOARDS.iter().map(|board| board.name).collect();
        format!("no board {name:?}; there are {}", names.join(", "))
    })
}

/// A program of the example, and what they all need beside the board's files.
fn program(main: &str) -> Vec<PathBuf> {
    [main, "console.c"].map(|file| sh::root().join("examples/freertos-qemu").join(file)).into()
}

impl Board {
    /// Builds the library and the firmware; the path of the ELF file.
    pub fn build(&self) -> Outcome<PathBuf> {
        self.link("firmware", &[])
    }

    /// The same, even if the image is too large for the board's flash: to be measured, not run.
    pub fn build_anyway(&self) -> Outcome<PathBuf> {
        self.link("measured", &["-Wl,--noinhibit-exec"])
    }

    /// `build_anyway` with the library's features in place of the board's own.
    pub fn build_with(&self, features: &str) -> Outcome<PathBuf> {
        let archive = archive::build(self.target, Some(features))?;
        self.compile(
            &format!("with-{}", features.replace(',', "-")),
            &program("main.c"),
            Some(archive),
            &["-Wl,--noinhibit-exec"],
        )
    }

    /// Compiles the C side and links it with the library into `<name>.elf`.
    fn link(&self, name: &str, options: &[&str]) -> Outcome<PathBuf> {
        let archive = archive::build(self.target, self.features)?;
        self.compile(name, &program("main.c"), Some(archive), options)
    }

    /// The firmware that measures tasks, threads and events (`examples/freertos-qemu/rtos.c`); with `natives` also how long
    /// each of many natives keeps the VM.
    pub fn build_rtos(&self, natives: bool) -> Outcome<PathBuf> {
        let archive = archive::build(self.target, None)?;
        let (name, wanted) =
            if natives { ("rtos-natives", "-DLONG_NATIVES=1") } else { ("rtos", "-DLONG_NATIVES=0") };
        let defines = ["-DBOARD_TICK_IRQ=20", "-DBOARD_TICK_HOOK=1", wanted];
        self.compile(name, &program("rtos.c"), Some(archive), &defines)
    }

    /// The firmware of tests/soak, for so many seconds.
    pub fn build_soak(&self, seconds: u32) -> Outcome<PathBuf> {
        let (features, _) = archive::recipe(self.target)?;
        let archive = archive::build(self.target, Some(&format!("{features},testing")))?;
        let sources = ["soak.c", "freertos.c"].map(|file| sh::root().join("tests/soak").join(file));
        let defines = ["-DBOARD_TICK_HOOK=1", &format!("-DSOAK_SECONDS={seconds}")];
        self.compile(&format!("soak-{seconds}"), &sources, Some(archive), &defines)
    }

    /// A program of one's own with the board's files, the kernel and the shim, without the library.
    pub fn build_without_library(
        &self,
        name: &str,
        sources: &[PathBuf],
        options: &[&str],
    ) -> Outcome<PathBuf> {
        self.compile(name, sources, None, options)
    }

    fn compile(
        &self,
        name: &str,
        own: &[PathBuf],
        archive: Option<PathBuf>,
        options: &[&str],
    ) -> Outcome<PathBuf> {
        let example = sh::root().join("examples/freertos-qemu");
        let shims = sh::root().join("rtos-shims/freertos");
        let kernel = kernel::folder()?;
        let port = kernel.join("portable/GCC").join(self.port);
        let board = example.join("boards").join(self.name);
        let out = sh::target_dir().join("pyrite/boards").join(self.name);
        sh::at(&out, std::fs::create_dir_all(&out))?;

        let elf = out.join(format!("{name}.elf"));
        let mut inputs =
            vec![example.clone(), shims.clone(), sh::root().join("include"), kernel.join("tasks.c")];
        inputs.extend(own.iter().chain(&archive).cloned());
        if sh::is_current(&elf, &inputs) {
            return Ok(elf);
        }
        let mut sources = own.to_vec();
        sources.extend([example.join("semihosting.c"), board.join("board.c")]);
        sources.extend(self.sources.iter().map(|file| example.join(file)));
        sources.extend(["pyrite_freertos.c", "pyrite_freertos_machine.c"].map(|file| shims.join(file)));
        // Software timers come with configUSE_TIMERS.
        sources.extend(["tasks.c", "queue.c", "list.c", "timers.c"].map(|file| kernel.join(file)));
        sources.extend(self.port_sources.iter().map(|file| port.join(file)));

        let mut includes = vec![example.clone(), board.clone(), example.join(self.core), shims];
        includes.extend([sh::root().join("include"), kernel.join("include"), port.clone()]);
        includes.extend(own.iter().filter_map(|file| Some(file.parent()?.to_path_buf())));
        includes.extend(self.port_includes.iter().map(|folder| port.join(folder)));

        let mut gcc = self.gcc();
        gcc.args(["-std=gnu11", "-Os", "-g", "-ffreestanding", "-ffunction-sections", "-fdata-sections"]);
        // The kernel keeps addresses in 64 bits on RISC-V.
        gcc.args(["-Wall", "-Wno-main", "-Wno-int-to-pointer-cast"]);
        gcc.args(includes.iter().map(|folder| format!("-I{}", folder.display())));
        gcc.args(&sources).args(&archive).args(options);
        gcc.args(["-nostartfiles", "-Wl,--gc-sections", "-Wl,-z,noexecstack", "-T"]);
        gcc.arg(example.join(self.core).join("link.ld"));
        gcc.arg(format!("-L{}", board.display())).args(["-lc", "-lgcc"]);
        gcc.arg(format!("-Wl,-Map={}", out.join(format!("{name}.map")).display()));
        sh::run(gcc.arg("-o").arg(&elf))?;
        Ok(elf)
    }

    fn gcc(&self) -> Command {
        let mut gcc = sh::command(&format!("{}gcc", self.tools));
        gcc.args(self.cpu);
        gcc
    }

    /// QEMU with this machine and firmware, UART not yet connected, semihosting on. With a script the firmware runs it;
    /// the name that it is called by says whether it reports its stack (`main.c`).
    pub fn qemu(&self, elf: &Path, name: &str, script: Option<&Path>) -> Command {
        let mut words = self.qemu.iter();
        let mut qemu = sh::command(words.next().copied().unwrap_or_default());
        qemu.args(words).args(["-display", "none", "-kernel"]).arg(elf);
        let mut semihosting = format!("enable=on,target=native,arg={name}");
        if let Some(script) = script {
            // QEMU's option syntax wants a comma doubled.
            semihosting += &format!(",arg={}", script.display().to_string().replace(',', ",,"));
        }
        qemu.args(["-semihosting-config", &semihosting]);
        qemu
    }
}
