//! The file itself. Inside the age file: a line that names the format, the header, and each part with its length and hash.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use age::DecryptError;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::BackupError;
use crate::key::{Identity, Recipient};
use crate::name::Name;

const MAGIC: &[u8] = b"pointill backup 1\n";
/// The header is a handful of fields.
const LONGEST_HEADER: u32 = 64 * 1024;
const MOST_PARTS: u32 = 16;
const CHUNK: usize = 64 * 1024;

/// What stands at the head of a backup, inside the seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// The book's whole id.
    pub book: String,
    /// `live`, `test` or `practice`.
    pub mode: String,
    /// The shop's day.
    pub day: String,
    /// Its number in the folder.
    pub sequence: u64,
    /// When it was made, in milliseconds since 1970.
    pub at: i64,
    /// How many transactions the book had.
    pub transactions: i64,
    /// The last one's hash, in hex.
    pub head: String,
}

/// A file that goes into a backup, under this name.
#[derive(Debug, Clone)]
pub struct Part {
    /// Small letters, digits, dots: its name inside.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
}

/// Writes a backup into the folder: under another name first, on disk, read back and compared, and only then under its own. A
/// file of the same name is never written over.
///
/// # Errors
/// Nothing stands under the backup's name then.
pub fn write(
    folder: &Path,
    name: &Name,
    identity: &Identity,
    meta: &Meta,
    parts: &[Part],
) -> Result<(), BackupError> {
    let path = folder.join(name.to_string());
    let unfinished = folder.join(format!("{name}.part"));
    let done = write_unfinished(&unfinished, &identity.recipient(), meta, parts)
        // What was written may not be what the stick kept.
        .and_then(|hashes| {
            let (read, found) = walk(&unfinished, identity, None)?;
            if read == *meta && found == hashes { Ok(()) } else { Err(BackupError::Damaged) }
        })
        .and_then(|()| {
            if path.exists() {
                return Err(BackupError::Io(io::ErrorKind::AlreadyExists.into()));
            }
            fs::rename(&unfinished, &path)?;
            sync_folder(folder)
        });
    if done.is_err() {
        // It may never have been made, or the folder may be gone.
        let _gone = fs::remove_file(&unfinished);
    }
    done
}

/// Reads a whole backup without keeping it.
///
/// # Errors
/// [`BackupError::WrongKey`], [`BackupError::Truncated`], [`BackupError::Damaged`], [`BackupError::NoBackup`], or what the
/// file says.
pub fn check(path: &Path, identity: &Identity) -> Result<Meta, BackupError> {
    Ok(walk(path, identity, None)?.0)
}

/// Reads a whole backup and puts its parts into a folder, on disk.
///
/// # Errors
/// As [`check`]; what was put there so far is to be thrown away then.
pub fn extract(path: &Path, identity: &Identity, into: &Path) -> Result<Meta, BackupError> {
    Ok(walk(path, identity, Some(into))?.0)
}

/// Makes a folder's own entries last.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), BackupError> {
    // Windows has no such call, and writes its entries through.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

type Hashes = Vec<(String, [u8; 32])>;

fn write_unfinished(
    path: &Path,
    recipient: &Recipient,
    meta: &Meta,
    parts: &[Part],
) -> Result<Hashes, BackupError> {
    let file = BufWriter::new(File::create(path)?);
    let recipients = std::iter::once::<&dyn age::Recipient>(&recipient.0);
    let encryptor = age::Encryptor::with_recipients(recipients)
        .map_err(|error| BackupError::Io(io::Error::other(error)))?;
    let mut out = encryptor.wrap_output(file)?;
    let header = serde_json::to_vec(meta).map_err(|error| BackupError::Io(error.into()))?;
    let mut all =
        u64::try_from(MAGIC.len().saturating_add(header.len()).saturating_add(16)).unwrap_or(u64::MAX);
    for part in parts {
        let around = u64::try_from(part.name.len().saturating_add(44)).unwrap_or(u64::MAX);
        all = all.saturating_add(around).saturating_add(fs::metadata(&part.path)?.len());
    }
    out.write_all(MAGIC)?;
    out.write_all(&all.to_be_bytes())?;
    out.write_all(&length(header.len())?.to_be_bytes())?;
    out.write_all(&header)?;
    out.write_all(&length(parts.len())?.to_be_bytes())?;
    let mut hashes = Vec::new();
    for part in parts {
        let mut file = File::open(&part.path)?;
        let bytes = file.metadata()?.len();
        out.write_all(&length(part.name.len())?.to_be_bytes())?;
        out.write_all(part.name.as_bytes())?;
        out.write_all(&bytes.to_be_bytes())?;
        let hash = copy(&mut file, &mut out, bytes)?;
        out.write_all(&hash)?;
        hashes.push((part.name.clone(), hash));
    }
    let file = out.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(hashes)
}

