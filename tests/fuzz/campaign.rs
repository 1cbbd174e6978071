//! Where inputs come from: numbers drawn from a seed, so that a run can be repeated, or libFuzzer, led by what its inputs reach.

use std::env;

/// Bytes of an input: enough for a dozen edits, or an answer of some hundred values.
const INPUT_BYTES_MAX: usize = 512;
/// Inputs of a target where `COUNT` says nothing.
const COUNT: u64 = 500;

/// Checks inputs: `COUNT` of them from `SEED` on, or as many as libFuzzer is told to if it is what runs this.
pub fn run(check: impl Fn(&[u8]) + std::panic::RefUnwindSafe) {
    if env::var_os("BOLERO_LIBFUZZER_ARGS").is_some() {
        return bolero::check!().with_max_len(INPUT_BYTES_MAX).for_each(check);
    }
    let seed = number("SEED", 1);
    for seed in seed..seed + number("COUNT", COUNT) {
        let at = Place { seed };
        let mut random = fastrand::Rng::with_seed(seed);
        let mut input = vec![0; random.usize(..INPUT_BYTES_MAX)];
        random.fill(&mut input);
        check(&input);
        drop(at);
    }
}

/// Says which input a target failed at.
struct Place {
    seed: u64,
}

impl Drop for Place {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("again with SEED={} COUNT=1", self.seed);
        }
    }
}

fn number(variable: &str, default: u64) -> u64 {
    match env::var(variable) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{variable} is no number: {text}")),
        Err(_) => default,
    }
}
