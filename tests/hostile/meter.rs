//! A wire to a server of this machine that counts the bytes which the server says.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

/// The wire. Lives until the process ends.
pub struct Meter {
    /// Where clients connect.
    pub port: u16,
    said: Arc<AtomicU64>,
}

impl Meter {
    /// A wire to a port of this machine.
    pub fn to(server: u16) -> Meter {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let (port, said) = (listener.local_addr().unwrap().port(), Arc::default());
        let shared: Arc<AtomicU64> = Arc::clone(&said);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else { continue };
                pump(client.try_clone().unwrap(), server.try_clone().unwrap(), None);
                pump(server, client, Some(shared.clone()));
            }
        });
        Meter { port, said }
    }

    /// How many bytes the server said so far.
    pub fn said(&self) -> u64 {
        self.said.load(Ordering::SeqCst)
    }
}

fn pump(mut from: TcpStream, mut to: TcpStream, count: Option<Arc<AtomicU64>>) {
    thread::spawn(move || {
        let _ = pass_on(&mut from, &mut to, count.as_deref());
        let _ = to.shutdown(Shutdown::Write);
    });
}

fn pass_on(from: &mut TcpStream, to: &mut TcpStream, count: Option<&AtomicU64>) -> io::Result<()> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let length = from.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        count.inspect(|count| _ = count.fetch_add(length as u64, Ordering::SeqCst));
        to.write_all(&buffer[..length])?;
    }
}
