# Packages that climb, that hold devices, that place files through a symlink out of the tree, that
# swell to a gigabyte of zeros or to a million entries end in one clear error, never in an image.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
definition evil
for kind in dotdot absolute_dotdot device fifo hard_link_out symlink_out bomb entries nul_name; do
    rm -rf "$work/pool" "$work/repo" "$work/store"
    mkdir -p "$work/pool"
    python3 "$support/hostile_deb.py" "$kind" "$work/pool/evil_1.0_amd64.deb"
    make_repository
    expect 4 build
    one_error
    says "evil"
    nothing_written "$work/image"
done
