// Sigstore's own library for JavaScript as a verifier: node verify_bundle.mjs BUNDLE KEY.pub, or
// BUNDLE ROOT.json ISSUER SUBJECT for keyless bundles. Status 0: good; 1: refused, and why.
import { readFileSync } from "node:fs";
import { createPublicKey } from "node:crypto";
import { createRequire } from "node:module";

const require = createRequire(process.cwd() + "/");
const { bundleFromJSON } = require("@sigstore/bundle");
const { Verifier, toSignedEntity, toTrustMaterial } = require("@sigstore/verify");
const { TrustedRoot } = require("@sigstore/protobuf-specs");

const [bundlePath, trust, issuer, subject] = process.argv.slice(2);
const bundle = bundleFromJSON(JSON.parse(readFileSync(bundlePath, "utf8")));
let material;
let options;
let policy;
if (issuer === undefined) {
  const publicKey = createPublicKey(readFileSync(trust));
  const none = { tlogs: [], certificateAuthorities: [], ctlogs: [], timestampAuthorities: [] };
  material = toTrustMaterial(none, () => ({ publicKey, validFor: () => true }));
  options = { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 };
} else {
  material = toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(readFileSync(trust, "utf8"))));
  options = { tlogThreshold: 1, ctlogThreshold: 1, timestampThreshold: 1 };
  policy = { subjectAlternativeName: subject, extensions: { issuer } };
}
try {
  new Verifier(material, options).verify(toSignedEntity(bundle), policy);
} catch (error) {
  console.log(error.message);
  process.exit(1);
}
