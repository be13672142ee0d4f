/** Takes a mail apart (MIME, transfer encodings, character sets). Runs in a process of its own; see `judging.ts`. */
import PostalMime from "postal-mime";
import type { ReturnedMail } from "../domain/mail/returned.ts";

/** How deep parts may stand in parts; nobody needs more, and each level costs. */
const DEEPEST = 20;
const HEADERS_MAX = 128 * 1024;
/** Of a text, in characters. */
const TEXT_MAX = 64 * 1024;

/** @throws what the library throws for a mail that is nested too deep, or whose headers are too long */
export async function takeApart(raw: Uint8Array): Promise<ReturnedMail> {
  const mail = await PostalMime.parse(raw, {
    // What stands in a mail that this one holds is somebody else's: our own letter, or one that was passed on.
    forceRfc822Attachments: true,
    attachmentEncoding: "utf8",
    maxNestingDepth: DEEPEST,
    maxHeadersSize: HEADERS_MAX,
  });
  return {
    headers: mail.headers.map(({ key, value }) => ({ key, value: value.slice(0, TEXT_MAX) })),
    text: (mail.text ?? mail.html ?? "").slice(0, TEXT_MAX),
    parts: mail.attachments.map(({ mimeType, content }) => ({
      type: mimeType.toLowerCase(),
      text: typeof content === "string" ? content.slice(0, TEXT_MAX) : "",
    })),
  };
}
