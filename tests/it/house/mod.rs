mod architecture;
mod manners;
mod permissions;
mod references;
mod source;
mod writes;
