use super::Runtime;
#[derive(Default)]
pub struct ReplOptions {
    pub editing: Option<fn(bool)>,
}
pub enum ReplEnd {
    Exit(i32),
    End,
}
impl Runtime {
    pub fn repl(&mut self, _o: &ReplOptions) -> ReplEnd {
        ReplEnd::End
    }
}
