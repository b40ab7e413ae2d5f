# Java programs run under runc as nonroot on a read-only root with what pare wrap chose: a jar, a directory of jars, a server, a
# library that a jar unpacks, a jar of jars, and the runtimes that jlink makes.
source "$PARE_SOURCE/tests/support/network.sh"
reach_archive
[[ $(id -u) == 0 ]] || skip "runc needs root here"
[[ $(uname -m) == x86_64 ]] || skip "the libraries are for amd64"
compiler=$(command -v javac) || skip "there is no JDK"
jdk=$(dirname "$(dirname "$(readlink -f "$compiler")")")
[[ -x $jdk/bin/jlink ]] || skip "the JDK has no jlink"

# jar_of NAME MAIN CLASSES [MANIFEST LINES]: compiled for Java 17 from $work/src, without an entry for directories.
jar_of() {
    printf '%s' "${4:-}" >"$work/manifest"
    "$jdk/bin/jar" --create --file "$1" --manifest "$work/manifest" ${2:+--main-class "$2"} -C "$3" .
}
compile() {
    "$jdk/bin/javac" --release 17 -d "$@" || fail "javac"
}
# wrap_it TAG PATH... [OPTIONS...]: into $work/bundle.
wrap_it() {
    local name=$1
    shift
    rm -rf "$work/layout" "$work/bundle"
    pare wrap "$@" --name "$name" -o "$work/layout" || fail "pare wrap $1: $(cat "$work/stderr")"
    unpack "$work/layout" "$name:latest" "$work/bundle"
    size=$(du -sk "$work/bundle/rootfs" | cut -f1)
    echo "$name: $size kB"
}
# prints_once EXPRESSION [ARGUMENTS...]: what the image prints.
prints_once() {
    local expression=$1
    shift
    python3 "$support/runc_config.py" "$work/bundle/config.json" --append --tmp "$@"
    runc run --bundle "$work/bundle" "pare-test-$$-$RANDOM" >"$work/said" 2>&1 || true
    grep -qE -- "$expression" "$work/said" || fail "it says something else: $(tail -n 15 "$work/said")"
}

mkdir "$work/src"
cat >"$work/src/Hello.java" <<'END2'
package org.example;
public class Hello {
    public static void main(String[] words) throws Exception {
        javax.net.ssl.SSLContext context = javax.net.ssl.SSLContext.getInstance("TLS");
        javax.net.ssl.TrustManagerFactory trust = javax.net.ssl.TrustManagerFactory.getInstance("PKIX");
        trust.init((java.security.KeyStore) null);
        int trusted = ((javax.net.ssl.X509TrustManager) trust.getTrustManagers()[0]).getAcceptedIssuers().length;
        context.init(null, trust.getTrustManagers(), null);
        java.security.KeyPairGenerator.getInstance("EC").generateKeyPair();
        String zone = java.time.ZonedDateTime.of(2026, 7, 1, 12, 0, 0, 0, java.time.ZoneId.of("Europe/Berlin")).getOffset().getId();
        System.out.println("hello from Java " + Runtime.version().feature() + ", " + (trusted > 50 ? "trusting" : "alone") + " " + zone + " \u00e4");
    }
}
END2
compile "$work/hello" "$work/src/Hello.java"
jar_of "$work/hello-1.0.jar" org.example.Hello "$work/hello"

# The release follows the classes, or what was asked for.
wrap_it hello "$work/hello-1.0.jar"
prints_once "^hello from Java 17, trusting \+02:00 ä$"
whole=$size
wrap_it hello21 "$work/hello-1.0.jar" --distribution debian:13
prints_once "^hello from Java 21, trusting \+02:00 ä$"

# A runtime of just what it uses: the same bytes again, and much smaller.
wrap_it linked "$work/hello-1.0.jar" --jlink "$jdk"
prints_once "^hello from Java [0-9]+, trusting \+02:00 ä$"
((size * 2 < whole)) || fail "the runtime of jlink has $size kB, the whole one $whole"
cp "$work/layout/index.json" "$work/first.json"
wrap_it linked "$work/hello-1.0.jar" --jlink "$jdk"
cmp "$work/first.json" "$work/layout/index.json" || fail "the same JDK and jar give another image"

# A server in a directory with what it depends on, found by the manifest; then by the class path alone.
cat >"$work/src/Words.java" <<'END2'
package org.words;
public class Words {
    public static String greeting() { return "hello from " + Words.class.getProtectionDomain().getCodeSource().getLocation().getPath(); }
}
END2
cat >"$work/src/Server.java" <<'END2'
package org.example;
import com.sun.net.httpserver.HttpServer;
public class Server {
    public static void main(String[] words) throws Exception {
        HttpServer server = HttpServer.create(new java.net.InetSocketAddress("127.0.0.1", Integer.parseInt(words[0])), 0);
        server.createContext("/", exchange -> {
            byte[] text = (org.words.Words.greeting() + "\n").getBytes();
            exchange.sendResponseHeaders(200, text.length);
            try (var body = exchange.getResponseBody()) { body.write(text); }
        });
        server.start();
    }
}
END2
compile "$work/words" "$work/src/Words.java"
compile "$work/server" -cp "$work/words" "$work/src/Server.java"
mkdir -p "$work/dist/lib"
jar_of "$work/dist/lib/words.jar" "" "$work/words"
serves() {
    wrap_it server "$@"
    port=$(free_port)
    start_server "$work/bundle" "$port"
    answers "^hello from /app/lib/words.jar$" curl -fsS "http://127.0.0.1:$port/"
    stop_server
}
jar_of "$work/dist/server.jar" org.example.Server "$work/server" $'Class-Path: lib/words.jar\n'
serves "$work/dist"
serves "$work/dist" --jlink "$jdk"
jar_of "$work/dist/server.jar" "" "$work/server"
serves "$work/dist" --entrypoint org.example.Server
serves "$work/dist/server.jar" "$work/dist/lib" --entrypoint org.example.Server

