/// A number that changes with the code of a C header, not with its comments: bindings carry it, so that those made of an
/// older header are found out. Compiled by the build script and by the tests.
fn header_mark(text: &str) -> u32 {
    let mut mark = 0x811c_9dc5;
    let mut rest = text;
    while let Some((code, after)) = rest.split_once("/*").or((!rest.is_empty()).then_some((rest, ""))) {
        for byte in code.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'\\') {
            mark = (mark ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
        rest = after.split_once("*/").map_or("", |(_, code)| code);
    }
    mark
}
