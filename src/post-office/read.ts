/** Reads a mail as far as a mailbox shows it: subject, sender, plain text. */

export function readMail(raw: Buffer): { readonly subject: string; readonly from: string; readonly text: string } {
  const whole = raw.toString("latin1");
  const [head = ""] = whole.split("\r\n\r\n", 1);
  const body = whole.slice(head.length + 4);
  const header = (name: string): string =>
    new RegExp(`^${name}:[ \\t]*(.*(?:\\r\\n[ \\t].*)*)`, "im").exec(head)?.[1]?.replaceAll(/\r\n[ \t]+/g, " ") ?? "";
  const quoted = /quoted-printable/i.test(header("content-transfer-encoding"));
  const bytes = quoted
    ? unquoted(body)
    : /base64/i.test(header("content-transfer-encoding"))
      ? Buffer.from(body, "base64")
      : Buffer.from(body, "latin1");
  return {
    subject: header("subject"),
    from: header("from"),
    text: bytes.toString("utf8").replaceAll("\r\n", "\n").trimEnd(),
  };
}

/** Quoted-printable (RFC 2045, 6.7). */
const unquoted = (text: string): Buffer =>
  Buffer.from(
    text
      .replaceAll(/=[ \t]*\r\n/g, "")
      .replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    "latin1",
  );
