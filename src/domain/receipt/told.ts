/** A status in sentences: the same words from the counter and from the page's own script. */
import { readersNowSentence } from "../form/who.ts";
import { referenceOf } from "../seal/reference.ts";
import type { ErasureStatus, Reading, ReadingRole, Sent, Status } from "./status.ts";

export type ToldRow = { readonly key: string; readonly lines: readonly string[] };
export type ToldSection = {
  readonly id: string;
  readonly heading: string;
  readonly text?: readonly string[];
  readonly rows?: readonly ToldRow[];
  readonly list?: readonly string[];
};

/** A time as the body has it, wherever the person is. `locale` needs no clock: the time is given. */
export const dayAndTime = (at: number): string =>
  new Date(at)
    .toLocaleString("en-GB", {
      timeZone: "Europe/London",
      day: "numeric",
      month: "long",
      year: "numeric",
      hour: "numeric",
      minute: "2-digit",
      hour12: true,
    })
    .replace(/\s([ap]m)$/, "$1");

const day = (at: number): string =>
  new Date(at).toLocaleDateString("en-GB", {
    timeZone: "Europe/London",
    day: "numeric",
    month: "long",
    year: "numeric",
  });

const ROLES: { readonly [role in ReadingRole]: string } = {
  owner: "a person responsible for the information",
  reader: "a case officer",
  auditor: "a data protection officer",
};

/** Everything there is to tell. */
export function toldOf(status: Status): readonly ToldSection[] {
  const { letter, additions, bodyName, readers, erasure } = status;
  const erased = erasure?.state === "granted";
  return [
    {
      id: "sent",
      heading: "What you sent",
      rows: [
        { key: "Reference", lines: [referenceOf(letter.submission)] },
        { key: "Form", lines: [status.title] },
        { key: "Received", lines: [`${dayAndTime(letter.at)}, by ${bodyName}`] },
        {
          key: "How it came",
          lines: [
            letter.path === "browser"
              ? "Sealed in your browser before it left"
              : "Without JavaScript: sealed as it arrived",
          ],
        },
      ],
    },
    ...(erased
      ? []
      : [
          {
            id: "readers",
            heading: "Who can read it now",
            text: [
              readersNowSentence(readers, bodyName),
              `This has been so since ${dayAndTime(readers.since)}. ${status.host} runs this website and cannot read it, and nor can the public.`,
            ],
          },
        ]),
    { id: "read", heading: "When it was read", ...readings(letter, bodyName) },
    ...(additions.length === 0
      ? []
      : [
          {
            id: "added",
            heading: "What you added",
            rows: additions.map((one) => ({
              key: `${referenceOf(one.submission)}, ${dayAndTime(one.at)}`,
              lines: readingLines(one, bodyName),
            })),
          },
        ]),
    ...(erasure
      ? [{ id: "erasure", heading: "Erasure", text: erasureSentences(erasure, bodyName, additions.length > 0) }]
      : []),
    ...(erased ? [] : [{ id: "kept", heading: "How long it is kept", text: [status.kept] }]),
  ];
}

function readings(sent: Sent, bodyName: string): Pick<ToldSection, "text" | "list"> {
  if (sent.readings.length === 0)
    return { text: ["Nobody has read it yet. Before anybody can, it is written into a signed log and shown here."] };
  return {
    text: ["What you sent leaves only after that was written into a signed log. This page never names a person."],
    list: readingLines(sent, bodyName),
  };
}

function readingLines({ readings: all, left }: Sent, bodyName: string): readonly string[] {
  if (all.length === 0) return ["Nobody has read this yet"];
  return [
    ...all.map((one) => readingSentence(one, bodyName)),
    ...(left > 0 ? [`And ${left} older ${left === 1 ? "time" : "times"}`] : []),
  ];
}

/** Opened is told apart from loaded with others in a list. */
function readingSentence({ at, part, role, count, openedAt }: Reading, bodyName: string): string {
  const who = `${ROLES[role]} at ${bodyName}`;
  if (part === "letter" && count > 1)
    return `${dayAndTime(at)}: released together with ${count - 1} other${count === 2 ? "" : "s"} to ${who}, to find out how those affected by an incident can be reached`;
  if (part === "letter")
    return openedAt === null
      ? `${dayAndTime(at)}: released to ${who}. Whether it was opened, their browser did not say`
      : `${dayAndTime(openedAt)}: opened by ${who}`;
  const others = count - 1;
  return `${dayAndTime(at)}: its few lines for the list were loaded ${others === 0 ? "" : `with those of ${others} other${others === 1 ? "" : "s"} `}by ${who}`;
}

const GRANTED: { readonly [reason: string]: string } = {
  "asked-for": "because you asked for it",
  "period-ended": "because the time for keeping it has ended",
  "sent-by-mistake": "because it was sent by mistake",
  "not-lawful": "because it may not be kept",
};
const REFUSED: { readonly [reason: string]: string } = {
  "legal-duty": "because a law says that it must be kept",
  "legal-claim": "because it is needed for a legal claim",
  "public-task": "because it is needed for a public task",
  other: "for the reason that they give",
};

function erasureSentences(
  { state, askedAt, decidedAt, reason, words }: ErasureStatus,
  bodyName: string,
  added: boolean,
): readonly string[] {
  const asked = `You asked on ${dayAndTime(askedAt)} that it be erased.`;
  if (state === "open")
    return [asked, `Somebody responsible at ${bodyName} decides, within a month. Their decision is shown here.`];
  const decided = decidedAt === null ? "" : ` on ${day(decidedAt)}`;
  if (state === "granted")
    return [
      `${bodyName} erased it${added ? " and what you added to it" : ""}${decided}, ${GRANTED[reason ?? ""] ?? "as asked"}. What you wrote can no longer be read here by anybody. What the log said of it stays, and tells nothing of what you wrote.`,
    ];
  return [
    asked,
    `${bodyName} refused this${decided}, ${REFUSED[reason ?? ""] ?? "for the reason that they give"}${words ? `: “${words}”` : "."}`,
    "You can complain to the regulator: the privacy notice says how.",
  ];
}
