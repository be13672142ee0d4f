/** A status in sentences: the same words from the counter and from the page's own script. */
import { dayWords, timeInZone, type Zone } from "../time.ts";
import { readersNowSentence } from "../form/who.ts";
import { referenceOf } from "../seal/reference.ts";
import type { ErasureStatus, Held, Reading, ReadingRole, Sent, Standing, Status } from "./status.ts";

export type ToldRow = { readonly key: string; readonly lines: readonly string[] };
export type ToldSection = {
  readonly id: string;
  readonly heading: string;
  readonly text?: readonly string[];
  readonly rows?: readonly ToldRow[];
  readonly list?: readonly string[];
};

/** People are told of by role, never by name. */
export const ROLES: { readonly [role in ReadingRole]: string } = {
  owner: "a person responsible for the information",
  reader: "a case officer",
  auditor: "a data protection officer",
};

/** What all sentences need of the body. */
type Names = { readonly bodyName: string; readonly zone: Zone };

/** Nobody has looked: then all of it is the server's word. */
const NOTHING: Held = { sent: new Map(), readings: new Map(), erased: "said" };

/** `by`: who held the status against the log; without script that is this website itself. */
type Looked = { readonly held: Held; readonly by: "browser" | "counter" };

/**
 * A reply as it was opened for whoever has the words; one that does not fit the log or the signatures; one that could
 * not be looked at, because the body's statements did not come or do not hold.
 */
export type ToldReply =
  | { readonly kind: "read"; readonly at: number; readonly role: string; readonly text: string }
  | { readonly kind: "false" }
  | { readonly kind: "unchecked" };

/**
 * What was done about a letter, for whoever has its words: the sentences that say where it stands, and the replies.
 * `isWrong`: something of it does not fit the log or the signatures.
 */
export type ToldCase = {
  readonly stands: readonly string[];
  /** by when something is due; nothing where no clock runs, or where it is not known */
  readonly due: readonly string[];
  readonly steps: readonly string[];
  readonly replies: readonly ToldReply[];
  readonly isWrong: boolean;
};

/** Nobody has done anything. */
export const NOTHING_DONE: ToldCase = { stands: [], due: [], steps: [], replies: [], isWrong: false };

/** There is something, and it could not be looked at, because the body's statements did not come or do not hold. */
export const unchecked = ({ acts }: Pick<Status, "acts">): ToldCase => ({
  stands: [
    "Something was done about your letter. It could not be checked who did it, so it is not shown. Look again in a minute.",
  ],
  due: [],
  steps: [],
  replies: acts.flatMap(({ sealed }) => (sealed === null ? [] : [{ kind: "unchecked" }])),
  isWrong: false,
});

/** Everything there is to tell, and of each thing whether it was shown or only said. */
export function toldOf(
  status: Status,
  { held, by }: Looked = { held: NOTHING, by: "counter" },
  done: ToldCase = NOTHING_DONE,
): readonly ToldSection[] {
  const { letter, additions, bodyName, readers, erasure, zone } = status;
  const names = { bodyName, zone };
  const erased = erasure?.state === "granted";
  return [
    ...(isWrong(held, done)
      ? [
          {
            id: "doubt",
            heading: "Something here does not fit",
            text: [
              `What this website tells you does not fit its own signed log; below it says which. Keep a copy of this page, and tell ${bodyName} or the regulator, by another way than this website.`,
            ],
          },
        ]
      : []),
    ...(erased ? [] : [standsSection(done, names), repliesSection(done.replies, names)]),
    {
      id: "sent",
      heading: "What you sent",
      rows: [
        { key: "Reference", lines: [referenceOf(letter.submission)] },
        { key: "Form", lines: [status.title] },
        {
          key: "Received",
          lines: [standingSentence(`${timeInZone(letter.at, zone)}, by ${bodyName}`, held.sent.get(letter.submission))],
        },
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
              `This has been so since ${timeInZone(readers.since, zone)}. ${status.host} runs this website and cannot read it, and nor can the public.`,
            ],
          },
        ]),
    { id: "read", heading: "When it was read", ...readings(letter, names, held) },
    ...(additions.length === 0
      ? []
      : [
          {
            id: "added",
            heading: "What you added",
            rows: additions.map((one) => ({
              key: standingSentence(
                `${referenceOf(one.submission)}, ${timeInZone(one.at, zone)}`,
                held.sent.get(one.submission),
              ),
              lines: readingLines(one, names, held),
            })),
          },
        ]),
    ...(erasure
      ? [
          {
            id: "erasure",
            heading: "Erasure",
            text: erasureSentences(erasure, names, additions.length > 0, held.erased),
          },
        ]
      : []),
    ...(erased ? [] : [{ id: "kept", heading: "How long it is kept", text: [status.kept] }]),
    { id: "checked", heading: "What was checked, and what cannot be", text: checkedSentences(status, by) },
  ];
}

const isWrong = (held: Held, done: ToldCase): boolean =>
  held.erased === "false" ||
  done.isWrong ||
  [...held.sent.values()].includes("false") ||
  [...held.readings.values()].some(({ released, opened }) => released === "false" || opened === "false");

