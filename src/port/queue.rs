//! A bounded queue of messages in memory of the firmware: what VMs, tasks of C and interrupts tell each other.
//!
//! Invariants
//! - what is `Guarded` is touched inside the critical section of the queue's port alone; a section is a few instructions and
//!   copies no bytes of messages;
//! - messages are taken in the order in which their room was reserved. The bytes of a record belong to whoever reserved or took
//!   it until it commits, finishes or puts back, so they are copied outside the section;
//! - a waiter is linked only while the call that made it runs. Whoever picks one counts himself in its `Wakers` before he
//!   leaves the section, and takes himself off when the wake object is set: its owner waits for that before he ends it.

use super::{Critical, Port, Region, Wake};
use core::cell::UnsafeCell;
use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicU32, Ordering};

/// `Queue::magic` of one that is open.
const MAGIC: u32 = 0x5079_7251;

/// Bytes of the largest queue: places in the ring stay computable.
const MAX_BYTES: usize = 1 << 30;

/// Who waits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// For a message.
    Reader = 0,
    /// For room.
    Writer = 1,
}

/// Who is about to set a wake object.
pub struct Wakers(AtomicU32);

impl Wakers {
    pub const fn new() -> Wakers {
        Wakers(AtomicU32::new(0))
    }
    /// Nobody is: the wake object may be ended, once its owner no longer waits in a queue.
    pub fn are_gone(&self) -> bool {
        self.0.load(Ordering::Acquire) == 0
    }
    /// Inside the section, which makes it one step.
    fn add(&self, n: u32) {
        self.0.store(self.0.load(Ordering::Relaxed).wrapping_add(n), Ordering::Release);
    }
}

impl Default for Wakers {
    fn default() -> Self {
        Self::new()
    }
}

/// A place in one of the lines, on its owner's stack.
pub struct Waiter(UnsafeCell<Link>);

struct Link {
    before: *const Waiter,
    after: *const Waiter,
    /// Whom to wake; `None`: not linked.
    wake: Option<(Wake, NonNull<Wakers>)>,
    /// Bytes that a writer waits for.
    need: u32,
}

#[derive(Clone, Copy)]
struct Line {
    first: *const Waiter,
    last: *const Waiter,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Its bytes are being written.
    Writing,
    Ready,
    /// They are being read.
    Reading,
    /// It goes when those before it have gone.
    Done,
}

#[derive(Clone, Copy)]
struct Entry {
    at: u32,
    len: u32,
    state: State,
}

struct Guarded {
    /// The oldest entry, how many there are, and how many of these need not be looked at by who looks for a message.
    first: u16,
    count: u16,
    taken: u16,
    /// Records that are being written or read, and seats in use.
    busy: u16,
    /// Where the oldest entry's bytes begin, and the bytes of all.
    start: u32,
    used: u32,
    lines: [Line; 2],
}

/// A wake object of the queue, for a task of C.
struct Seat {
    wake: Wake,
    wakers: Wakers,
    /// Guarded as well.
    taken: UnsafeCell<bool>,
}

/// `struct pyr_queue`.
pub struct Queue {
    magic: AtomicU32,
    port: Port,
    entries: NonNull<Entry>,
    ring: NonNull<u8>,
    seats: NonNull<Seat>,
    room: u32,
    records: u16,
    seat_count: u16,
    refused: AtomicU32,
    guarded: UnsafeCell<Guarded>,
}

// SAFETY: the critical section guards what changes, and a record's bytes have one owner at a time.
unsafe impl Sync for Queue {}

/// What a queue is laid out for; 0 bytes: all that is left of the memory.
pub struct QueueSizes {
    pub bytes: usize,
    pub messages: u16,
    pub waiters: u16,
}

/// A message that is being written or read: its owner ends that by `commit`, `finish` or `put_back`.
pub struct Record {
    entry: u16,
    at: u32,
    len: u32,
}

