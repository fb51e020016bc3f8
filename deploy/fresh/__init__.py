"""`make fresh`: the two commands of the README on bare machines, each a chroot that debootstrap makes."""
