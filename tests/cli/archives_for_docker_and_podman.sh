# One definition as oci-archive and docker-archive: skopeo reads both, equal builds give equal
# bytes, pare reads back what it wrote, and zstd layers are plain in a docker-archive.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_deb hello 1.0
make_repository
definition hello
for format in oci-archive docker-archive; do
    for compression in gzip zstd none; do
        file=$work/$format-$compression.tar
        pack() {
            pare build "$work/image.yaml" --arch amd64 --rewrite "http://repo.invalid/=file://$work/repo/" \
                --format "$format" --compression "$compression" --tag hello:1 -o "$1"
        }
        pack "$file"
        pack "$work/again.tar"
        cmp "$file" "$work/again.tar" || fail "$format $compression differs"
        skopeo inspect "$format:$file" >/dev/null || fail "skopeo cannot read $format $compression"
        skopeo copy "$format:$file:hello:1" "oci:$work/copy:$format-$compression" >/dev/null || fail "skopeo cannot copy"
        pare show packages "$format:$file"
        prints "hello"
    done
done
expect 2 pare show packages "oci-archive:$work/oci-archive-gzip.tar:other"
says "hint: it holds hello:1"
head -c 5000 "$work/oci-archive-gzip.tar" >"$work/cut.tar"
expect 4 pare show packages "oci-archive:$work/cut.tar"
one_error