impl Record {
    pub fn len(&self) -> u32 {
        self.len
    }
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

/// A queue whose memory is in place.
#[derive(Clone, Copy)]
pub struct QueueRef(NonNull<Queue>);

impl QueueRef {
    /// # Safety
    /// The queue's memory stays in place as long as this is used.
    pub unsafe fn new(queue: NonNull<Queue>) -> QueueRef {
        QueueRef(queue)
    }
    pub fn address(self) -> *const u8 {
        self.0.as_ptr().cast()
    }
    /// The queue, unless it was ended.
    pub fn get(&self) -> Option<&Queue> {
        // SAFETY: `new`.
        let queue = unsafe { self.0.as_ref() };
        (queue.magic.load(Ordering::Acquire) == MAGIC).then_some(queue)
    }
}

/// `i` modulo `n`, where it is less than twice that.
fn wrapped(i: u32, n: u32) -> u32 {
    if i >= n { i - n } else { i }
}

impl Queue {
    /// Lays a queue over a region; `None` where it is too small or the port refuses.
    pub fn lay(mut region: Region, port: Port, sizes: &QueueSizes) -> Option<NonNull<Queue>> {
        let place = region.take(size_of::<Queue>(), align_of::<Queue>())?.cast::<Queue>();
        let records = usize::from(sizes.messages);
        let entries = region.take(records * size_of::<Entry>(), align_of::<Entry>())?.cast::<Entry>();
        let count = usize::from(sizes.waiters);
        let seats = region.take(count * size_of::<Seat>(), align_of::<Seat>())?.cast::<Seat>();
        let mut made = 0;
        while made < count
            && let Some(wake) = Wake::new(port, &mut region)
        {
            // SAFETY: so many were taken.
            unsafe {
                seats.add(made).write(Seat { wake, wakers: Wakers::new(), taken: UnsafeCell::new(false) });
            }
            made += 1;
        }
        let bytes = if sizes.bytes == 0 { region.len().min(MAX_BYTES) } else { sizes.bytes };
        let ring = region.take(bytes, 1).filter(|_| made == count && (1..=MAX_BYTES).contains(&bytes));
        let Some(ring) = ring else {
            for i in 0..made {
                // SAFETY: written above.
                unsafe { seats.add(i).as_ref() }.wake.end();
            }
            return None;
        };
        let none = Line { first: ptr::null(), last: ptr::null() };
        let guarded = Guarded { first: 0, count: 0, taken: 0, busy: 0, start: 0, used: 0, lines: [none; 2] };
        let queue = Queue {
            magic: AtomicU32::new(MAGIC),
            port,
            entries,
            ring,
            seats,
            room: bytes as u32,
            records: sizes.messages,
            seat_count: sizes.waiters,
            refused: AtomicU32::new(0),
            guarded: UnsafeCell::new(guarded),
        };
        // SAFETY: taken above, aligned and ours.
        unsafe { place.write(queue) };
        Some(place)
    }

    /// Ends the queue; false where somebody uses it.
    pub fn end(&self) -> bool {
        let idle = self.locked(|g| {
            let idle = g.busy == 0 && g.lines.iter().all(|line| line.first.is_null());
            if idle && self.seats().iter().all(|seat| seat.wakers.are_gone()) {
                self.magic.store(0, Ordering::Release);
                return true;
            }
            false
        });
        if idle {
            for seat in self.seats() {
                seat.wake.end();
            }
        }
        idle
    }

    fn locked<T>(&self, f: impl FnOnce(&mut Guarded) -> T) -> T {
        let _section = Critical::enter(self.port);
        // SAFETY: inside the section nobody else is here, and `f` does not come here again.
        f(unsafe { &mut *self.guarded.get() })
    }
    fn seats(&self) -> &[Seat] {
        // SAFETY: `lay` made so many.
        unsafe { core::slice::from_raw_parts(self.seats.as_ptr(), self.seat_count.into()) }
    }
    /// The entry `n` behind the oldest: its index, and the entry. Inside the section.
    fn entry<'a>(&self, g: &Guarded, n: u16) -> (u16, &'a mut Entry) {
        let index = wrapped(u32::from(g.first) + u32::from(n), self.records.into()) as u16;
        // SAFETY: the index is less than their number; one entry is looked at at a time.
        (index, unsafe { &mut *self.entries.as_ptr().add(index.into()) })
    }

