//! Source files to import: a fixture or a real data set, copied to a folder of the test's own where it may be spoiled.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use private_postgres::TemporaryFolder;

/// A folder that goes with the test.
pub struct SourceFolder(TemporaryFolder);

impl SourceFolder {
    /// The invented files of `tests/it/fixtures/<name>`.
    pub fn of_fixture(name: &str) -> Self {
        Self::copy_of(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name))
    }

    pub fn copy_of(original: &Path) -> Self {
        let folder = TemporaryFolder::new().expect("a folder");
        for entry in fs::read_dir(original).expect("the original") {
            let entry = entry.expect("a file");
            let copy = folder.path().join(entry.file_name());
            fs::copy(entry.path(), &copy).expect("copy");
            // The shared data can't be written, and a copy keeps its mode.
            fs::set_permissions(&copy, std::os::unix::fs::PermissionsExt::from_mode(0o644)).expect("mode");
        }
        Self(folder)
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Changes a part of a plain file, which must be there once.
    pub fn replace(&self, file: &str, from: &str, to: &str) -> &Self {
        let path = self.path().join(file);
        let text = fs::read_to_string(&path).expect("a text file");
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {file}");
        fs::write(&path, text.replace(from, to)).expect("write");
        self
    }

    /// Puts bytes, of any kind, at a file's end.
    pub fn append(&self, file: &str, bytes: &[u8]) -> &Self {
        let mut file = fs::OpenOptions::new().append(true).open(self.path().join(file)).expect("a file");
        file.write_all(bytes).expect("write");
        self
    }

    /// Writes a whole file.
    pub fn write(&self, file: &str, bytes: &[u8]) -> &Self {
        fs::write(self.path().join(file), bytes).expect("write");
        self
    }

    pub fn remove(&self, file: &str) -> &Self {
        fs::remove_file(self.path().join(file)).expect("remove");
        self
    }

    /// Puts `file.gz` in the place of `file`.
    pub fn compress(&self, file: &str) -> &Self {
        let plain = fs::read(self.path().join(file)).expect("a file");
        let out = fs::File::create(self.path().join(format!("{file}.gz"))).expect("a file");
        let mut encoder = flate2::write::GzEncoder::new(out, flate2::Compression::default());
        encoder.write_all(&plain).and_then(|()| encoder.finish()).expect("compress");
        self.remove(file)
    }

    /// Cuts bytes off a file's end.
    pub fn cut(&self, file: &str, bytes: u64) -> &Self {
        let file = fs::OpenOptions::new().write(true).open(self.path().join(file)).expect("a file");
        let length = file.metadata().expect("metadata").len();
        file.set_len(length - bytes).expect("cut");
        self
    }
}
