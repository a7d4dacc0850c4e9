//! A file sent back, in pieces and so that nothing of it can run.

use std::io::Read;

use app::AppError;
use app::file::Download;
use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::Response;
use http_body_util::channel::Channel;

use super::state::State;

/// The file, in pieces. Whatever it holds, a browser that opened it would run nothing of it.
pub fn download(web: &State, found: Download, drawn: bool) -> Response {
    let Download { file, name, bytes, media } = found;
    let mut response = Response::new(stream(web, file));
    let headers = response.headers_mut();
    let media = HeaderValue::from_str(&media).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(CONTENT_TYPE, media);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    let how = if drawn { "inline" } else { "attachment" };
    let how =
        HeaderValue::from_str(&disposition(how, &name)).unwrap_or(HeaderValue::from_static("attachment"));
    headers.insert(CONTENT_DISPOSITION, how);
    response
}

/// RFC 6266: a plain name for old programs, and the true one percent-encoded (RFC 8187).
fn disposition(how: &str, name: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii() && !matches!(c, '"' | '\\' | '%') && !c.is_ascii_control() { c } else { '_' }
    };
    let ascii: String = name.chars().map(plain).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte))
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("{how}; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

/// A few pieces ahead of the reader, read off the asynchronous threads. A disk that fails cuts the answer
/// short of its announced length, which the reader sees.
fn stream(web: &State, mut file: std::fs::File) -> Body {
    const PIECE: usize = 64 * 1024;
    let (mut sender, body) = Channel::<Bytes, AppError>::new(2);
    let web = web.clone();
    tokio::spawn(async move {
        loop {
            let read = web.run(move |_| {
                let mut piece = vec![0; PIECE];
                let n = file.read(&mut piece).map_err(AppError::fault)?;
                piece.truncate(n);
                Ok((file, Bytes::from(piece)))
            });
            match read.await {
                Ok((_, piece)) if piece.is_empty() => return,
                Ok((next, piece)) => {
                    file = next;
                    if sender.send_data(piece).await.is_err() {
                        return;
                    }
                }
                Err(e) => return sender.abort(e),
            }
        }
    });
    Body::new(body)
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_reaches_the_browser_whole_and_breaks_no_header() {
        let cases = [
            (
                "écran bleu.png",
                "attachment; filename=\"_cran bleu.png\"; filename*=UTF-8''%C3%A9cran%20bleu.png",
            ),
            (
                "a\"; x=\"b%41.txt",
                "attachment; filename=\"a_; x=_b_41.txt\"; filename*=UTF-8''a%22%3B%20x%3D%22b%2541.txt",
            ),
        ];
        for (name, header) in cases {
            assert_eq!(disposition("attachment", name), header);
        }
    }
}