# A library of the jar's own, which needs one of the distribution that Java's image does not have: it is unpacked to /tmp.
cat >"$work/src/Packed.java" <<'END2'
package org.example;
import java.nio.file.*;
public class Packed {
    private static native String versions();
    public static void main(String[] words) throws Exception {
        Path file = Files.createTempFile("packed", ".so");
        try (var library = Packed.class.getResourceAsStream("/linux-x86-64/libpacked.so")) {
            Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
        }
        System.load(file.toString());
        System.out.println("packed with " + versions());
    }
}
END2
compile "$work/packed" -h "$work/src" "$work/src/Packed.java"
cat >"$work/src/packed.c" <<'END2'
#include "org_example_Packed.h"
extern const char *zlibVersion(void);
extern const char *sqlite3_libversion(void);
#include <stdio.h>
JNIEXPORT jstring JNICALL Java_org_example_Packed_versions(JNIEnv *env, jclass unused) {
    char text[100];
    (void)unused;
    snprintf(text, sizeof text, "zlib %s and SQLite %s", zlibVersion(), sqlite3_libversion());
    return (*env)->NewStringUTF(env, text);
}
END2
debian_tree zlib1g libsqlite3-0
mkdir "$work/packed/linux-x86-64" "$work/packed/linux-arm64"
gcc -shared -fPIC -I"$jdk/include" -I"$jdk/include/linux" "$work/src/packed.c" -o "$work/packed/linux-x86-64/libpacked.so" \
    -Wl,--no-as-needed "$(compgen -G "$tree/*/lib/x86_64-linux-gnu/libsqlite3.so.0" || compgen -G "$tree/usr/lib/x86_64-linux-gnu/libsqlite3.so.0")" \
    "$(find "$tree" -name libz.so.1)" -Wl,--allow-shlib-undefined
# The same for another machine does not matter: only its headers are looked at.
python3 - "$work/packed" <<'END2'
import sys
root = sys.argv[1]
library = bytearray(open(f"{root}/linux-x86-64/libpacked.so", "rb").read())
library[18:20] = (183).to_bytes(2, "little")
open(f"{root}/linux-arm64/libpacked.so", "wb").write(library)
END2
jar_of "$work/packed.jar" org.example.Packed "$work/packed"
wrap_it packed "$work/packed.jar"
says "unpacks its libraries when it runs"
prints_once "^packed with zlib 1\.[0-9.]+ and SQLite 3\."
expect 0 pare wrap "$work/packed.jar" --explain
prints "(libsqlite3-0): /app/packed.jar/linux-x86-64/libpacked.so -> libsqlite3.so.0"
wrap_it packed "$work/packed.jar" --jlink "$jdk"
prints_once "^packed with zlib 1\.[0-9.]+ and SQLite 3\."

# A jar of jars: what these use is among the modules.
cat >"$work/src/Outer.java" <<'END2'
package org.example;
import java.io.*;
import java.util.jar.*;
public class Outer {
    public static void main(String[] words) throws Exception {
        File jar = File.createTempFile("inner", ".jar");
        try (var in = Outer.class.getResourceAsStream("/BOOT-INF/lib/inner.jar"); var out = new FileOutputStream(jar)) { in.transferTo(out); }
        var loader = new java.net.URLClassLoader(new java.net.URL[] {jar.toURI().toURL()});
        loader.loadClass("org.example.Inner").getMethod("run").invoke(null);
    }
}
END2
cat >"$work/src/Inner.java" <<'END2'
package org.example;
public class Inner {
    public static void run() throws Exception {
        java.sql.DriverManager.getDrivers();
        java.awt.image.BufferedImage image = new java.awt.image.BufferedImage(60, 20, java.awt.image.BufferedImage.TYPE_INT_RGB);
        image.createGraphics().drawString("text", 2, 15);
        int drawn = 0;
        for (int x = 0; x < 60; ++x) for (int y = 0; y < 20; ++y) drawn += image.getRGB(x, y) == 0xff000000 ? 0 : 1;
        System.out.println("inner " + (drawn > 20 ? "draws" : "fails") + " " + ModuleLayer.boot().findModule("java.rmi").isPresent());
    }
}
END2
compile "$work/inner" "$work/src/Inner.java"
compile "$work/outer" "$work/src/Outer.java"
mkdir -p "$work/outer/BOOT-INF/lib"
jar_of "$work/outer/BOOT-INF/lib/inner.jar" "" "$work/inner"
jar_of "$work/outer.jar" org.example.Outer "$work/outer"
wrap_it outer "$work/outer.jar"
prints_once "^inner draws true$"
wrap_it outer "$work/outer.jar" --jlink "$jdk"
prints_once "^inner draws false$"
wrap_it outer "$work/outer.jar" --jlink "$jdk" --add-module java.rmi
prints_once "^inner draws true$"
