/** What the counter tells every browser: no script at all, nothing from elsewhere, no frame, no referrer. */
import type { FastifyHelmetOptions } from "@fastify/helmet";
import type { Config } from "./config.ts";

export const headersOf = ({ counterOrigin }: Config): FastifyHelmetOptions => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      "default-src": ["'none'"],
      "style-src": ["'self'"],
      "form-action": ["'self'"],
      "base-uri": ["'none'"],
      "frame-ancestors": ["'none'"],
      "require-trusted-types-for": ["'script'"],
      "trusted-types": ["'none'"],
    },
  },
  // What else the body has under its name is not ours to speak for.
  strictTransportSecurity: counterOrigin.startsWith("https:")
    ? { maxAge: 63_072_000, includeSubDomains: false }
    : false,
  referrerPolicy: { policy: "no-referrer" },
  frameguard: { action: "deny" },
  crossOriginOpenerPolicy: { policy: "same-origin" },
  crossOriginResourcePolicy: { policy: "same-origin" },
});
