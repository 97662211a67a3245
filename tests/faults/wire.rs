//! A wire between the desk and one of its servers, on which things go wrong at a chosen byte.

use std::{
    collections::HashMap,
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

/// Towards the server, or from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// What the desk says.
    Up,
    /// What the server says.
    Down,
}

/// How the wire is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// It passes everything on.
    Open,
    /// It hangs up on everybody.
    Refusing,
    /// Nothing passes, and nobody is told.
    Silent,
    /// Each piece takes so long.
    Slow(Duration),
}

/// What happens when so many more bytes have passed one way. It says whether the connection ends there.
struct Trap {
    way: Way,
    left: usize,
    spring: Box<dyn FnOnce() -> bool + Send>,
}

/// Passes on what comes to its port. Lives until the process ends.
pub struct Wire {
    /// Where clients connect.
    pub port: u16,
    state: Arc<State>,
}

struct State {
    server: u16,
    mood: Mutex<Mood>,
    trap: Mutex<Option<Trap>>,
    next: AtomicUsize,
    connections: Mutex<HashMap<usize, [TcpStream; 2]>>,
}

impl Wire {
    /// A wire to a port of this machine.
    pub fn to(server: u16) -> Wire {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State {
            server,
            mood: Mutex::new(Mood::Open),
            trap: Mutex::default(),
            next: AtomicUsize::default(),
            connections: Mutex::default(),
        });
        let shared = state.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let _ = shared.connect(client);
            }
        });
        Wire { port, state }
    }

    /// Changes how it is from now on, for connections that are open too.
    pub fn be(&self, mood: Mood) {
        *lock(&self.state.mood) = mood;
        if mood == Mood::Refusing {
            self.cut();
        }
    }

    /// Ends every connection.
    pub fn cut(&self) {
        for streams in lock(&self.state.connections).values() {
            hang_up(streams);
        }
    }

    /// Lays a trap: `spring` is called when so many more bytes have passed this way, before the next
    /// one does, and says whether the connection ends there.
    pub fn at(&self, bytes: usize, way: Way, spring: impl FnOnce() -> bool + Send + 'static) {
        *lock(&self.state.trap) = Some(Trap { way, left: bytes, spring: Box::new(spring) });
    }

    /// Takes the trap away, unless it has sprung.
    pub fn disarm(&self) {
        lock(&self.state.trap).take();
    }
}

impl State {
    fn connect(self: &Arc<State>, client: TcpStream) -> std::io::Result<()> {
        if *lock(&self.mood) == Mood::Refusing {
            return Ok(());
        }
        let server = TcpStream::connect(("127.0.0.1", self.server))?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        lock(&self.connections).insert(id, [client.try_clone()?, server.try_clone()?]);
        let ways = [(Way::Up, client.try_clone()?, server.try_clone()?), (Way::Down, server, client)];
        for (way, from, to) in ways {
            let state = self.clone();
            thread::spawn(move || {
                let _ = state.pass_on(way, from, to);
                if let Some(streams) = lock(&state.connections).remove(&id) {
                    hang_up(&streams);
                }
            });
        }
        Ok(())
    }

    fn pass_on(&self, way: Way, mut from: TcpStream, mut to: TcpStream) -> std::io::Result<()> {
        let mut piece = [0; 16 << 10];
        loop {
            let length = from.read(&mut piece)?;
            if length == 0 {
                return Ok(());
            }
            self.take_time();
            let (before, spring) = self.count(way, length);
            to.write_all(&piece[..before])?;
            if spring.is_some_and(|spring| spring()) {
                return Ok(());
            }
            to.write_all(&piece[before..length])?;
        }
    }

    fn take_time(&self) {
        if let Mood::Slow(pause) = *lock(&self.mood) {
            thread::sleep(pause);
        }
        while *lock(&self.mood) == Mood::Silent {
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// How many of these bytes pass before the trap springs, and the trap when it does.
    fn count(&self, way: Way, length: usize) -> (usize, Option<Box<dyn FnOnce() -> bool + Send>>) {
        let mut trap = lock(&self.trap);
        match trap.take() {
            Some(sprung) if sprung.way == way && sprung.left < length => (sprung.left, Some(sprung.spring)),
            Some(mut waiting) => {
                waiting.left -= if waiting.way == way { length } else { 0 };
                *trap = Some(waiting);
                (length, None)
            }
            None => (length, None),
        }
    }
}

fn hang_up(streams: &[TcpStream; 2]) {
    for stream in streams {
        let _ = stream.shutdown(Shutdown::Both);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
