//! Lines to names and values. `include_dir` is followed here, so that the rest sees one list.

use std::path::{Path, PathBuf};

use super::{ConfError, Place};

/// One line that sets something.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Setting {
    /// The option's name.
    pub(super) name: String,
    /// Everything behind the name, without the blanks around it.
    pub(super) value: String,
    /// Where it stands.
    pub(super) place: Place,
}

impl Setting {
    /// Refuses this line.
    pub(super) fn refuse(&self, problem: impl Into<String>) -> ConfError {
        ConfError::Option { place: self.place.clone(), option: self.name.clone(), problem: problem.into() }
    }
}

/// The settings of a file, with those of each `include_dir` in its place.
pub(super) fn read(path: &Path) -> Result<Vec<Setting>, ConfError> {
    let mut settings = Vec::new();
    for setting in file(path)? {
        if setting.name != "include_dir" {
            settings.push(setting);
            continue;
        }
        for included in directory(&setting)? {
            for inner in file(&included)? {
                if inner.name == "include_dir" {
                    return Err(inner.refuse("only the main file may include a directory. Move this line there."));
                }
                settings.push(inner);
            }
        }
    }
    Ok(settings)
}

fn file(path: &Path) -> Result<Vec<Setting>, ConfError> {
    let bytes = std::fs::read(path).map_err(|e| ConfError::Unreadable {
        path: path.display().to_string(),
        reason: e.to_string(),
        advice: "Give the path of a mosquitto.conf that this user may read.",
    })?;
    lines(&bytes, path)
}

/// The lines of one file. A line may end with CR LF; `#` as the first character that is not blank begins a comment.
pub(super) fn lines(bytes: &[u8], path: &Path) -> Result<Vec<Setting>, ConfError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut settings = Vec::new();
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let place = Place { file: path.to_owned(), line: index + 1 };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Ok(line) = std::str::from_utf8(line) else {
            let problem = "the line is not UTF-8. Save the file as UTF-8.".to_owned();
            return Err(ConfError::Option { place, option: "text".to_owned(), problem });
        };
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) = line.split_once([' ', '\t']).unwrap_or((line, ""));
        settings.push(Setting { name: name.to_owned(), value: value.trim_start().to_owned(), place });
    }
    Ok(settings)
}

/// The `.conf` files of a directory, in Mosquitto's order: by letter, upper case before lower case of the same letter.
fn directory(setting: &Setting) -> Result<Vec<PathBuf>, ConfError> {
    let unreadable = |e: std::io::Error| {
        setting.refuse(format!("cannot read the directory {:?}: {e}. Create it or remove the line.", setting.value))
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&setting.value).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "conf") {
            files.push(path);
        }
    }
    files.sort_by_key(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.chars().map(|letter| (letter.to_ascii_lowercase(), letter)).collect::<Vec<_>>()
    });
    Ok(files)
}
