//! Numbers with what they count.

/// "1 entry", "2 entries", "0 nodes".
pub fn counted(count: impl Into<u64>, thing: &str) -> String {
    let count = count.into();
    match (count, thing.strip_suffix('y')) {
        (1, _) => format!("1 {thing}"),
        (_, Some(stem)) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{count} {stem}ies"),
        _ if thing.ends_with('s') => format!("{count} {thing}es"),
        _ => format!("{count} {thing}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_is_singular_and_all_else_plural() {
        let told = [
            (0_u64, "entry"),
            (1, "entry"),
            (2, "entry"),
            (1, "step"),
            (3, "step"),
            (2, "delay"),
            (2, "loss"),
        ];
        let told: Vec<String> = told.into_iter().map(|(count, thing)| counted(count, thing)).collect();
        assert_eq!(told, ["0 entries", "1 entry", "2 entries", "1 step", "3 steps", "2 delays", "2 losses"]);
    }
}