    pub fn port(&self) -> Port {
        self.port
    }
    /// Bytes that messages may have together.
    pub fn room(&self) -> u32 {
        self.room
    }
    pub fn capacity(&self) -> u16 {
        self.records
    }
    /// Messages, those that are being written or read among them, and their bytes.
    pub fn filled(&self) -> (u16, u32) {
        self.locked(|g| (g.count, g.used))
    }
    /// Messages that found no room.
    pub fn refused(&self) -> u32 {
        self.refused.load(Ordering::Relaxed)
    }
    pub fn count_refused(&self) {
        self.locked(|_| self.refused.store(self.refused().wrapping_add(1), Ordering::Relaxed));
    }

    // ---- writing ---------------------------------------------------------------------------------------------

    /// Room for a message of `len` bytes, in its place among the others; `None` where there is none now.
    pub fn reserve(&self, len: u32) -> Option<Record> {
        self.locked(|g| {
            if !self.is_ready(g, Side::Writer, len) {
                return None;
            }
            let (entry, place) = self.entry(g, g.count);
            let at = wrapped(g.start + g.used, self.room);
            *place = Entry { at, len, state: State::Writing };
            g.count += 1;
            g.used += len;
            g.busy += 1;
            Some(Record { entry, at, len })
        })
    }
    /// Copies bytes into a record; what does not fit is left out.
    pub fn write(&self, record: &mut Record, at: u32, bytes: &[u8]) {
        let n = bytes.len().min(record.len.saturating_sub(at) as usize);
        let (first, from, rest) = self.runs(record, at, n);
        // SAFETY: the bytes are the record's, whose owner the caller is.
        unsafe {
            ptr::copy_nonoverlapping(bytes.as_ptr(), from, first);
            ptr::copy_nonoverlapping(bytes.as_ptr().add(first), self.ring.as_ptr(), rest);
        }
    }
    /// The message is whole: whoever waits may take it.
    pub fn commit(&self, record: Record) {
        self.let_go(record, State::Ready, Side::Reader);
    }

    // ---- reading ---------------------------------------------------------------------------------------------

    /// The oldest message, unless it is being written.
    pub fn take(&self) -> Option<Record> {
        // Those that others have taken are passed one in each section.
        loop {
            let found = self.locked(|g| {
                if g.taken == g.count {
                    return Some(None);
                }
                let (entry, place) = self.entry(g, g.taken);
                match place.state {
                    State::Writing => Some(None),
                    State::Ready => {
                        place.state = State::Reading;
                        g.taken += 1;
                        g.busy += 1;
                        Some(Some(Record { entry, at: place.at, len: place.len }))
                    }
                    State::Reading | State::Done => {
                        g.taken += 1;
                        None
                    }
                }
            });
            if let Some(record) = found {
                return record;
            }
        }
    }
    /// Copies bytes of a record; false where it has not so many.
    pub fn read(&self, record: &Record, at: u32, out: &mut [u8]) -> bool {
        if record.len.checked_sub(at).is_none_or(|left| (left as usize) < out.len()) {
            return false;
        }
        let (first, from, rest) = self.runs(record, at, out.len());
        // SAFETY: as `write`.
        unsafe {
            ptr::copy_nonoverlapping(from, out.as_mut_ptr(), first);
            ptr::copy_nonoverlapping(self.ring.as_ptr(), out.as_mut_ptr().add(first), rest);
        }
        true
    }
    /// The message was read: its room is free.
    pub fn finish(&self, record: Record) {
        self.let_go(record, State::Done, Side::Writer);
        // One in each section.
        while self.locked(|g| {
            if g.count == 0 {
                return false;
            }
            let (_, oldest) = self.entry(g, 0);
            if oldest.state != State::Done {
                return false;
            }
            g.start = wrapped(g.start + oldest.len, self.room);
            g.used -= oldest.len;
            g.first = wrapped(u32::from(g.first) + 1, self.records.into()) as u16;
            g.count -= 1;
            g.taken = g.taken.saturating_sub(1);
            true
        }) {}
        self.pass_on(Side::Writer);
    }
    /// The message could not be read: it is in its place again.
    pub fn put_back(&self, record: Record) {
        self.locked(|g| {
            let n = wrapped(
                u32::from(record.entry) + u32::from(self.records) - u32::from(g.first),
                self.records.into(),
            );
            g.taken = g.taken.min(n as u16);
        });
        self.let_go(record, State::Ready, Side::Reader);
    }

