//! The answers to a form as content beside the log: they are words of people, and can be erased.

use engines::form::Answer;

/// What content of answers holds.
pub fn written(answers: &[Answer]) -> Vec<u8> {
    serde_json::to_vec(answers).expect("answers are made of text")
}

/// The answers that content holds; none when it cannot be read.
pub fn read_answers(bytes: &[u8]) -> Vec<Answer> {
    serde_json::from_slice(bytes).unwrap_or_default()
}

/// Each question and its answer on lines of their own, in French then in English where they differ: what a
/// search finds, and shows an extract of.
pub fn in_plain_text(bytes: &[u8]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for answer in read_answers(bytes) {
        let both = [(&answer.question.fr, &answer.says.fr), (&answer.question.en, &answer.says.en)];
        for (at, (question, says)) in both.into_iter().enumerate() {
            let line = format!("{question}\u{a0}: {says}");
            if at == 0 || lines.last() != Some(&line) {
                lines.push(line);
            }
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use base::Bilingual;

    use super::*;

    #[test]
    fn answers_are_told_in_both_languages_where_they_differ() {
        let answer = |question: Bilingual, says: Bilingual| Answer {
            name: "a".to_owned(),
            question,
            value: "x".to_owned(),
            says,
        };
        let answers = [
            answer(Bilingual::new("Matériel", "Equipment"), Bilingual::new("Fixe", "Desktop")),
            answer(Bilingual::same("Nom"), Bilingual::same("Anne \"O\"\nLegrand")),
        ];
        let bytes = written(&answers);
        assert_eq!(read_answers(&bytes), answers);
        assert_eq!(
            in_plain_text(&bytes),
            "Matériel\u{a0}: Fixe\nEquipment\u{a0}: Desktop\nNom\u{a0}: Anne \"O\"\nLegrand"
        );
        assert!(read_answers(b"not json").is_empty() && in_plain_text(b"not json").is_empty());
    }
}
