//! The certificates that a server's certificate is checked against: those of `SSL_CERT_FILE` and `SSL_CERT_DIR`, or else the
//! platform's own. A variable that is set and gives no certificate is an error that names it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::network::{NetworkVariable, NetworkVariables, VariableFault};
use crate::private::{Opened, spoken};
use crate::visible::visible;

/// The largest file of trusted certificates that is read, in bytes.
const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;
/// What is wrong with a file or a directory without a usable certificate.
const NONE_INSIDE: &str = "it holds no certificate that can be used";

type Certificates = Vec<CertificateDer<'static>>;

/// Why no trusted certificate was found.
#[derive(Debug, thiserror::Error)]
pub(super) enum TrustFault {
    /// A variable names what cannot be used.
    #[error(transparent)]
    Variable(#[from] VariableFault),
    /// No variable is set, and the platform has none where they usually are.
    #[error("this machine has no trusted certificates; name a file of them in SSL_CERT_FILE")]
    None,
}

/// Reads the trusted certificates. It reads files and may take its time.
///
/// # Errors
/// Any [`TrustFault`].
pub(super) fn load_roots(variables: &NetworkVariables) -> Result<RootCertStore, TrustFault> {
    let mut roots = RootCertStore::empty();
    if let Some(file) = &variables.ssl_cert_file {
        add_named(&mut roots, file, &file.value, read_file)?;
    }
    if let Some(variable) = &variables.ssl_cert_dir {
        let parts = std::env::split_paths(&variable.value);
        let directories: Vec<_> = parts.filter(|part| !part.as_os_str().is_empty()).collect();
        if directories.is_empty() {
            let subject = subject(variable, &variable.value);
            return Err(VariableFault { subject, reason: NONE_INSIDE.to_owned() }.into());
        }
        for directory in directories {
            add_named(&mut roots, variable, directory.as_os_str(), read_directory)?;
        }
    }
    if variables.ssl_cert_file.is_none() && variables.ssl_cert_dir.is_none() {
        roots.add_parsable_certificates(read_platform());
    }
    if roots.is_empty() { Err(TrustFault::None) } else { Ok(roots) }
}

/// What is being read, for the case that it takes too long: `SSL_CERT_FILE (/path)`, or in general.
pub(super) fn name_source(variables: &NetworkVariables) -> String {
    let named = variables.ssl_cert_file.as_ref().or(variables.ssl_cert_dir.as_ref());
    named.map_or_else(|| "the trusted certificates".to_owned(), |variable| subject(variable, &variable.value))
}

/// Adds the certificates at one path of a variable.
fn add_named(
    roots: &mut RootCertStore,
    variable: &NetworkVariable,
    path: &OsStr,
    read: impl Fn(&Path) -> Result<Certificates, String>,
) -> Result<(), VariableFault> {
    let fault = |reason| VariableFault { subject: subject(variable, path), reason };
    let certificates = read(Path::new(path)).map_err(fault)?;
    let (added, _) = roots.add_parsable_certificates(certificates);
    if added == 0 { Err(fault(NONE_INSIDE.to_owned())) } else { Ok(()) }
}

fn subject(variable: &NetworkVariable, path: &OsStr) -> String {
    format!("{} ({})", variable.name, visible(&path.to_string_lossy()))
}

fn read_file(path: &Path) -> Result<Certificates, String> {
    let bytes = Opened::regular(path).and_then(|opened| opened.read(MAX_FILE_BYTES));
    Ok(parse_pem(&bytes.map_err(|fault| fault.to_string())?))
}

/// All certificates in the files of a directory. A file of another kind is not an error: keys may lie beside them.
fn read_directory(path: &Path) -> Result<Certificates, String> {
    let entries = std::fs::read_dir(path).map_err(|fault| spoken(&fault))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut all: Certificates = paths.iter().filter_map(|path| read_file(path).ok()).flatten().collect();
    // `openssl rehash` gives each file a second name.
    keep_one_of_each(&mut all);
    Ok(all)
}

/// The certificates in PEM text; what is none is left out.
fn parse_pem(bytes: &[u8]) -> Certificates {
    CertificateDer::pem_slice_iter(bytes).filter_map(Result::ok).collect()
}

/// The platform's own. rustls-native-certs looks at the variables too, and takes one that is set to nothing for a path
/// (<https://docs.rs/rustls-native-certs/0.8.5/src/rustls_native_certs/lib.rs.html>): then the usual places are asked for.
fn read_platform() -> Certificates {
    let found = rustls_native_certs::load_native_certs().certs;
    if !found.is_empty() {
        return found;
    }
    let places = openssl_probe::probe();
    let file = rustls_native_certs::load_certs_from_paths(places.cert_file.as_deref(), None);
    let directories = places
        .cert_dir
        .iter()
        .flat_map(|path| rustls_native_certs::load_certs_from_paths(None, Some(path)).certs);
    let mut all: Certificates = file.certs.into_iter().chain(directories).collect();
    keep_one_of_each(&mut all);
    all
}

fn keep_one_of_each(certificates: &mut Certificates) {
    certificates.sort_unstable_by(|left, right| left.as_ref().cmp(right.as_ref()));
    certificates.dedup();
}
