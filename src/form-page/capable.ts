/**
 * Whether this browser has what the page's scripts need. The guard asks before any field is taken away, and so does the
 * page's own script, because the guard may not have arrived: where the answer is no, both leave the form as it is, and
 * it is posted to the counter.
 */
import { lack } from "../domain/form/browsers.ts";

/**
 * Everything beyond what each browser with modules has; `test/bundles/newer.test.ts` finds it in the bundles. What
 * `build/for-older-browsers.ts` brings along is not asked for.
 */
const NEEDED = [
  "BigInt",
  "HTMLScriptElement.prototype.noModule",
  "Array.prototype.at",
  "Array.prototype.findLast",
  "Array.prototype.flat",
  "Array.prototype.flatMap",
  "DataView.prototype.getBigUint64",
  "DataView.prototype.setBigUint64",
  "DocumentFragment.prototype.replaceChildren",
  "Element.prototype.replaceChildren",
  "Intl.PluralRules",
  "Object.fromEntries",
  "Object.hasOwn",
  "ReadableStream.prototype.pipeThrough",
  "ReadableStreamDefaultController.prototype.enqueue",
  "String.prototype.at",
  "String.prototype.replaceAll",
  "TransformStream",
  "TransformStreamDefaultController.prototype.enqueue",
  "Uint8Array.prototype.at",
];

/** On an address that is not secure a browser may leave parts of itself out, and what is sealed could be changed. */
export const capable = (): boolean => window.isSecureContext && lack(window, NEEDED).length === 0;
