mod permissions;
