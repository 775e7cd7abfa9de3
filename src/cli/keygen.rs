//! `notegate keygen`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::fail::Failure;
use crate::attest::SecretKey;
use crate::discover::reported;

/// Arguments of `keygen`.
#[derive(Debug, Args)]
pub struct Keygen {
    /// Where the secret key goes; the public one goes beside it, with .pub at the end
    pub file: PathBuf,
}

/// Makes a pair of keys. Overwrites nothing.
pub fn run(args: &Keygen) -> Result<u8, Failure> {
    let mut name = args.file.clone().into_os_string();
    name.push(".pub");
    let public = PathBuf::from(name);
    for path in [&args.file, &public] {
        if std::fs::symlink_metadata(path).is_ok() {
            return Err(Failure::new(format!("`{}` exists, and a key is never overwritten", reported(path)), "name another file"));
        }
    }
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| Failure::new(format!("the system gave no random bytes: {error}"), "try again"))?;
    let key = SecretKey::of_seed(&seed);
    let write = |path: &PathBuf, text: &str, secret: bool| {
        let mut options = std::fs::File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, if secret { 0o600 } else { 0o644 });
        let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
        written
            .map_err(|error| Failure::new(format!("`{}` could not be written: {error}", reported(path)), "check that its folder exists and may be written to"))
    };
    write(&public, &key.public().pem(), false)?;
    write(&args.file, &key.pem(), true)?;
    let (secret, public_shown) = (reported(&args.file), reported(&public));
    super::print(&format!(
        "{secret}: the secret key, for whoever signs; keep it out of the repository\n{public_shown}: the public key, for whoever verifies\nkey {}\n",
        key.public().id()
    ))?;
    Ok(0)
}
