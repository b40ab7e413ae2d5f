# pare wrap knows Python programs: a project with its environment, an environment alone, a script. It moves modules and scripts
# to where the image has its interpreter, and refuses what that could not run.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_deb base-files 12
make_repository
sign_release archive
cat >"$work/python.yaml" <<END
contents:
  repositories: ["deb [signed-by=$work/archive.gpg] http://repo.invalid/ stable main"]
  packages: [base-files]
END
from_files=(--rewrite "http://repo.invalid/=file://$work/repo/")
# wrap PATH... [OPTIONS...]: on a definition of the user's own, so that no Python has to be there.
wrap() {
    pare wrap "$@" --from "$work/python.yaml" --arch amd64 --write-definition "$work/made.yaml" "${from_files[@]}"
}
has() {
    grep -qF -- "$1" "$work/made.yaml" || fail "the definition has no $1: $(cat "$work/made.yaml")"
}
build_it() {
    expect 0 pare build "$work/made.yaml" --arch amd64 -o "$work/image" --distribution debian:12 "${from_files[@]}"
}
# environment DIRECTORY VERSION: as python3 -m venv makes it.
environment() {
    local modules=$1/lib/python$2/site-packages
    mkdir -p "$1/bin" "$modules/pip" "$modules/shop_tools-1.0.dist-info"
    printf 'home = /gone/bin\nversion = %s.1\n' "$2" >"$1/pyvenv.cfg"
    ln -s /gone/bin/python3 "$1/bin/python3"
    printf '#!%s/bin/python3\nimport tools\n' "$1" >"$1/bin/shop"
    printf '#!%s/bin/python3\nimport pip\n' "$1" >"$1/bin/pip"
    echo >"$modules/tools.py"
}

# A project with its environment: modules and project in places of their own, the script with an interpreter that is there.
mkdir -p "$work/shop"
echo 'print("hello")' >"$work/shop/main.py"
echo SECRET=1 >"$work/shop/.env"
echo shop-tools >"$work/shop/requirements.txt"
environment "$work/shop/.venv" 3.11
expect 0 wrap "$work/shop"
has 'command: ["/venv/bin/python3", "/app/main.py"]'
has "site-packages\", to: \"/venv/lib/python3.11/site-packages\""
has '#!/venv/bin/python3\nimport tools'
if grep -q 'import pip' "$work/made.yaml"; then fail "pip comes along"; fi
build_it
expect 0 pare show files "oci:$work/image"
prints " /app/main.py"
prints " /venv/lib/python3.11/site-packages/tools.py"
prints " /venv/bin/shop"
prints " /venv/pyvenv.cfg"
if grep -qE '\.env$|/pip|/app/.venv' "$work/stdout"; then fail "secrets, pip or the environment are in the project"; fi
# An application that changed brings a new layer for itself alone.
diff_ids() {
    skopeo inspect --config "oci:$work/image" | python3 -c 'import json, sys; print(*json.load(sys.stdin)["rootfs"]["diff_ids"])'
}
read -ra before < <(diff_ids)
echo 'print("hello again")' >"$work/shop/main.py"
build_it
read -ra after < <(diff_ids)
changed=0
for i in "${!before[@]}"; do [[ ${before[$i]} == "${after[$i]}" ]] || changed=$((changed + 1)); done
[[ $changed == 1 && ${#before[@]} == "${#after[@]}" ]] || fail "$changed of ${#before[@]} layers are new"

# Words of the host are mended: its interpreter, the scripts of the environment, files of the project.
expect 0 wrap "$work/shop" --entrypoint "python -m tools"
has '["/venv/bin/python3", "-m", "tools"]'
expect 0 wrap "$work/shop" --entrypoint "shop --port 8080"
has '["/venv/bin/shop", "--port", "8080"]'
expect 0 wrap "$work/shop" --entrypoint "main.py"
has '["/venv/bin/python3", "/app/main.py"]'
expect 2 wrap "$work/shop" --entrypoint gunicorn
says "there is no gunicorn in it"
expect 0 wrap "$work/shop/.venv"
has 'command: ["/venv/bin/shop"]'
expect 0 wrap "$work/shop/main.py"
has 'command: ["/usr/bin/python3", "/app/main.py"]'

# Installed as a link to the project: it leads to where the image has the project. To elsewhere: refused.
modules=$work/shop/.venv/lib/python3.11/site-packages
echo "$work/shop/src" >"$modules/shop.pth"
expect 0 wrap "$work/shop"
has 'site-packages/shop.pth", content: "/app/src\n"'
echo "/home/other/src" >"$modules/shop.pth"
expect 2 wrap "$work/shop"
says "leads to /home/other/src, which is not in the image"
rm "$modules/shop.pth"

# What no Python of the image could load or find.
touch "$modules/fast.cpython-311-x86_64-linux-gnu.so"
expect 2 wrap "$work/shop" --distribution debian:13
says "fast.cpython-311-x86_64-linux-gnu.so is for Python 3.11, which debian:13 does not have"
says "debian:12"
touch "$modules/slow.cpython-313-x86_64-linux-gnu.so"
expect 2 wrap "$work/shop"
says "for Python 3.11, and"
rm "$modules/slow.cpython-313-x86_64-linux-gnu.so"
mv "$modules/fast.cpython-311-x86_64-linux-gnu.so" "$modules/fast.cpython-311-darwin.so"
expect 2 wrap "$work/shop"
says "fast.cpython-311-darwin.so is for macOS"
expect 0 wrap "$work/shop" --exclude "*-darwin.so"
rm "$modules"/fast*
echo flask >>"$work/shop/requirements.txt"
expect 2 wrap "$work/shop"
says "needs flask, which $work/shop/.venv does not have"
rm "$work/shop/requirements.txt"
printf '[project]\nrequires-python = ">=3.14"\n' >"$work/shop/pyproject.toml"
expect 2 wrap "$work/shop"
says "it needs Python >=3.14"
rm "$work/shop/pyproject.toml"

# Modules without machine code go to another Python, which is said; an environment that lost them is refused.
mv "$work/shop/.venv/lib/python3.11" "$work/shop/.venv/lib/python3.12"
expect 0 wrap "$work/shop"
says "was made by Python 3.12"
rm -r "$work/shop/.venv/lib"
expect 2 wrap "$work/shop"
says "without modules"
rm -r "$work/shop/.venv"
echo 'print(2)' >"$work/shop/second.py"
mv "$work/shop/main.py" "$work/shop/first.py"
expect 2 wrap "$work/shop"
says "say which with --entrypoint: first.py, second.py"
