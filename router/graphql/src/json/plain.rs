//! Passing the plain text of a string: most bytes of most answers are such, so it is done many bytes at a time.

/// Bytes in a word, and in a block.
const WORD: usize = size_of::<u64>();
const BLOCK: usize = 64;

/// How many bytes from the first neither end a string nor are to be looked at: up to a quotation mark, a backslash or a
/// control character.
pub(super) fn plain_length(text: &[u8]) -> usize {
    let mut length = 0;
    let (words, rest) = text.as_chunks::<WORD>();
    // Keys, ids and numbers end within some words; longer text is passed block by block.
    for word in words.iter().take(BLOCK / WORD) {
        match first_special(u64::from_le_bytes(*word)) {
            Some(index) => return length + index,
            None => length += WORD,
        }
    }
    if length < BLOCK {
        return length + rest.iter().position(|byte| is_special(*byte)).unwrap_or(rest.len());
    }
    let (blocks, _) = text.get(length..).unwrap_or_default().as_chunks::<BLOCK>();
    // Without a branch for each byte this becomes vector instructions.
    let plain = blocks.iter().take_while(|block| !block.iter().fold(false, |found, byte| found | is_special(*byte)));
    length += plain.count() * BLOCK;
    let rest = text.get(length..).unwrap_or_default();
    match rest.len() {
        0 => length,
        // Ends: at most a block is left before something special, or the text's end.
        _ => length + plain_length(rest.get(..rest.len().min(BLOCK)).unwrap_or_default()),
    }
}

fn is_special(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\')
}

/// The index of a word's first special byte. What is found above it may be a borrow's.
fn first_special(word: u64) -> Option<usize> {
    const ONES: u64 = u64::MAX / 0xff;
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word;
    let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    let special = (below(word, 0x20) | is(b'"') | is(b'\\')) & (ONES << 7);
    (special != 0).then(|| special.trailing_zeros() as usize / 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_at_each_special_byte_wherever_it_stands() {
        for length in 0..200 {
            for special in 0..=u8::MAX {
                let mut text = vec![b'x'; 200];
                text[length] = special;
                assert_eq!(plain_length(&text), if is_special(special) { length } else { 200 }, "{length} {special}");
            }
            assert_eq!(plain_length(&vec![0xff; length]), length);
        }
    }

    #[test]
    fn a_special_byte_is_found_before_others() {
        for second in [b'"', b'\\', 0, 0x1f] {
            for at in 0..150 {
                let mut text = vec![0x80; 160];
                (text[at], text[at + 1]) = (b'\\', second);
                assert_eq!(plain_length(&text), at);
            }
        }
    }
}
