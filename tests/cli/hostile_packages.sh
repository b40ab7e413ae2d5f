# Packages that climb, that hold devices, that place files through a symlink out of the tree, that
# swell to a million entries end in one clear error, never in an image.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
definition evil
for kind in dotdot absolute_dotdot device fifo hard_link_out symlink_out entries nul_name; do
    rm -rf "$work/pool" "$work/repo" "$work/store"
    mkdir -p "$work/pool"
    python3 "$support/hostile_deb.py" "$kind" "$work/pool/evil_1.0_amd64.deb"
    make_repository
    # A detour through a symlink is a conflict of paths, which a definition can mend; the rest is
    # refused for good.
    expect "$([[ $kind == symlink_out ]] && echo 2 || echo 4)" build
    one_error
    says "evil"
    nothing_written "$work/image"
done

# A gigabyte of zeros is an honest, if useless, file: it is built, in bounded memory.
rm -rf "$work/pool" "$work/repo" "$work/store"
mkdir -p "$work/pool"
python3 "$support/hostile_deb.py" bomb "$work/pool/evil_1.0_amd64.deb"
make_repository
(
    # AddressSanitizer reserves far more than it uses.
    [[ $PARE_BUILD == *asan* || $PARE_BUILD == *tsan* ]] || ulimit -v 2000000
    build
)
