//! What `cargo xtask bench` runs, built in release: see docs/benchmarks.md.
mod book;
mod names;
use std::path::Path;
use std::time::Instant;
fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let path = Path::new(&args[2]);
    if args[1] == "gen" {
        let t = Instant::now();
        let mut shop = book::Shop::with_members(path, args[3].parse()?)?;
        println!("members {:?}", t.elapsed());
        shop.live(args[4].parse()?, |w| println!("{w} {:?}", t.elapsed()))?;
        println!("done {:?}", t.elapsed());
    } else {
        let store = ledger::ReadStore::open(path);
        let t = Instant::now();
        println!("{:?} {:?}", store?.read(|b| b.verify()), t.elapsed());
        println!("{}", std::fs::read_to_string("/proc/self/status")?.lines().find(|l| l.starts_with("VmHWM")).unwrap());
    }
    Ok(())
}
