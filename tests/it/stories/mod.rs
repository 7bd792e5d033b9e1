mod branches;
mod cardholders;
mod doors;
mod search;
mod sessions;
mod staff;
mod trouble;
mod views;
