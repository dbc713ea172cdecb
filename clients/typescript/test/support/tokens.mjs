import { createHmac } from "node:crypto";

export const SECRET = "0123456789abcdef0123456789abcdef";

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token (JWT, HS256) of a user, good for so many seconds. */
export function token(subject, seconds = 600, claims = {}) {
  const now = Math.floor(Date.now() / 1_000);
  const body = { sub: subject, tenant_id: "t1", name: subject, permissions: ["*"], exp: now + seconds, ...claims };
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(body)}`;
  return `${signed}.${createHmac("sha256", SECRET).update(signed).digest("base64url")}`;
}
