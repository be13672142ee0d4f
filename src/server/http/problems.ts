/** From a code to an HTTP status; what a person reads is the code's sentence. */
import type { Code } from "../../domain/problem.ts";

const STATUS: { readonly [code in Code]?: number } = {
  TOO_LARGE: 413,
  ENVELOPE_TOO_LARGE: 413,
  WRONG_TYPE: 415,
  TOO_MANY: 429,
  UNAVAILABLE: 503,
  LOG_NOT_SIGNED: 503,
  LOG_DIVERGED: 503,
  CHAIN_BROKEN: 503,
  INTERNAL: 500,
  CONFIG_INVALID: 500,
  NOT_SIGNED_IN: 401,
  SIGN_IN_REFUSED: 401,
  WRONG_ORIGIN: 403,
  REFUSED_ROLE: 403,
  REFUSED_BODY: 403,
  REFUSED_NO_GRANT: 403,
  REFUSED_GRANT_ENDED: 403,
  REFUSED_EPOCH: 403,
  REFUSED_SAME_PERSON: 403,
  COUNTER_REFUSED: 403,
  NOT_FOUND: 404,
  FORM_UNKNOWN: 404,
  BODY_UNKNOWN: 404,
  REQUEST_UNKNOWN: 404,
  RELEASE_UNKNOWN: 404,
  ERASURE_UNKNOWN: 404,
  ERASED: 410,
  PERSON_UNKNOWN: 404,
  FORM_CLOSED: 409,
  FORM_NAME_TAKEN: 409,
  FORM_CHANGED: 409,
  EPOCH_ENDED: 409,
  ID_TAKEN: 409,
  CHAIN_MOVED: 409,
  REFUSED_STATE: 409,
};

/** Everything else that a caller can cause is a bad request. */
export const statusOf = (code: Code): number => STATUS[code] ?? 400;
