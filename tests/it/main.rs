//! Stories through the door, and checks of the house itself.

mod house;
mod stories;
