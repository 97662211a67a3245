//! Whom we trust: the operating system's certificate authorities, or those of
//! `ca_file` and no others. The host name is always checked.

use std::{path::Path, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::Fault;

/// Why there is no TLS connection, for people, and what is wrong with the
/// certificate where that is the reason.
#[derive(Debug)]
pub(super) struct NoTls {
    pub(super) fault: Option<Fault>,
    pub(super) why: String,
}

/// Shakes hands with `host` over `stream`.
pub(super) async fn shake_hands(
    stream: TcpStream,
    host: &str,
    ca_file: Option<&Path>,
) -> Result<TlsStream<TcpStream>, NoTls> {
    let otherwise = |why| NoTls { fault: None, why };
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| otherwise(format!("`{host}` is no host name that a certificate could carry")))?;
    let config = client_config(ca_file).map_err(otherwise)?;
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|error| {
        let why = error.to_string();
        match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::InvalidCertificate(fault)) => NoTls { fault: Some(fault_of(fault)), why },
            _ => otherwise(why),
        }
    })
}

fn fault_of(error: &CertificateError) -> Fault {
    use CertificateError as E;
    match error {
        E::Expired | E::ExpiredContext { .. } | E::NotValidYet | E::NotValidYetContext { .. } => {
            Fault::Expired
        }
        E::NotValidForName | E::NotValidForNameContext { .. } => Fault::OtherName,
        _ => Fault::Untrusted,
    }
}

fn client_config(ca_file: Option<&Path>) -> Result<ClientConfig, String> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the ring provider has suites for TLS 1.2 and 1.3");
    let trusting = match ca_file {
        Some(path) => builder.with_root_certificates(roots(path)?),
        None => builder
            .with_platform_verifier()
            .map_err(|error| format!("the certificate authorities of this system cannot be read: {error}"))?,
    };
    Ok(trusting.with_no_client_auth())
}

fn roots(path: &Path) -> Result<RootCertStore, String> {
    let unusable =
        |why: &dyn std::fmt::Display| format!("`ca_file` {} cannot be used: {why}", path.display());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| unusable(&error))? {
        let certificate = certificate.map_err(|error| unusable(&error))?;
        roots.add(certificate).map_err(|error| unusable(&error))?;
    }
    if roots.is_empty() {
        return Err(unusable(&"it has no certificate in PEM form"));
    }
    Ok(roots)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_ca_file_without_a_certificate_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ca.pem");
        assert!(roots(&path).unwrap_err().contains("ca.pem"));
        fs::write(&path, "no certificate").unwrap();
        assert!(roots(&path).unwrap_err().contains("no certificate in PEM form"));
    }
}
