//! A small OpenID Connect provider on loopback, with a key of its own: discovery, keys, codes with PKCE, ID tokens.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::Command,
    sync::{Arc, Mutex, OnceLock},
    thread,
};

use data_encoding::{BASE64, BASE64URL_NOPAD};
use jiff::Timestamp;
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey,
    core::{CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// What the desk is called there, and what proves it.
pub const CLIENT: (&str, &str) = ("deskgate", "secret-of-the-client");

/// A provider that runs until the test process ends.
#[derive(Clone)]
pub struct Identity {
    /// Its issuer.
    pub issuer: String,
    codes: Arc<Mutex<HashMap<String, Promise>>>,
}

/// What a code stands for.
#[derive(Clone)]
struct Promise {
    challenge: String,
    claims: Value,
    key: &'static str,
}

/// How an answer is wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lie {
    /// It is right.
    None,
    /// The ID token is for another sign-in.
    Nonce,
    /// The ID token is for another client.
    Audience,
    /// The ID token is signed with a key that the provider does not publish.
    Key,
    /// The ID token is over.
    Expired,
    /// The provider says that the address is not verified.
    Unverified,
    /// The provider does not say whether it is.
    Silent,
}

impl Identity {
    /// Starts one.
    pub fn start() -> Identity {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let identity = Identity { issuer, codes: Arc::default() };
        // They take a while, and nobody shall wait for the answer to a request meanwhile.
        static KEYS: OnceLock<HashMap<&str, CoreRsaPrivateSigningKey>> = OnceLock::new();
        let keys = KEYS.get_or_init(|| ["published", "other"].map(|id| (id, key(id))).into());
        let server = identity.clone();
        thread::spawn(move || listener.incoming().flatten().for_each(|stream| server.serve(stream, keys)));
        identity
    }

    /// `oidc = …` for the configuration.
    pub fn setting(&self) -> String {
        let (id, secret) = CLIENT;
        format!(
            "oidc = {{ name = \"Example ID\", issuer = \"{}\", client_id = \"{id}\", client_secret = \"{secret}\" }}",
            self.issuer
        )
    }

    /// Signs somebody in at the address to which the desk sent their browser; path and query that leads back.
    pub fn agree(&self, url: &str, email: &str, lie: Lie) -> String {
        let query =
            url.strip_prefix(&format!("{}/authorize?", self.issuer)).expect("it leads to the provider");
        let asked: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!(asked["client_id"], CLIENT.0);
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["code_challenge_method"], "S256");
        assert!(asked["scope"].contains("openid") && asked["scope"].contains("email"));
        let now = Timestamp::now().as_second();
        let mut claims = json!({
            "iss": self.issuer, "sub": "17", "aud": CLIENT.0, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], "email": email, "email_verified": true,
        });
        match lie {
            Lie::None | Lie::Key => {}
            Lie::Nonce => claims["nonce"] = json!("another"),
            Lie::Audience => claims["aud"] = json!("another"),
            Lie::Expired => claims["exp"] = json!(now - 3600),
            Lie::Unverified => claims["email_verified"] = json!(false),
            Lie::Silent => drop(claims.as_object_mut().unwrap().remove("email_verified")),
        }
        let key = if lie == Lie::Key { "other" } else { "published" };
        let promise = Promise { challenge: asked["code_challenge"].clone(), claims, key };
        let mut codes = self.codes.lock().unwrap();
        let code = format!("code-{}", codes.len());
        codes.insert(code.clone(), promise);
        let back = asked["redirect_uri"].split_once("://").unwrap().1;
        let path = &back[back.find('/').unwrap()..];
        format!("{path}?code={code}&state={}", asked["state"])
    }

    fn serve(&self, mut stream: TcpStream, keys: &HashMap<&str, CoreRsaPrivateSigningKey>) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut line, mut length, mut authorization) = (String::new(), 0, String::new());
        reader.read_line(&mut line).unwrap();
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        loop {
            let mut field = String::new();
            reader.read_line(&mut field).unwrap();
            match field.trim().split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.parse().unwrap()
                }
                Some((name, value)) if name.eq_ignore_ascii_case("authorization") => {
                    authorization = value.to_owned()
                }
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let answer = match path.as_str() {
            "/.well-known/openid-configuration" => Some(self.metadata()),
            "/keys" => Some(json!({ "keys": [keys["published"].as_verification_key()] })),
            "/token" => self.token(&body, &authorization, keys),
            _ => None,
        };
        let status = if answer.is_some() { "200 OK" } else { "400 Bad Request" };
        let body = answer.unwrap_or(json!({ "error": "invalid_grant" })).to_string();
        let _ = write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
    }

    fn metadata(&self) -> Value {
        let at = |path: &str| format!("{}/{path}", self.issuer);
        json!({
            "issuer": self.issuer, "authorization_endpoint": at("authorize"), "token_endpoint": at("token"),
            "jwks_uri": at("keys"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        })
    }

    /// A code is good once, for who knows the verifier of its challenge and the secret of the client.
    fn token(
        &self,
        body: &[u8],
        authorization: &str,
        keys: &HashMap<&str, CoreRsaPrivateSigningKey>,
    ) -> Option<Value> {
        let form: HashMap<String, String> = form_urlencoded::parse(body).into_owned().collect();
        let client = format!("Basic {}", BASE64.encode(format!("{}:{}", CLIENT.0, CLIENT.1).as_bytes()));
        let promise = self.codes.lock().unwrap().remove(form.get("code")?)?;
        let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(form.get("code_verifier")?));
        if authorization != client || challenge != promise.challenge {
            return None;
        }
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": "published" });
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(&header), part(&promise.claims));
        let seal = keys[promise.key].sign(&CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, signed.as_bytes());
        let token = format!("{signed}.{}", BASE64URL_NOPAD.encode(&seal.unwrap()));
        Some(json!({ "access_token": "none", "token_type": "Bearer", "expires_in": 300, "id_token": token }))
    }
}

fn key(id: &str) -> CoreRsaPrivateSigningKey {
    let made =
        Command::new("openssl").args(["genrsa", "-traditional", "2048"]).output().expect("openssl is there");
    let pem = String::from_utf8(made.stdout).unwrap();
    CoreRsaPrivateSigningKey::from_pem(&pem, Some(JsonWebKeyId::new(id.to_owned()))).unwrap()
}