    /// Where `n` bytes of a record lie: how many before the ring's end, from where, and how many from its beginning on.
    fn runs(&self, record: &Record, at: u32, n: usize) -> (usize, *mut u8, usize) {
        let from = wrapped(record.at + at, self.room);
        let first = n.min((self.room - from) as usize);
        // SAFETY: `from` is less than the ring's length, or equal to it where `n` is 0.
        (first, unsafe { self.ring.as_ptr().add(from as usize) }, n - first)
    }
    fn let_go(&self, record: Record, state: State, side: Side) {
        let picked = self.locked(|g| {
            // SAFETY: as `entry`.
            unsafe { (*self.entries.as_ptr().add(record.entry.into())).state = state };
            g.busy -= 1;
            if state == State::Ready { self.pick(g, side) } else { None }
        });
        self.rouse(picked);
    }

    // ---- waiting ---------------------------------------------------------------------------------------------

    /// Whether a reader finds a message, or a writer room for `need` bytes. Inside the section.
    fn is_ready(&self, g: &Guarded, side: Side, need: u32) -> bool {
        match side {
            Side::Reader => g.taken < g.count && self.entry(g, g.taken).1.state != State::Writing,
            Side::Writer => g.count < self.records && need <= self.room - g.used,
        }
    }
    /// Whether it would be worth while to look; a writer asks for any room at all.
    pub fn would_find(&self, side: Side) -> bool {
        self.locked(|g| self.is_ready(g, side, 1))
    }
    /// The first in the line, if there is something for him: he is no longer in it.
    fn pick(&self, g: &mut Guarded, side: Side) -> Option<(Wake, NonNull<Wakers>)> {
        let waiter = g.lines.get(side as usize)?.first;
        // SAFETY: what is linked is in place.
        let link = unsafe { waiter.as_ref()?.0.get() };
        // SAFETY: inside the section the links are ours.
        unsafe {
            if !self.is_ready(g, side, (*link).need) {
                return None;
            }
            let picked = (*link).wake;
            unlink(g, side, waiter);
            if let Some((_, wakers)) = picked {
                wakers.as_ref().add(1);
            }
            picked
        }
    }
    fn rouse(&self, picked: Option<(Wake, NonNull<Wakers>)>) {
        if let Some((wake, wakers)) = picked {
            wake.set();
            // SAFETY: the count keeps its owner waiting; this is the last that is done to it.
            self.locked(|_| unsafe { wakers.as_ref() }.add(u32::MAX));
        }
    }
    /// Wakes the first in the line if there is something for him: done by everybody who leaves a line, because he may have
    /// been woken in another's place.
    pub fn pass_on(&self, side: Side) {
        let picked = self.locked(|g| self.pick(g, side));
        self.rouse(picked);
    }
    /// Runs `f` with a place that `line_up` may take in a line, and takes it out again.
    pub fn with_waiter<T>(&self, side: Side, f: impl FnOnce(&Waiter) -> T) -> T {
        let waiter =
            Waiter(UnsafeCell::new(Link { before: ptr::null(), after: ptr::null(), wake: None, need: 0 }));
        let result = f(&waiter);
        self.locked(|g| {
            // SAFETY: inside the section.
            if unsafe { (*waiter.0.get()).wake.is_some() } {
                // SAFETY: it is linked.
                unsafe { unlink(g, side, &waiter) };
            }
        });
        result
    }
    /// Puts a waiter, who may be in no line yet, into one: at its end, or in front where he was the first before. `wake` is
    /// set when there is something for him; true where there is already, then he is in no line.
    ///
    /// # Safety
    /// `waiter` is `with_waiter`'s of this queue and side; `wake` is not ended, and `wakers` in place, until after that
    /// `wakers.are_gone()`.
    pub unsafe fn line_up(
        &self,
        side: Side,
        waiter: &Waiter,
        need: u32,
        again: bool,
        wake: Wake,
        wakers: &Wakers,
    ) -> bool {
        self.locked(|g| {
            if self.is_ready(g, side, need) {
                return true;
            }
            let Some(line) = g.lines.get_mut(side as usize) else { return true };
            let me = ptr::from_ref(waiter);
            let (before, after) = if again { (ptr::null(), line.first) } else { (line.last, ptr::null()) };
            // SAFETY: inside the section the links are ours, and what is linked is in place.
            unsafe {
                *waiter.0.get() = Link { before, after, wake: Some((wake, NonNull::from(wakers))), need };
                match before.as_ref() {
                    Some(other) => (*other.0.get()).after = me,
                    None => line.first = me,
                }
                match after.as_ref() {
                    Some(other) => (*other.0.get()).before = me,
                    None => line.last = me,
                }
            }
            false
        })
    }

