//! One connection, one request, one answer (HTTP/1.1, RFC 9112).

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, StatusCode, Uri, client::conn::http1};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, crypto::ring, pki_types::ServerName};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

use super::PagerError;

/// Sends a request to the server of a URL. The body of the answer is not read.
pub(super) async fn ask(url: &Uri, request: Request<Full<Bytes>>) -> Result<StatusCode, PagerError> {
    let named = url.host().unwrap_or_default().to_owned();
    let host = named.trim_matches(['[', ']']);
    let plain = url.scheme_str() == Some("http");
    let port = url.port_u16().unwrap_or(if plain { 80 } else { 443 });
    let unreachable = |why: String| PagerError::Unreachable { host: named.clone(), why };
    let stream = TcpStream::connect((host, port)).await.map_err(|error| unreachable(error.to_string()))?;
    let asked = if plain {
        converse(stream, request).await
    } else {
        let name = ServerName::try_from(host.to_owned()).map_err(|error| unreachable(error.to_string()))?;
        let connector = TlsConnector::from(Arc::new(trust().map_err(unreachable)?));
        let stream = connector.connect(name, stream).await.map_err(|error| unreachable(error.to_string()))?;
        converse(stream, request).await
    };
    asked.map_err(|error| PagerError::Broken { host: named.clone(), why: error.to_string() })
}

async fn converse<S>(stream: S, request: Request<Full<Bytes>>) -> Result<StatusCode, hyper::Error>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let exchange = sender.send_request(request);
    tokio::pin!(connection, exchange);
    // The connection does the work; it ends before the answer only when it breaks.
    let answer = tokio::select! {
        answer = &mut exchange => answer,
        ended = &mut connection => match ended {
            Ok(()) => exchange.await,
            Err(error) => Err(error),
        },
    };
    answer.map(|answer| answer.status())
}

/// The certificate authorities of the system; the host name is always checked.
fn trust() -> Result<ClientConfig, String> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the ring provider has suites for TLS 1.2 and 1.3");
    let trusting = builder
        .with_platform_verifier()
        .map_err(|error| format!("the certificate authorities of this system cannot be read: {error}"))?;
    Ok(trusting.with_no_client_auth())
}
