// An HTTP and a TLS server, and clients that trust the image's bundle.
const http = require("http"), tls = require("tls"), fs = require("fs"), crypto = require("crypto"), assert = require("assert");
assert.equal(process.getuid(), 65532);
assert.equal(new Intl.DateTimeFormat("de-DE", { timeZone: "Europe/Berlin", timeStyle: "short" }).format(new Date(0)), "01:00");
assert.equal(crypto.createHash("sha256").update("").digest("hex").slice(0, 8), "e3b0c442");
const ca = fs.readFileSync(process.env.SSL_CERT_FILE);
const web = http.createServer((_, response) => response.end("hello")).listen(0, "127.0.0.1", () => {
  http.get({ host: "127.0.0.1", port: web.address().port }, (response) => response.on("data", (text) => {
    assert.equal(String(text), "hello");
    web.close();
    const secure = tls.createServer({ cert: fs.readFileSync("/server.pem"), key: fs.readFileSync("/server.key") },
      (socket) => socket.end("hello")).listen(0, "127.0.0.1", () => {
      tls.connect({ host: "127.0.0.1", port: secure.address().port, servername: "localhost", ca })
        .on("data", (text) => { assert.equal(String(text), "hello"); console.log("all is well"); process.exit(0); });
    });
  }));
});