    /// As a task of C: tries until it gives something or the time is up. `Err` where all seats are taken.
    pub fn attempt<T>(
        &self,
        side: Side,
        need: u32,
        timeout_us: u64,
        mut attempt: impl FnMut() -> Option<T>,
    ) -> Result<Option<T>, NoSeat> {
        if let Some(done) = attempt() {
            return Ok(Some(done));
        }
        if timeout_us == 0 {
            return Ok(None);
        }
        let seat = self.locked(|g| {
            // SAFETY: guarded.
            let free = self.seats().iter().find(|seat| unsafe { !*seat.taken.get() })?;
            // SAFETY: as above.
            unsafe { *free.taken.get() = true };
            g.busy += 1;
            Some(free)
        });
        let seat = seat.ok_or(NoSeat)?;
        let end = self.port.clock_us().saturating_add(timeout_us);
        let (mut left, mut again) = (timeout_us, false);
        let done = loop {
            self.with_waiter(side, |waiter| {
                // SAFETY: the seat's wake object lives as long as the queue, which `end` ends when the wakers are gone.
                if !unsafe { self.line_up(side, waiter, need, again, seat.wake, &seat.wakers) } {
                    seat.wake.wait(left);
                }
            });
            again = true;
            if let Some(done) = attempt() {
                break Some(done);
            }
            if timeout_us != super::FOREVER {
                left = end.saturating_sub(self.port.clock_us());
                if left == 0 {
                    break None;
                }
            }
        };
        self.locked(|g| {
            // SAFETY: guarded.
            unsafe { *seat.taken.get() = false };
            g.busy -= 1;
        });
        self.pass_on(side);
        Ok(done)
    }
}

/// All seats of the queue are taken.
pub struct NoSeat;

/// # Safety
/// Inside the section; `waiter` is linked in this line.
unsafe fn unlink(g: &mut Guarded, side: Side, waiter: *const Waiter) {
    let Some(line) = g.lines.get_mut(side as usize) else { return };
    // SAFETY: the caller's promise; what is linked is in place.
    unsafe {
        let link = (*waiter).0.get();
        let (before, after) = ((*link).before, (*link).after);
        match before.as_ref() {
            Some(other) => (*other.0.get()).after = after,
            None => line.first = after,
        }
        match after.as_ref() {
            Some(other) => (*other.0.get()).before = before,
            None => line.last = before,
        }
        (*link).wake = None;
    }
}
