//! `deskgate gate --jsonl`: one mail a line in, one verdict a line out.

use std::{
    io::{self, BufRead, BufReader, BufWriter, Read, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    mail::Written,
    report::{self, Evidence, Finding, Presence, Verdict},
};

/// A longer line is no mail; it is read past, not into memory.
const MOST_LINE_BYTES: u64 = 64 << 20;

/// Answers every line of standard input on standard output.
pub fn run() -> anyhow::Result<ExitCode> {
    let input = BufReader::with_capacity(1 << 16, io::stdin().lock());
    let output = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match answer_all(input, output) {
        // A reader that has gone away (`| head`) is no error.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        other => other.map(|()| ExitCode::SUCCESS).context("answering the mails of standard input"),
    }
}

/// What is answered leaves at once when no further line is there: whoever writes a line and
/// waits gets the answer, and a file is not written line by line.
fn answer_all<R: Read>(mut input: BufReader<R>, mut output: impl Write) -> io::Result<()> {
    let mut line = Vec::new();
    while let Some(fits) = next_line(&mut input, &mut line)? {
        match fits {
            true => answer(&line, &mut output)?,
            false => {
                refuse(&Value::Null, &format!("the line has more than {MOST_LINE_BYTES} bytes"), &mut output)?
            }
        }
        if !input.buffer().contains(&b'\n') {
            output.flush()?;
        }
    }
    output.flush()
}

/// The next line; `false` for one that is too long and was skipped.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    line.clear();
    let read = input.take(MOST_LINE_BYTES).read_until(b'\n', line)?;
    if read == 0 {
        return Ok(None);
    }
    if line.ends_with(b"\n") || (read as u64) < MOST_LINE_BYTES {
        return Ok(Some(true));
    }
    line.clear();
    input.skip_until(b'\n')?;
    Ok(Some(false))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    id: Value,
    title: Option<String>,
    subject: Option<String>,
    text: Option<String>,
}

fn answer(line: &[u8], output: &mut impl Write) -> io::Result<()> {
    let asked: Asked = match serde_json::from_slice(line) {
        Ok(asked) => asked,
        Err(error) => return refuse(&id_of(line), &format!("the line cannot be read: {error}"), output),
    };
    let Some(text) = &asked.text else {
        return refuse(&asked.id, "it has no `text`", output);
    };
    let subject = asked.title.or(asked.subject).unwrap_or_default();
    // A panic in a library costs one line.
    let read = || {
        let written = Written::of(&subject, text);
        Answer::of(&asked.id, &report::gate(&written.mail), &written, text)
    };
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(answer) => write(&answer, output),
        Err(_) => refuse(&asked.id, "reading it made a library panic", output),
    }
}

/// The id of an object that is otherwise not what it should be.
fn id_of(line: &[u8]) -> Value {
    #[derive(Deserialize)]
    struct Named {
        #[serde(default)]
        id: Value,
    }
    serde_json::from_slice(line).map_or(Value::Null, |Named { id }| id)
}

fn refuse(id: &Value, error: &str, output: &mut impl Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Refusal<'a> {
        id: &'a Value,
        error: &'a str,
    }
    write(&Refusal { id, error }, output)
}

fn write(answer: &impl Serialize, output: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *output, answer)?;
    output.write_all(b"\n")
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a Value,
    problem_report: bool,
    steps: Part<'a>,
    actual: Part<'a>,
    expected: Part<'a>,
}

#[derive(Serialize)]
struct Part<'a> {
    verdict: Presence,
    evidence: Vec<Piece<'a>>,
}

#[derive(Serialize)]
struct Piece<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

impl<'a> Answer<'a> {
    fn of(id: &'a Value, verdict: &Verdict, written: &Written, text: &'a str) -> Self {
        let part = |finding: &Finding| Part {
            verdict: finding.verdict,
            evidence: finding.evidence.iter().flat_map(|evidence| pieces(evidence, written, text)).collect(),
        };
        Answer {
            id,
            problem_report: verdict.problem_report,
            steps: part(&verdict.steps),
            actual: part(&verdict.actual),
            expected: part(&verdict.expected),
        }
    }
}

/// Evidence in the text as given: one piece, or several where a quotation stands between.
fn pieces<'a>(evidence: &Evidence, written: &Written, text: &'a str) -> Vec<Piece<'a>> {
    let piece =
        |place: std::ops::Range<usize>| Piece { start: place.start, end: place.end, text: &text[place] };
    written.places(&(evidence.start..evidence.end)).into_iter().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(input: &[u8]) -> Vec<Value> {
        let mut output = Vec::new();
        answer_all(BufReader::with_capacity(16, input), &mut output).unwrap();
        output
            .split_inclusive(|byte| *byte == b'\n')
            .map(|line| serde_json::from_slice(line).unwrap())
            .collect()
    }

    #[test]
    fn evidence_is_bytes_into_the_text_as_given() {
        let text = "Hallo,\r\n\r\nBüro.\r\n> Ergebnis: eins\r\nTatsächliches Ergebnis: Eine weiße Seite.\r\n";
        let line = serde_json::json!({ "id": ["a", 1], "subject": "AW: Druck", "text": text, "more": {} });
        let answers = answers(line.to_string().as_bytes());
        assert_eq!(answers[0]["id"], serde_json::json!(["a", 1]));
        let evidence = &answers[0]["actual"]["evidence"][0];
        let place = |key: &str| usize::try_from(evidence[key].as_u64().unwrap()).unwrap();
        assert_eq!(evidence["text"], text[place("start")..place("end")]);
        assert!(evidence["text"].as_str().unwrap().ends_with("Eine weiße Seite."), "{evidence}");
        assert_eq!(answers[0]["steps"]["verdict"], "missing");
        assert_eq!(answers[0]["problem_report"], true);
    }

    #[test]
    fn each_line_has_its_answer_whatever_it_is() {
        let input = b"nonsense\n\n{\"id\":7}\n{\"id\":8,\"text\":5}\n[1]\n\xff\n{\"text\":\"\"}\n{\"id\":null,\"title\":null,\"text\":\"It fails.\"}";
        let answers = answers(input);
        assert_eq!(answers.len(), 8);
        let is_error: Vec<bool> = answers.iter().map(|answer| answer["error"].is_string()).collect();
        assert_eq!(is_error, [true, true, true, true, true, true, false, false]);
        assert_eq!((&answers[2]["id"], &answers[3]["id"]), (&7.into(), &8.into()));
        assert_eq!(answers[6]["problem_report"], false);
        assert_eq!(answers[7]["id"], Value::Null);
    }

    #[test]
    fn a_line_without_end_is_read_past() {
        let mut line = Vec::new();
        let endless = io::repeat(b'x').take(MOST_LINE_BYTES + 5).chain(&b"\n{}"[..]);
        let mut input = BufReader::new(endless);
        assert_eq!(next_line(&mut input, &mut line).unwrap(), Some(false));
        assert_eq!(next_line(&mut input, &mut line).unwrap(), Some(true));
        assert_eq!(line, b"{}");
        assert_eq!(next_line(&mut input, &mut line).unwrap(), None);
    }
}