fn walk(path: &Path, identity: &Identity, into: Option<&Path>) -> Result<(Meta, Hashes), BackupError> {
    let file = BufReader::new(File::open(path)?);
    let decryptor = age::Decryptor::new_buffered(file).map_err(refused)?;
    let mut sealed =
        decryptor.decrypt(std::iter::once::<&dyn age::Identity>(&identity.0)).map_err(refused)?;
    let mut all = None;
    let read = contents(&mut sealed, into, &mut all).and_then(|read| {
        // The seal's last piece says that it is the last: read on until it was seen.
        let mut more = [0; 1];
        if sealed.read(&mut more)? == 0 { Ok(read) } else { Err(BackupError::NoBackup) }
    });
    read.map_err(|error| match error {
        // Where its end is missing the seal of the last piece is broken too: how long the file is tells the two apart.
        BackupError::Io(error) => match broken(error) {
            BackupError::Damaged if all.is_some_and(|all| is_short(path, all)) => BackupError::Truncated,
            error => error,
        },
        BackupError::WrongKey
        | BackupError::Truncated
        | BackupError::Damaged
        | BackupError::NoBackup
        | BackupError::BadKey
        | BackupError::NoFolder(_)
        | BackupError::NoRoom(_) => error,
    })
}

/// Whether a file is shorter than one that seals so many bytes: an age header, a nonce, and a tag for each piece.
fn is_short(path: &Path, all: u64) -> bool {
    const PIECE: u64 = 64 * 1024;
    let Ok(file) = File::open(path) else { return false };
    let Ok(found) = file.metadata() else { return false };
    let mut head = Vec::new();
    if file.take(4_096).read_to_end(&mut head).is_err() {
        return false;
    }
    let Some(mac) = head.windows(5).position(|bytes| bytes == b"\n--- ") else { return false };
    let Some(line) = head.iter().skip(mac.saturating_add(1)).position(|byte| *byte == b'\n') else {
        return false;
    };
    let header = u64::try_from(mac.saturating_add(line).saturating_add(2)).unwrap_or(u64::MAX);
    let tags = all.div_ceil(PIECE).max(1).saturating_mul(16);
    found.len() < header.saturating_add(16).saturating_add(all).saturating_add(tags)
}

fn contents(
    sealed: &mut impl Read,
    into: Option<&Path>,
    all: &mut Option<u64>,
) -> Result<(Meta, Hashes), BackupError> {
    let mut magic = [0; MAGIC.len()];
    sealed.read_exact(&mut magic)?;
    if magic != MAGIC {
        return Err(BackupError::NoBackup);
    }
    let mut bytes = [0; 8];
    sealed.read_exact(&mut bytes)?;
    *all = Some(u64::from_be_bytes(bytes));
    let header = taken(sealed, LONGEST_HEADER)?;
    let meta: Meta = serde_json::from_slice(&header).map_err(|_| BackupError::NoBackup)?;
    let count = number(sealed)?;
    if count > MOST_PARTS {
        return Err(BackupError::NoBackup);
    }
    let mut hashes = Vec::new();
    for _ in 0..count {
        let name = String::from_utf8(taken(sealed, 64)?).map_err(|_| BackupError::NoBackup)?;
        // The name becomes a file's: nothing that leads out of the folder.
        let plain = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'.';
        if name.is_empty() || name.starts_with('.') || !name.bytes().all(plain) {
            return Err(BackupError::NoBackup);
        }
        let mut bytes = [0; 8];
        sealed.read_exact(&mut bytes)?;
        let bytes = u64::from_be_bytes(bytes);
        let found = match into {
            Some(folder) => {
                let mut file = File::create_new(folder.join(&name))?;
                let found = copy(sealed, &mut file, bytes)?;
                file.sync_all()?;
                found
            }
            None => copy(sealed, &mut io::sink(), bytes)?,
        };
        let mut hash = [0; 32];
        sealed.read_exact(&mut hash)?;
        if hash != found {
            return Err(BackupError::Damaged);
        }
        hashes.push((name, hash));
    }
    Ok((meta, hashes))
}

fn length(length: usize) -> Result<u32, BackupError> {
    u32::try_from(length).map_err(|_| BackupError::Io(io::ErrorKind::FileTooLarge.into()))
}

fn number(from: &mut impl Read) -> Result<u32, BackupError> {
    let mut bytes = [0; 4];
    from.read_exact(&mut bytes)?;
    Ok(u32::from_be_bytes(bytes))
}

