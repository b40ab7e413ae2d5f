# `timezone` and `locales`: the link and the name of the zone, single locales of the package of all,
# and what is said of those that are not there.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
zones=$work/zones/usr/share/zoneinfo locales=$work/locales/usr/lib/locale
mkdir -p "$zones/Europe" "$locales"/{aa_DJ,de_DE,fr_FR}.utf8
echo Berlin >"$zones/Europe/Berlin"
echo collate >"$locales/aa_DJ.utf8/LC_COLLATE"
for locale in aa_DJ de_DE fr_FR; do
    echo $locale >"$locales/$locale.utf8/LC_TIME"
done
ln -s ../aa_DJ.utf8/LC_COLLATE "$locales/de_DE.utf8/LC_COLLATE"
ln -s ../aa_DJ.utf8/LC_COLLATE "$locales/fr_FR.utf8/LC_COLLATE"
mkdir "$work/empty"
make_deb tzdata 1 "$work/zones"
make_deb locales-all 1 "$work/locales" "Depends: libc-l10n"
make_deb libc-l10n 1
make_deb hello 1
make_repository
files() {
    pare show files "$1" --arch amd64 --rewrite "http://repo.invalid/=file://$work/repo/"
    sed -n 's,.* /\(usr/lib/locale/[^ ]*/[^ ]*\|etc/[lt][^ ]*\) *\(->\)\? *\([^ ]*\).*,\1 \3,p' "$work/stdout" | sed 's/ -$//'
}

definition tzdata
cp "$work/image.yaml" "$work/base.yaml"
{
    echo "timezone: Europe/Berlin"
    echo "locales: [de_DE.UTF-8]"
} >>"$work/base.yaml"
files "$work/base.yaml" >"$work/files"
for line in "etc/localtime /usr/share/zoneinfo/Europe/Berlin" etc/timezone usr/lib/locale/aa_DJ.utf8/LC_COLLATE \
    "usr/lib/locale/de_DE.utf8/LC_COLLATE ../aa_DJ.utf8/LC_COLLATE" usr/lib/locale/de_DE.utf8/LC_TIME; do
    grep -q "^$line" "$work/files" || fail "not in the image: $line"
done
grep -q 'fr_FR\|aa_DJ.utf8/LC_TIME' "$work/files" && fail "more than one locale is in the image"
pare show packages "$work/base.yaml" --arch amd64 --rewrite "http://repo.invalid/=file://$work/repo/"
grep -q l10n "$work/stdout" && fail "a locale brought the translations of the library"

# A child adds a locale to those of its parent; the list of the package's files stays whole.
printf 'from: ./base.yaml\nlocales: [fr_FR.UTF-8]\n' >"$work/image.yaml"
files "$work/image.yaml" >"$work/files"
grep -q '^usr/lib/locale/fr_FR.utf8/LC_TIME' "$work/files" || fail "the child's locale is missing"
build
sums=$(for layer in "$work"/image/blobs/sha256/*; do
    tar -xzOf "$layer" var/lib/dpkg/status.d/locales-all.md5sums 2>/dev/null || true
done)
for path in aa_DJ.utf8/LC_COLLATE de_DE.utf8/LC_TIME fr_FR.utf8/LC_TIME; do
    grep -q "  usr/lib/locale/$path$" <<<"$sums" || fail "$path is not in md5sums"
done

# refuses LINES TEXT...: that definition is an error that says all of this.
refuses() {
    definition "${packages:-tzdata}"
    echo "$1" >>"$work/image.yaml"
    rm -rf "$work/image"
    expect 2 build
    one_error
    shift
    for text in "$@"; do
        says "$text"
    done
    nothing_written "$work/image"
}
refuses "timezone: Berlin" "no time zone 'Berlin'" "did you mean 'Europe/Berlin'?"
packages=hello refuses "timezone: Europe/Berlin" "the image has no time zones" "add tzdata to contents.packages"
refuses "timezone: /etc/passwd" "image.yaml:5:11: expected the name of a time zone"
refuses "locales: [de_DD.UTF-8]" "has no locale 'de_DD.UTF-8'" "did you mean 'de_DE.UTF-8'?"
refuses "locales: ['*']" "image.yaml:5:11: expected the name of a locale"
