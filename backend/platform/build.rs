//! The migrations are built into the program; a new one is no change of any source file that the compiler knows of.

fn main() {
    println!("cargo::rerun-if-changed=../migrations");
}
