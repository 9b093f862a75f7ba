import type { Secrets } from "../ports/world.ts";

/** Version of the keys derived here; written into all they make, so that a later key can live beside this one. */
const KEY_VERSION = "1";

/**
 * Hashing and sealing of credentials tokens with keys derived (HKDF-SHA-256) from the one secret of the deployment.
 * Tokens are 256 random bits, so a keyed hash is enough: a slow one is for passwords. A sealed text reads
 * `<key version>.<iv>.<ciphertext>`, both base64url, and opens only for the partner it was bound to.
 * @param masterKey 32 random bytes in Base64
 */
export function secrets(masterKey: string): Secrets {
  const master = bytesOf(masterKey);
  const keys = once(async () => {
    const base = await crypto.subtle.importKey("raw", master, "HKDF", false, ["deriveKey"]);
    const derive = (purpose: string, algorithm: SubtleCryptoImportKeyAlgorithm, usages: KeyUsage[]) =>
      crypto.subtle.deriveKey(
        {
          name: "HKDF",
          hash: "SHA-256",
          salt: new Uint8Array(32),
          info: utf8(`ocpi-gateway ${purpose} ${KEY_VERSION}`),
        },
        base,
        algorithm,
        false,
        usages,
      );
    const [hashing, sealing] = await Promise.all([
      derive("credentials token hash", { name: "HMAC", hash: "SHA-256", length: 256 }, ["sign"]),
      derive("credentials token sealing", { name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"]),
    ]);
    return { hashing, sealing };
  });

  return {
    async hash(token) {
      const mac = await crypto.subtle.sign("HMAC", (await keys()).hashing, utf8(token));
      return `${KEY_VERSION}.${base64url(mac)}`;
    },
    async seal(text, boundTo) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const algorithm = { name: "AES-GCM", iv, additionalData: binding(KEY_VERSION, boundTo) };
      const sealed = await crypto.subtle.encrypt(algorithm, (await keys()).sealing, utf8(text));
      return `${KEY_VERSION}.${base64url(iv)}.${base64url(sealed)}`;
    },
    async open(sealed, boundTo) {
      const [version, iv, text] = sealed.split(".");
      if (version !== KEY_VERSION || !iv || !text)
        throw new Error("A stored token is not in a form this release can open");
      const algorithm = { name: "AES-GCM", iv: fromBase64url(iv), additionalData: binding(version, boundTo) };
      const plain = await crypto.subtle.decrypt(algorithm, (await keys()).sealing, fromBase64url(text));
      return new TextDecoder().decode(plain);
    },
  };
}

type KeyUsage = "sign" | "encrypt" | "decrypt";

function bytesOf(masterKey: string): Uint8Array<ArrayBuffer> {
  let bytes: Uint8Array<ArrayBuffer> | null = null;
  try {
    bytes = Uint8Array.from(atob(masterKey.trim()), (c) => c.charCodeAt(0));
  } catch {
    // told below, without a word of the value
  }
  if (bytes?.length !== 32) throw new Error("MASTER_KEY must be 32 random bytes in Base64 (openssl rand -base64 32)");
  return bytes;
}

function binding(version: string, boundTo: string): Uint8Array<ArrayBuffer> {
  return utf8(`outbound credentials token\n${version}\n${boundTo}`);
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new TextEncoder().encode(text));
}

function base64url(bytes: ArrayBuffer | Uint8Array): string {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
