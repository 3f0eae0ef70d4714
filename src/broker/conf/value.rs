//! Values: each reader takes the whole value or refuses it with a sentence that says what would do.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use super::ConfError;
use super::lexer::Setting;

impl Setting {
    /// `true` or `false`; Mosquitto takes 1 and 0 as well.
    pub(super) fn boolean(&self) -> Result<bool, ConfError> {
        match self.word()? {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            other => Err(self.refuse(format!("{other:?} is neither true nor false."))),
        }
    }

    /// A number in this range.
    pub(super) fn number<T>(&self, range: RangeInclusive<T>) -> Result<T, ConfError>
    where
        T: FromStr + PartialOrd + Display,
    {
        let word = self.word()?;
        match word.parse() {
            Ok(number) if range.contains(&number) => Ok(number),
            _ => Err(self.refuse(format!("{word:?} is not a number from {} to {}.", range.start(), range.end()))),
        }
    }

    /// The same, where 0 says that there is no bound.
    pub(super) fn bound<T>(&self, maximum: T) -> Result<Option<T>, ConfError>
    where
        T: FromStr + PartialOrd + Display + Default,
    {
        Ok(Some(self.number(T::default()..=maximum)?).filter(|number| *number != T::default()))
    }

    /// One of these words.
    pub(super) fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Result<T, ConfError> {
        let word = self.word()?;
        if let Some((_, value)) = choices.iter().find(|(name, _)| *name == word) {
            return Ok(*value);
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        Err(self.refuse(format!("{word:?} is not one of {}.", names.join(", "))))
    }

    /// Any text, blanks inside included.
    pub(super) fn text(&self) -> Result<&str, ConfError> {
        if self.value.is_empty() { Err(self.missing()) } else { Ok(&self.value) }
    }

    /// A path.
    pub(super) fn path(&self) -> Result<PathBuf, ConfError> {
        self.text().map(PathBuf::from)
    }

    /// `14d`: a number and one of h, d, w, m, y (hours, days, weeks, months of 30 days, years of 365 days).
    pub(super) fn duration(&self) -> Result<Duration, ConfError> {
        let word = self.word()?;
        let refused = || self.refuse(format!("{word:?} is not a time like 12h, 14d, 2w, 6m or 1y."));
        let (at, unit) = word.char_indices().next_back().ok_or_else(refused)?;
        let hours = match unit {
            'h' => 1,
            'd' => 24,
            'w' => 7 * 24,
            'm' => 30 * 24,
            'y' => 365 * 24,
            _ => return Err(refused()),
        };
        match word[..at].parse::<u32>() {
            Ok(count) if count > 0 => Ok(Duration::from_secs(u64::from(count) * hours * 3600)),
            _ => Err(refused()),
        }
    }

    /// Refuses a line without a value.
    pub(super) fn missing(&self) -> ConfError {
        self.refuse("the value is missing. Write it behind the name, or remove the line.")
    }

    /// The first word. Mosquitto ignores what stands behind it; here only a comment may.
    pub(super) fn word(&self) -> Result<&str, ConfError> {
        let (word, rest) = self.words()?;
        match rest {
            None => Ok(word),
            Some(rest) => Err(self.refuse(format!("{rest:?} is left over behind the value {word:?}. Remove it."))),
        }
    }

    /// The first word, and what stands behind it unless that is a comment.
    pub(super) fn words(&self) -> Result<(&str, Option<&str>), ConfError> {
        let (word, rest) = self.value.split_once([' ', '\t']).unwrap_or((&self.value, ""));
        if word.is_empty() {
            return Err(self.missing());
        }
        let rest = rest.trim_start();
        Ok((word, (!rest.is_empty() && !rest.starts_with('#')).then_some(rest)))
    }
}
