/**
 * What a screen reader is told of each control, beside what is seen of it: the browser's accessibility tree, and the
 * page as it is drawn. axe looks whether there is a name; here it is the right one, and the description is words.
 */
import assert from "node:assert/strict";
import type { CDPSession, Page } from "playwright-core";

/** A control as it is drawn. */
type Seen = {
  readonly nth: string;
  readonly field: boolean;
  /** as it is written, for whoever has to find it */
  readonly written: string;
  /** its own words, of a button or a link; of a field those of its label */
  readonly words: string;
  /** each text that describes it, and whether it is drawn */
  readonly described: readonly { readonly text: string; readonly drawn: boolean }[];
  /** the question that it belongs to, by its legend; "" where it has none */
  readonly group: string;
};

type AxNode = {
  readonly nodeId: string;
  readonly parentId?: string;
  readonly backendDOMNodeId?: number;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly description?: { readonly value: string };
};

const MARK = "data-control";
const plain = (text: string): string => text.replaceAll(/\s+/gu, " ").trim();
/** Without what stands between words: the tree and the page put spaces differently. */
const bare = (text: string): string => text.replaceAll(/[\s\u200b]+/gu, "");

/** Runs in the page. */
function controls(mark: string): Seen[] {
  const hidden = ".govuk-visually-hidden, [aria-hidden=true], .pb-on-paper";
  const drawn = (element: Element): boolean =>
    element.checkVisibility({ visibilityProperty: true }) &&
    !element.closest(".govuk-visually-hidden, [aria-hidden=true]");
  const wordsOf = (element: Element | null): string => {
    if (!element) return "";
    const copy = element.cloneNode(true) as Element;
    // Between what is seen, words for the voice alone may stand.
    for (const part of copy.querySelectorAll(hidden)) part.replaceWith("\u{1}");
    return copy.textContent ?? "";
  };
  // Behind a dialog nothing can be reached.
  const place: ParentNode = document.querySelector("dialog:modal") ?? document;
  const all = place.querySelectorAll<HTMLElement>(
    "a[href], button, input:not([type=hidden]), select, textarea, summary",
  );
  return [...all]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .map((element, index) => {
      const nth = String(index);
      element.setAttribute(mark, nth);
      const field = element.matches("input, select, textarea");
      const label = field ? ((element as HTMLInputElement).labels?.[0] ?? null) : element;
      const ids = (element.getAttribute("aria-describedby") ?? "").split(/\s+/).filter(Boolean);
      return {
        nth,
        field,
        written: (element.cloneNode(false) as Element).outerHTML,
        words: wordsOf(label),
        described: ids.map((id) => {
          const found = document.getElementById(id);
          return { text: found?.textContent ?? "", drawn: found !== null && drawn(found) };
        }),
        group: wordsOf(element.closest("fieldset")?.querySelector("legend") ?? null),
      };
    });
}

async function nodesOf(session: CDPSession): Promise<{ byMark: Map<string, AxNode>; groups: Set<string> }> {
  await session.send("DOM.enable");
  const { nodes } = (await session.send("Accessibility.getFullAXTree")) as unknown as { nodes: AxNode[] };
  const document = (await session.send("DOM.getFlattenedDocument", { depth: -1 })) as unknown as {
    nodes: { backendNodeId: number; attributes?: string[] }[];
  };
  const byBackend = new Map(nodes.map((node) => [node.backendDOMNodeId, node]));
  const byMark = new Map<string, AxNode>();
  for (const { backendNodeId, attributes = [] } of document.nodes) {
    const at = attributes.indexOf(MARK);
    const node = byBackend.get(backendNodeId);
    if (at >= 0 && attributes[at + 1] !== undefined && node) byMark.set(attributes[at + 1]!, node);
  }
  const groups = nodes.filter(({ role }) => role?.value === "group" || role?.value === "radiogroup");
  return { byMark, groups: new Set(groups.map(({ name }) => bare(name?.value ?? ""))) };
}

/** Whether a name holds all parts of what is seen, one after the other. */
function inOrder(name: string, parts: readonly string[]): boolean {
  let from = 0;
  for (const part of parts) {
    const found = name.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return true;
}

/** What is wrong with one control, in words; nothing where the tree says what the page shows. */
function wrongWith(
  { field, written, words, described, group }: Seen,
  node: AxNode | undefined,
  groups: Set<string>,
): string[] {
  const name = plain(node?.name?.value ?? "");
  const description = plain(node?.description?.value ?? "");
  const wrong: string[] = [];
  if (name === "") wrong.push(`no name; it shows “${plain(words)}”: ${written}`);
  // WCAG 2.5.3: who speaks what they see reaches the control. A field's name is its label, whole.
  const shown = words.split("\u{1}").map(bare);
  const spoken = field ? bare(name) === shown.join("") : inOrder(bare(name), shown);
  if (!spoken) wrong.push(`its name is “${name}”, and it shows “${plain(words)}”`);
  const expected = described.map(({ text }) => plain(text)).filter(Boolean);
  if (bare(description) !== bare(expected.join(" ")) && expected.length > 0)
    wrong.push(`its description is “${description}”, and what describes it says “${expected.join(" ")}”`);
  if (described.some(({ text }) => plain(text) === "")) wrong.push("something empty, or nothing, describes it");
  // What only a voice says must be a sentence, not the name of something in a program.
  for (const { text, drawn } of described)
    if (!drawn && plain(text).split(" ").length < 3) wrong.push(`nobody sees “${plain(text)}”, which describes it`);
  if (group !== "" && ![...groups].some((known) => known.includes(bare(group))))
    wrong.push(`no group is called “${plain(group)}”`);
  return wrong;
}

/** Every control of the page is called what it shows, and described by what stands there. */
export async function judgeTree(page: Page, where: string): Promise<void> {
  const seen = await page.evaluate(controls, MARK);
  const session = await page.context().newCDPSession(page);
  try {
    const { byMark, groups } = await nodesOf(session);
    const wrong = seen.flatMap((one) => wrongWith(one, byMark.get(one.nth), groups).map((text) => `${where}: ${text}`));
    assert.deepEqual(wrong, []);
    assert.ok(seen.length > 0, `${where}: the page has no control at all`);
  } finally {
    await session.detach();
  }
}
