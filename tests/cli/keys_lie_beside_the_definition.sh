# A relative signed-by is looked up from the definition that names it, wherever pare runs; and two
# definitions that trust one archive by different keys do not share what one of them verified.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_key other
make_deb hello 1.0
make_repository
mkdir -p "$work/project/keys" "$work/elsewhere"
cp "$work/archive.gpg" "$work/other.gpg" "$work/project/keys/"
write_definition() {
    cat >"$work/project/$1.yaml" <<END
contents:
  repositories: ['deb [signed-by=keys/$1.gpg] http://repo.invalid/ stable main']
  packages: [hello]
END
}
write_definition archive
write_definition other
rewrite=(--arch amd64 --rewrite "http://repo.invalid/=file://$work/repo/")
cd "$work/elsewhere"
pare build ../project/archive.yaml -o "$work/image" "${rewrite[@]}"
expect 4 pare build ../project/other.yaml -o "$work/image-2" "${rewrite[@]}"
one_error
nothing_written "$work/image-2"
expect 4 pare build ../project/archive.yaml ../project/other.yaml -o "$work/image-3" "${rewrite[@]}"
nothing_written "$work/image-3"
