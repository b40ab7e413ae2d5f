# An index that vouches for its files with MD5 and SHA-1 alone is refused.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_deb hello 1.0
make_repository
sign_release archive -o APT::FTPArchive::Release::SHA256=no -o APT::FTPArchive::Release::SHA512=no
definition hello
expect 4 build
one_error
nothing_written "$work/image"
