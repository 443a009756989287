//! The key file: one line, made at first start, readable by its owner alone. Without it contacts can't be read by anybody.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretBox};
use zeroize::Zeroizing;

use super::mac;
use super::pair::{Key, random_key};

const HEAD: &str = "heli-key-1 ";

/// The key that wraps all others.
pub struct KeyFile(Key);

/// Why a key file was not taken, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It is not there.
    #[error(
        "the key file {0} does not exist. Put back the copy that was made when this database was first started, or name it with HELI_KEY_FILE"
    )]
    Missing(PathBuf),
    /// Others than its owner may read it.
    #[error("the key file {0} can be read by others (mode {1:o}). Run: chmod 600 {0}")]
    Open(PathBuf, u32),
    /// It is not a key file.
    #[error("{0} is not a key file of Heli. Put back the copy, or name the right file with HELI_KEY_FILE")]
    Malformed(PathBuf),
    /// It can't be read or written.
    #[error("the key file {0} can't be used: {1}. Check that the folder exists and belongs to the user who runs Heli")]
    Io(PathBuf, io::Error),
}

impl KeyFile {
    /// Reads an existing key file.
    pub fn read(path: &Path) -> Result<KeyFile, KeyFileError> {
        let io = |e: io::Error| match e.kind() {
            io::ErrorKind::NotFound => KeyFileError::Missing(path.into()),
            _ => KeyFileError::Io(path.into(), e),
        };
        let mode = fs::metadata(path).map_err(io)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyFileError::Open(path.into(), mode));
        }
        let text = Zeroizing::new(fs::read_to_string(path).map_err(io)?);
        decode(&text).map(KeyFile).ok_or_else(|| KeyFileError::Malformed(path.into()))
    }

    /// Makes a new key file; fails where there is one already.
    pub fn create(path: &Path) -> Result<KeyFile, KeyFileError> {
        let key = random_key();
        let io = |e| KeyFileError::Io(path.into(), e);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(io)?;
        file.write_all(encode(&key).as_bytes()).and_then(|()| file.sync_all()).map_err(io)?;
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)?;
        }
        Ok(KeyFile(key))
    }

    /// Recognises the key without giving it away; stands in the database.
    pub fn fingerprint(&self) -> String {
        mac(self.0.expose_secret(), &[b"heli key fingerprint"])[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(super) fn into_key(self) -> Key {
        self.0
    }
}

fn encode(key: &Key) -> Zeroizing<String> {
    let mut line = Zeroizing::new(String::with_capacity(HEAD.len() + 65));
    line.push_str(HEAD);
    for byte in key.expose_secret() {
        line.push_str(&format!("{byte:02x}"));
    }
    line.push('\n');
    line
}

fn decode(text: &str) -> Option<Key> {
    let digits = text.trim_end().strip_prefix(HEAD)?;
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    let mut bytes = Zeroizing::new([0u8; 32]);
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).ok()?;
    }
    Some(SecretBox::init_with_mut(|key: &mut [u8; 32]| *key = *bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_made_once_and_refused_when_others_can_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("heli.key");
        assert!(matches!(KeyFile::read(&path), Err(KeyFileError::Missing(_))));
        let made = KeyFile::create(&path).unwrap().fingerprint();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(KeyFile::create(&path).is_err());
        assert_eq!(KeyFile::read(&path).unwrap().fingerprint(), made);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(KeyFile::read(&path), Err(KeyFileError::Open(_, 0o640))));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&path, "heli-key-1 zz").unwrap();
        assert!(matches!(KeyFile::read(&path), Err(KeyFileError::Malformed(_))));
    }
}