const standsSection = ({ stands, due, steps }: ToldCase, { bodyName }: Names): ToldSection => ({
  id: "stands",
  heading: "Where it stands",
  text: [
    ...(stands.length > 0
      ? stands
      : [`Received. Nobody at ${bodyName} has taken it in hand yet, as far as this website says.`]),
    ...due,
  ],
  list: steps,
});

function repliesSection(replies: readonly ToldReply[], { bodyName, zone }: Names): ToldSection {
  const heading = replies.length === 1 ? "The reply to you" : "Replies to you";
  if (replies.length === 0)
    return { id: "replies", heading, text: ["Nobody has answered yet, as far as this website says."] };
  return {
    id: "replies",
    heading,
    text: [
      `Sealed to you and to the people at ${bodyName} who can read your letter. To answer, add something below. Whoever has your words reads this, too.`,
    ],
    rows: replies.map((one) => {
      if (one.kind === "read")
        return {
          key: `${timeInZone(one.at, zone)}, from ${ROLES[one.role as ReadingRole] ?? "somebody"} at ${bodyName}`,
          lines: one.text.split("\n"),
        };
      return one.kind === "false"
        ? {
            key: "Not shown",
            lines: [
              "What this website gives as a reply does not fit its signed log or its signature. Do not rely on it.",
            ],
          }
        : {
            key: "Not shown yet",
            lines: [
              "There is a reply. It could not be checked whose it is, so it is not shown. Look again in a minute.",
            ],
          };
    }),
  };
}

/** What nobody can see from here is said as plainly as what can be seen. */
const checkedSentences = ({ bodyName, host }: Status, by: Looked["by"]): readonly string[] => [
  by === "browser"
    ? "Your browser looked for each time above in the signed log: it stands there, with your letter in it, unless it says otherwise."
    : "This page works without JavaScript, so not your browser but this website looked for each time above in the signed log. With JavaScript your browser looks.",
  `What is left out cannot be seen from here. That these are all the times, all the replies and all that was done, that nobody else has read it, how many people can read it now, and why something was refused, is this website’s word. If somebody at ${host} took a time out of this page, you could not tell. People at ${bodyName} who check the whole log could.`,
];

/** A sentence with how it stands; where it stands in the log nothing more is said. */
function standingSentence(sentence: string, standing: Standing = "said"): string {
  if (standing === "proven") return sentence;
  return standing === "said"
    ? `${sentence} (this website’s word: it is not shown from the signed log)`
    : `This website says: “${sentence}”. It does not fit the signed log, so do not rely on it`;
}

function readings(sent: Sent, names: Names, held: Held): Pick<ToldSection, "text" | "list"> {
  if (sent.readings.length === 0)
    return {
      text: [
        "Nobody has read it yet, as far as this website says. Before anybody can, it is written into a signed log and shown here.",
      ],
    };
  return {
    text: ["What you sent leaves only after that was written into a signed log. This page never names a person."],
    list: readingLines(sent, names, held),
  };
}

function readingLines({ readings: all, left }: Sent, names: Names, held: Held): readonly string[] {
  if (all.length === 0) return ["Nobody has read this yet, as far as this website says"];
  return [
    ...all.map((one) => {
      const { released, opened } = held.readings.get(one) ?? { released: "said", opened: "said" };
      // An opening that is not shown takes nothing from the release that is.
      const standing = one.openedAt === null || released !== "proven" ? released : opened;
      return standingSentence(readingSentence(one, names), standing);
    }),
    ...(left > 0 ? [`And ${left} older ${left === 1 ? "time" : "times"}`] : []),
  ];
}

/** Opened is told apart from loaded with others in a list. */
function readingSentence({ at, part, role, count, openedAt }: Reading, { bodyName, zone }: Names): string {
  const when = timeInZone(openedAt !== null && part === "letter" && count === 1 ? openedAt : at, zone);
  const who = `${ROLES[role]} at ${bodyName}`;
  if (part === "letter" && count > 1)
    return `${when}: released together with ${count - 1} other${count === 2 ? "" : "s"} to ${who}, to find out how those affected by an incident can be reached`;
  if (part === "letter")
    return openedAt === null
      ? `${when}: released to ${who}. Whether it was opened, their browser did not say`
      : `${when}: opened by ${who}`;
  const others = count - 1;
  return `${when}: its few lines for the list were loaded ${others === 0 ? "" : `with those of ${others} other${others === 1 ? "" : "s"} `}by ${who}`;
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
  { bodyName, zone }: Names,
  added: boolean,
  standing: Standing,
): readonly string[] {
  const asked = `You asked on ${timeInZone(askedAt, zone)} that it be erased.`;
  if (state === "open")
    return [asked, `Somebody responsible at ${bodyName} decides, within a month. Their decision is shown here.`];
  const decided = decidedAt === null ? "" : ` on ${dayWords(decidedAt, zone)}`;
  if (state === "granted")
    return [
      `${standingSentence(`${bodyName} erased it${added ? " and what you added to it" : ""}${decided}, ${GRANTED[reason ?? ""] ?? "as asked"}`, standing)}. What you wrote can no longer be read here by anybody. What the log said of it stays, and tells nothing of what you wrote.`,
    ];
  return [
    asked,
    `${bodyName} refused this${decided}, ${REFUSED[reason ?? ""] ?? "for the reason that they give"}${words ? `: “${words}”` : "."}`,
    "You can complain to the regulator: the privacy notice says how.",
  ];
}
