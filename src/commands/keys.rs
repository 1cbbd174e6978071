//! `supergraph keys`: the keys of the split form, made once. Those of `dev` are made by itself.

use std::path::PathBuf;

use crate::console;
use crate::data_folder::DataFolder;
use crate::failure::Failure;
use crate::shop::keys::Keys;
use crate::shop::tokens;

/// Arguments of `supergraph keys`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The folder; what is there already is kept. The keys are in `keys/`: NAME.pem for NAME alone, NAME.public.pem for those who
    /// call it or are called by it, clients.jwks.json for the router
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Print tokens for the demonstration's customer and administrator, by the key in clients.pem
    #[arg(long)]
    tokens: bool,
}

/// Makes what is missing.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    let folder = DataFolder::open(arguments.data_dir)?;
    let keys = Keys::read_or_make(&folder)?;
    if !arguments.tokens {
        return console::print(&format!("{}\n", folder.path().join("keys").display()));
    }
    let tokens = tokens::issue(&keys.clients)?;
    console::print(&format!("customer       {}\nadministrator  {}\n", tokens.customer, tokens.administrator))
}
