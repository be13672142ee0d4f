/**
 * The page that checks a proof of receipt: one file, opened from the person's own disk, without the internet. Nothing
 * here can send.
 */
import { checkReceipt, logFingerprint, type Finding } from "../../domain/log/receipt-check.ts";
import { parseReceiptFile, zoneOfFile } from "../../domain/receipt/file.ts";
import { timeInZone } from "../../domain/time.ts";
import { el } from "../dom.ts";

const field = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const proof = field<HTMLInputElement>("proof");
const copy = field<HTMLInputElement>("copy");
const key = field<HTMLTextAreaElement>("key");

const textOf = async (input: HTMLInputElement): Promise<string | null> =>
  input.files?.[0] ? input.files[0].text() : null;

function showKey(): void {
  const fingerprint = logFingerprint(key.value.trim());
  field("fingerprint").textContent =
    key.value.trim() === "" ? "" : fingerprint === null ? "This is not a log’s key." : `Fingerprint: ${fingerprint}`;
}

/** The key in the file is only a suggestion, and says so beside the field. */
async function suggestKey(): Promise<void> {
  const text = await textOf(proof);
  try {
    if (text !== null && key.value.trim() === "") key.value = parseReceiptFile(text).logKey;
  } catch {
    // told when it is checked
  }
  showKey();
}

const WORDS = { holds: "Holds", fails: "Does not hold", open: "Could not be judged" } as const;

function show(findings: readonly Finding[]): void {
  const failed = findings.some(({ verdict }) => verdict === "fails");
  const heading = el(
    "h2",
    { tabindex: "-1", class: failed ? "fails" : "holds" },
    failed ? "This proof does not hold" : "This proof holds",
  );
  field("result").replaceChildren(
    heading,
    el(
      "ul",
      {},
      ...findings.map(({ verdict, text }) =>
        el("li", { class: verdict }, el("strong", {}, `${WORDS[verdict]}: `), text),
      ),
    ),
  );
  heading.focus();
}

field("check").addEventListener("click", () => {
  void (async () => {
    const text = await textOf(proof);
    if (text === null) return show([{ verdict: "fails", text: "Choose the file with the proof of receipt first." }]);
    const zone = zoneOfFile(text);
    show(checkReceipt(text, key.value.trim(), await textOf(copy), (at) => timeInZone(at, zone)));
  })();
});
proof.addEventListener("change", () => void suggestKey());
key.addEventListener("input", showKey);
