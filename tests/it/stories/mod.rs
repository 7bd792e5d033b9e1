mod branches;
mod doors;
mod sessions;
mod staff;
mod views;
