# pare wrap knows Java programs: a jar, a war that runs by itself, a directory of jars. It chooses the Java that knows their classes,
# puts what they depend on into a layer of its own, and refuses what java could not start. No JDK has to be there.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_deb base-files 12
make_repository
cat >"$work/java.yaml" <<END
contents:
  repositories: ["deb [signed-by=$work/archive.gpg] http://repo.invalid/ stable main"]
  packages: [base-files]
END
from_files=(--rewrite "http://repo.invalid/=file://$work/repo/")

# jar FILE JAVA MAIN [CLASS[=JAVA[p]]...] [LINE: OF THE MANIFEST...]: class files that have a header and nothing else; p for those
# that use previews.
jar() {
    mkdir -p "$(dirname "$1")"
    python3 - "$@" <<'END'
import sys
import zipfile

path, java, main, *rest = sys.argv[1:]
lines = [line for line in rest if ": " in line] + ([f"Main-Class: {main}"] if main else [])
with zipfile.ZipFile(path, "w") as jar:
    jar.writestr("META-INF/MANIFEST.MF", "".join(line + "\r\n" for line in lines) + "\r\n")
    for name in [main] * bool(main) + [name for name in rest if ": " not in name]:
        name, _, own = name.partition("=")
        minor = b"\xff\xff" if own.endswith("p") else b"\0\0"
        version = int(own.rstrip("p") or java) + 44
        jar.writestr(name.replace(".", "/") + ".class", b"\xca\xfe\xba\xbe" + minor + version.to_bytes(2, "big") + b"\0\1")
END
}
wrap() {
    pare wrap "$@" --write-definition "$work/made.yaml" "${from_files[@]}"
}
has() {
    grep -qF -- "$1" "$work/made.yaml" || fail "the definition has no $1: $(cat "$work/made.yaml")"
}
# refuses MESSAGE HINT PATH... [OPTIONS...]
refuses() {
    expect 2 wrap "${@:3}"
    one_error
    says "$1"
    says "$2"
}

# The smallest Java that knows all classes, or that of the release which was asked for.
jar "$work/hello-1.0.jar" 8 org.example.Hello
expect 0 wrap "$work/hello-1.0.jar"
has 'from: "java17:nonroot"'
has 'command: ["/usr/bin/java", "-jar", "/app/hello-1.0.jar"]'
has "# hello, with"
expect 0 wrap "$work/hello-1.0.jar" --distribution debian:13
has 'from: "java21:nonroot"'
expect 0 wrap "$work/hello-1.0.jar" --from java25
has 'from: "java25:nonroot"'
jar "$work/new.jar" 17 org.example.New org.example.Newer=21 META-INF.versions.25.org.example.New=25 module-info=25
expect 0 wrap "$work/new.jar"
has 'from: "java21:nonroot"'
refuses "it was compiled for Java 21, which debian:12 does not have" "--from java21 --distribution debian:13" \
    "$work/new.jar" --distribution debian:12
jar "$work/newest.jar" 26 org.example.Newest
refuses "newest.jar (org/example/Newest.class) was compiled for Java 26" "compile it with --release 25" "$work/newest.jar"
# Previews are for the one release that had them.
jar "$work/preview.jar" 17 org.example.Old org.example.Preview=21p
expect 0 wrap "$work/preview.jar"
has 'command: ["/usr/bin/java", "--enable-preview", "-jar", "/app/preview.jar"]'
jar "$work/preview.jar" 17 org.example.Old org.example.Preview=22p
refuses "uses previews of Java 22" "without --enable-preview" "$work/preview.jar"