fn taken(from: &mut impl Read, most: u32) -> Result<Vec<u8>, BackupError> {
    let length = number(from)?;
    if length > most {
        return Err(BackupError::NoBackup);
    }
    let mut bytes = vec![0; usize::try_from(length).map_err(|_| BackupError::NoBackup)?];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Copies exactly so many bytes, and hashes them.
fn copy(from: &mut impl Read, to: &mut impl Write, bytes: u64) -> Result<[u8; 32], BackupError> {
    let mut from = from.take(bytes);
    let (mut hash, mut buffer, mut left) = (Sha256::new(), vec![0; CHUNK], bytes);
    while left > 0 {
        let read = from.read(&mut buffer)?;
        let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else {
            return Err(BackupError::Truncated);
        };
        hash.update(piece);
        to.write_all(piece)?;
        left = left.saturating_sub(u64::try_from(read).unwrap_or(u64::MAX));
    }
    Ok(hash.finalize().into())
}

/// The seal could not be opened.
fn refused(error: DecryptError) -> BackupError {
    match error {
        DecryptError::NoMatchingKeys => BackupError::WrongKey,
        DecryptError::DecryptionFailed | DecryptError::InvalidMac | DecryptError::KeyDecryptionFailed => {
            BackupError::Damaged
        }
        DecryptError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => BackupError::Truncated,
        DecryptError::Io(error) => error.into(),
        // Another form of the format, a passphrase, no age file at all: no file of ours begins so.
        _ => BackupError::NoBackup,
    }
}

/// The seal broke while it was read.
fn broken(error: io::Error) -> BackupError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => BackupError::Truncated,
        io::ErrorKind::InvalidData => BackupError::Damaged,
        _ => BackupError::Io(error),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]
mod tests {
    use super::*;

    fn meta() -> Meta {
        Meta {
            book: "0192aaaa-bbbb".to_owned(),
            mode: "live".to_owned(),
            day: "2026-11-25".to_owned(),
            sequence: 1,
            at: 5,
            transactions: 3,
            head: "ab".to_owned(),
        }
    }

    fn name() -> Name {
        Name {
            mode: "live".to_owned(),
            book: "0192aaaa".to_owned(),
            day: "2026-11-25".to_owned(),
            sequence: 1,
        }
    }

    fn made(folder: &Path, identity: &Identity) -> PathBuf {
        let (book, people) = (folder.join("book"), folder.join("people"));
        fs::write(&book, vec![7; 300_000]).unwrap();
        fs::write(&people, b"").unwrap();
        let parts = [
            Part { name: "book.db".to_owned(), path: book },
            Part { name: "staff.db".to_owned(), path: people },
        ];
        write(folder, &name(), identity, &meta(), &parts).unwrap();
        folder.join(name().to_string())
    }

    #[test]
    fn what_goes_in_comes_out_and_nothing_of_it_stands_in_the_file() {
        let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let identity = Identity::generate();
        let path = made(folder.path(), &identity);
        assert_eq!(check(&path, &identity).unwrap(), meta());
        assert_eq!(extract(&path, &identity, out.path()).unwrap(), meta());
        assert_eq!(fs::read(out.path().join("book.db")).unwrap(), vec![7; 300_000]);
        assert_eq!(fs::read(out.path().join("staff.db")).unwrap(), b"");
        let sealed = fs::read(&path).unwrap();
        assert!(!sealed.windows(8).any(|bytes| bytes == [7; 8] || bytes == b"0192aaaa"));
        // The recovery key, typed off a page, is the same key.
        let typed = secrecy::ExposeSecret::expose_secret(&identity.secret())
            .to_lowercase()
            .replace("age-", " age-\n");
        assert_eq!(check(&path, &Identity::parse(&typed).unwrap()).unwrap(), meta());
        // And a second backup of the same name does not take its place.
        let again = write(folder.path(), &name(), &identity, &meta(), &[]);
        assert!(matches!(again, Err(BackupError::Io(_))), "{again:?}");
        assert_eq!(fs::read(&path).unwrap(), sealed);
    }

    #[test]
    fn another_key_a_missing_end_and_a_changed_byte_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity::generate();
        let path = made(folder.path(), &identity);
        let whole = fs::read(&path).unwrap();
        assert!(matches!(check(&path, &Identity::generate()), Err(BackupError::WrongKey)));
        for at in [whole.len() - 1, whole.len() - 70_000, 70_000, 150, 10] {
            fs::write(&path, &whole[..at]).unwrap();
            let found = check(&path, &identity);
            assert!(matches!(found, Err(BackupError::Truncated)), "cut at {at}: {found:?}");
        }
        // Cut inside the first piece, before anything could be read of how long it should be.
        fs::write(&path, &whole[..400]).unwrap();
        assert!(matches!(check(&path, &identity), Err(BackupError::Truncated | BackupError::Damaged)));
        for at in (0..whole.len()).step_by(9_973).chain([whole.len() - 1]) {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            fs::write(&path, &changed).unwrap();
            let found = check(&path, &identity);
            assert!(
                matches!(found, Err(BackupError::Damaged | BackupError::NoBackup)) || at < 200,
                "byte {at}: {found:?}"
            );
            assert!(found.is_err(), "byte {at}");
        }
        fs::write(&path, b"no backup at all\n, but a text of somebody's").unwrap();
        assert!(matches!(check(&path, &identity), Err(BackupError::NoBackup | BackupError::Truncated)));
        assert!(matches!(check(&folder.path().join("none"), &identity), Err(BackupError::NoFolder(_))));
    }
}
