//! Numbers, each in one spelling, so that two are equal when their spellings are: `1.50M` and `1.5`, `0x10` and `16`,
//! `2/4` and `1/2`. Nothing is rounded on the way.

use smol_str::SmolStr;

use super::datum::Form;
use super::notation::Notation;

/// Reads a whole number, a decimal, or, in EDN, a hexadecimal number or a ratio. A whole number that is too large for
/// [`Form::Int`], and whatever is not whole, is a [`Form::Number`]. JSON has one kind of number: there `1.0` is `1`.
pub fn number(token: &str, notation: Notation) -> Option<Form> {
    let (negative, unsigned) = match token.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, token.strip_prefix('+').unwrap_or(token)),
    };
    let sign = if negative { "-" } else { "" };
    if notation == Notation::Edn {
        if let Some(hex) = unsigned.strip_prefix("0x") {
            return hexadecimal(sign, hex.strip_suffix('N').unwrap_or(hex));
        }
        if let Some((above, below)) = unsigned.split_once('/') {
            return ratio(sign, above, below);
        }
        if let Some(digits) =
            Some(unsigned.strip_suffix('N').unwrap_or(unsigned)).filter(|all| are_digits(all))
        {
            return Some(whole(sign, digits));
        }
    }
    let decimal = match notation {
        Notation::Edn => Decimal::read(unsigned.strip_suffix('M').unwrap_or(unsigned))?,
        Notation::Json => Decimal::read(unsigned)?,
    };
    Some(match notation == Notation::Json && decimal.is_whole() {
        true => whole(sign, &decimal.spelled("")),
        false if decimal.digits.is_empty() => Form::Number("0.0".into()),
        false => Form::Number(SmolStr::new(format!("{sign}{}", decimal.spelled(".0")))),
    })
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn whole(sign: &str, digits: &str) -> Form {
    let spelled = format!("{sign}{}", digits.trim_start_matches('0'));
    match format!("{sign}{digits}").parse() {
        Ok(int) => Form::Int(int),
        Err(_) => Form::Number(spelled.into()),
    }
}

/// Of more than 128 bits, the digits without leading zeros.
fn hexadecimal(sign: &str, hex: &str) -> Option<Form> {
    if hex.is_empty() || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    Some(match u128::from_str_radix(hex, 16) {
        Ok(number) => whole(sign, &number.to_string()),
        Err(_) => {
            let digits = hex.trim_start_matches('0').to_ascii_lowercase();
            Form::Number(SmolStr::new(format!("{sign}0x{digits}")))
        }
    })
}

/// In lowest terms; as it was written if a part has more than 128 bits.
fn ratio(sign: &str, above: &str, below: &str) -> Option<Form> {
    if !are_digits(above) || !are_digits(below) || below.bytes().all(|byte| byte == b'0') {
        return None;
    }
    let (Ok(up), Ok(down)) = (above.parse::<u128>(), below.parse::<u128>()) else {
        return Some(Form::Number(SmolStr::new(format!("{sign}{above}/{below}"))));
    };
    let (mut common, mut rest) = (up, down);
    while rest != 0 {
        (common, rest) = (rest, common % rest);
    }
    Some(match down / common {
        1 => whole(sign, &(up / common).to_string()),
        down => Form::Number(SmolStr::new(format!("{sign}{}/{down}", up / common))),
    })
}

/// `0.digits` times ten to the power of `point`; no digit of zero is at either end.
struct Decimal {
    digits: String,
    point: i64,
}

/// A whole number of more digits is spelled with an exponent.
const LONGEST: i64 = 40;

impl Decimal {
    /// Reads digits with a point among them or an exponent behind them.
    fn read(text: &str) -> Option<Decimal> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (before, behind) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = [before, behind].concat();
        if !are_digits(&all) {
            return None;
        }
        let digits = all.trim_start_matches('0');
        let point = before.len() as i64 - (all.len() - digits.len()) as i64 + i64::from(exponent);
        Some(Decimal { digits: digits.trim_end_matches('0').to_owned(), point })
    }

    /// Is it a whole number that is not too long to be written out?
    fn is_whole(&self) -> bool {
        self.digits.is_empty() || (self.digits.len() as i64..=LONGEST).contains(&self.point)
    }

    /// A whole number ends in `tail`.
    fn spelled(&self, tail: &str) -> String {
        let Decimal { digits, point } = self;
        if digits.is_empty() {
            return format!("0{tail}");
        }
        if self.is_whole() {
            return format!("{digits}{}{tail}", "0".repeat(*point as usize - digits.len()));
        }
        match *point {
            -5..=0 => format!("0.{}{digits}", "0".repeat(-point as usize)),
            point if (1..digits.len() as i64).contains(&point) => {
                format!("{}.{}", &digits[..point as usize], &digits[point as usize..])
            }
            point => {
                let (first, rest) = digits.split_at(1);
                let rest = if rest.is_empty() { "0" } else { rest };
                format!("{first}.{rest}e{}", point - 1)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(token: &str, notation: Notation) -> String {
        match number(token, notation) {
            Some(Form::Int(int)) => format!("int {int}"),
            Some(Form::Number(text)) => text.into(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn what_is_equal_has_one_spelling() {
        let edn: &[(&[&str], &str)] = &[
            (&["0", "-0", "+0", "0N", "0x0", "0/7"], "int 0"),
            (&["16", "+16", "016", "16N", "0x10", "0x010", "32/2"], "int 16"),
            (&["-16", "-0x10", "-32/2"], "int -16"),
            (&["1/2", "2/4", "02/04"], "1/2"),
            (&["9223372036854775808", "09223372036854775808N", "0x8000000000000000"], "9223372036854775808"),
            (&["-9223372036854775808"], "int -9223372036854775808"),
            (&["1.5", "1.50M", "15e-1", "0.15E1"], "1.5"),
            (&["1.0", "1e0", "1M", "+1.00"], "1.0"),
            (&["0.0", "-0.0", "0e9", "0M"], "0.0"),
            (&["100.0", "1e2"], "100.0"),
            (&["0.00001", "1e-5"], "0.00001"),
            (&["1e-9", "0.000000001"], "1.0e-9"),
            (&["1e400", "10e399"], "1.0e400"),
            (&["2.5e400"], "2.5e400"),
        ];
        for (tokens, one) in edn {
            tokens.iter().for_each(|token| assert_eq!(spelled(token, Notation::Edn), *one, "{token}"));
        }
        let json: &[(&[&str], &str)] = &[
            (&["1", "1.0", "1e0", "10E-1"], "int 1"),
            (
                &["9223372036854775808", "9223372036854775808.0", "9223372036854775808e0"],
                "9223372036854775808",
            ),
            (&["0", "-0.0", "0e5"], "int 0"),
        ];
        for (tokens, one) in json {
            tokens.iter().for_each(|token| assert_eq!(spelled(token, Notation::Json), *one, "{token}"));
        }
        assert_ne!(spelled("0.1000000000000000000001M", Notation::Edn), spelled("0.1M", Notation::Edn));
        assert_ne!(spelled("1", Notation::Edn), spelled("1.0", Notation::Edn));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for token in
            ["", "-", "0x", "0xg", "1/0", "1/", "/2", "1.2.3", "e5", "1e", "1e99999999999", "inf", "NaN", "."]
        {
            assert_eq!(number(token, Notation::Edn), None, "{token}");
        }
        for token in ["0x10", "1/2"] {
            assert_eq!(number(token, Notation::Json), None, "{token}");
        }
    }
}