# A directory: what the program depends on is one layer, the program another, which alone is new after a new build.
jar "$work/shop/shop.jar" 17 org.shop.Main "Class-Path: lib/a.jar lib/b%20c.jar conf/"
jar "$work/shop/lib/a.jar" 11 org.a.Tool
jar "$work/shop/lib/b c.jar" 11 ""
jar "$work/shop/shop-sources.jar" 17 ""
mkdir "$work/shop/conf"
echo one >"$work/shop/conf/shop.conf"
expect 0 wrap "$work/shop"
has 'command: ["/usr/bin/java", "-jar", "/app/shop.jar"]'
expect 0 wrap "$work/shop" --from "$work/java.yaml" --arch amd64
build_it() {
    expect 0 pare build "$work/made.yaml" --arch amd64 -o "$work/image" --distribution debian:12 "${from_files[@]}"
}
diff_ids() {
    skopeo inspect --config "oci:$work/image" | python3 -c 'import json, sys; print(*json.load(sys.stdin)["rootfs"]["diff_ids"])'
}
build_it
expect 0 pare show files "oci:$work/image"
for path in shop.jar lib/a.jar "lib/b c.jar" conf/shop.conf; do prints "/app/$path"; done
if grep -q sources "$work/stdout"; then fail "sources are in the image"; fi
read -ra before < <(diff_ids)
jar "$work/shop/shop.jar" 17 org.shop.Main org.shop.More "Class-Path: lib/a.jar lib/b%20c.jar"
echo two >"$work/shop/conf/shop.conf"
build_it
read -ra after < <(diff_ids)
changed=0
for i in "${!before[@]}"; do [[ ${before[$i]} == "${after[$i]}" ]] || changed=$((changed + 1)); done
[[ $changed == 1 && ${#before[@]} == "${#after[@]}" ]] || fail "$changed of ${#before[@]} layers are new"

# Without Class-Path all jars are on the path. What is named one by one goes beside each other.
jar "$work/flat/shop.jar" 17 org.shop.Main
jar "$work/flat/a.jar" 11 ""
expect 0 wrap "$work/flat"
has 'command: ["/usr/bin/java", "-cp", "/app/shop.jar:/app/*", "org.shop.Main"]'
expect 0 wrap "$work/flat/shop.jar" "$work/flat/a.jar" "$work/shop/lib"
has '"-cp", "/app/shop.jar:/app/*:/app/lib/*", "org.shop.Main"]'
refuses "would both be /app/a.jar" "different names" "$work/flat/shop.jar" "$work/flat/a.jar" "$work/shop/lib/a.jar"
expect 0 wrap "$work/flat" --entrypoint "org.shop.Main --port 8080"
has '"org.shop.Main", "--port", "8080"]'
expect 0 wrap "$work/flat" --entrypoint "java -Xmx64m -jar shop.jar serve"
has 'command: ["/usr/bin/java", "-Xmx64m", "-jar", "/app/shop.jar", "serve"]'
refuses "there is no class org.shop.Mian" "--entrypoint takes a class" "$work/flat" --entrypoint org.shop.Mian
refuses "there is no other.jar" "--entrypoint takes a class" "$work/flat" --entrypoint "java -jar other.jar"
refuses "there is no ./start.sh" "--entrypoint takes a class" "$work/flat" --entrypoint ./start.sh

# As Gradle installs programs: the start script, which the image could not run, says the class.
jar "$work/install/lib/app.jar" 17 "" org.example.App
jar "$work/install/lib/tool.jar" 17 org.tool.Main
jar "$work/install/lib/other.jar" 17 org.other.Main
mkdir "$work/install/bin"
cat >"$work/install/bin/app" <<'END'
#!/bin/sh
set -- -classpath "$CLASSPATH" \
    org.example.App "$@"
exec java "$@"
END
touch "$work/install/bin/app.bat"
expect 0 wrap "$work/install"
has 'command: ["/usr/bin/java", "-cp", "/app/lib/app.jar:/app/lib/*", "org.example.App"]'
expect 0 wrap "$work/install" --explain
prints "bin: scripts for a shell"

# What java could not start.
refuses "shop.jar needs lib/a.jar (Class-Path)" "name its directory, too: $work/shop/lib" "$work/shop/shop.jar"
expect 0 wrap "$work/shop/shop.jar" "$work/shop/lib"
has '["/usr/bin/java", "-jar", "/app/shop.jar"]'
mv "$work/shop/lib" "$work/shop/away"
refuses "needs lib/a.jar (Class-Path), which is not among the files" "dependency:copy-dependencies" "$work/shop/shop.jar"
refuses "a.jar has no Main-Class: it is a library" "--entrypoint" "$work/flat/a.jar"
jar "$work/site.war" 17 ""
refuses "site.war has no Main-Class: it is for an application server" "bootWar" "$work/site.war"
jar "$work/broken.jar" 17 "" "Main-Class: org.example.Gone"
refuses "starts org.example.Gone (Main-Class), which is in none of the jars" "build it anew" "$work/broken.jar"
rm "$work/install/bin/app"
refuses "has 2 jars that can be started" "say which with --entrypoint: other.jar, tool.jar" "$work/install"
expect 0 wrap "$work/install" --entrypoint tool.jar
rm "$work/install/lib/tool.jar" "$work/install/lib/other.jar"
refuses "none of its jars says what it starts" "--entrypoint, like com.example.Main" "$work/install"
head -c 100 "$work/hello-1.0.jar" >"$work/short.jar"
refuses "short.jar: it cannot be read as a zip archive" "damaged or cut short" "$work/short.jar"
refuses "No such file" "that can be read" "$work/nothing.jar"

# A JDK that makes the runtime: it has to be one, for this machine, and new enough.
expect 2 pare wrap "$work/hello-1.0.jar" --jlink "$work/flat" --write-definition "$work/made.yaml"
says "--write-definition does not go with --jlink"
wrap() {
    pare wrap "$@" --dry-run "${from_files[@]}"
}
refuses "is no JDK: it has no bin/java" "name the directory of a JDK" "$work/hello-1.0.jar" --jlink "$work/flat"
refuses "--add-module goes with --jlink" "whole runtime" "$work/hello-1.0.jar" --add-module java.sql
refuses "is none" "name a jar" "$work/java.yaml" --jlink "$work/flat"
jdk=$work/jdk
mkdir -p "$jdk/bin"
cp "$(readlink -f /proc/$$/exe)" "$jdk/bin/java"
echo 'JAVA_VERSION="17.0.15"' >"$jdk/release"
printf '#!/bin/sh\necho "Error: something is wrong" >&2\nexit 2\n' | tee "$jdk/bin/jdeps" >"$jdk/bin/jlink"
chmod +x "$jdk/bin/jdeps" "$jdk/bin/jlink"
refuses "bin/jdeps ends with status 2: Error: something is wrong" "without --jlink" "$work/hello-1.0.jar" --jlink "$jdk"
refuses "was compiled for Java 21, and $jdk is Java 17.0.15" "compile it with --release 17" "$work/new.jar" --jlink "$jdk"
# e_machine of another one that there are images for.
python3 - "$jdk/bin/java" <<'END'
import sys
program = bytearray(open(sys.argv[1], "rb").read())
program[18:20] = (183 if program[18:20] != b"\xb7\0" else 62).to_bytes(2, "little")
open(sys.argv[1], "wb").write(program)
END
refuses "is a JDK for" "jlink runs here" "$work/hello-1.0.jar" --jlink "$jdk"
