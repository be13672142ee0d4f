/** What is signed, who vouches for it, and how long this browser has watched. */
import type { LogView, WitnessView } from "../../../member/hands/tasks.ts";
import { moment, number } from "../../words/format.ts";
import { Inset } from "../../parts/banner.tsx";
import { SummaryList, type Row } from "../../parts/summary-list.tsx";

type Props = {
  readonly log: LogView | null;
  readonly watchedSince: number | null /** by the log's own clock */;
  readonly signedAt: number | null;
};

export function LogHead({ log, watchedSince, signedAt }: Props) {
  if (log === null) return <Inset>The log has not been signed yet.</Inset>;
  return (
    <SummaryList
      rows={[
        { key: "Signed checkpoint", value: `${number(log.size)} entries, signature checked in this browser` },
        ...(signedAt === null ? [] : [{ key: "Signed", value: `${moment(signedAt)}, by the log’s own clock` }]),
        ...(watchedSince === null
          ? []
          : [
              {
                key: "This browser",
                value: `Has seen this log since ${moment(watchedSince)}. Nothing that it has seen was changed or taken out.`,
              },
            ]),
        ...witnessRows(log),
        ...clockRows(log, signedAt),
      ]}
    />
  );
}

function witnessRows({ witnesses, quorum }: LogView): Row[] {
  if (quorum === null && witnesses.length === 0)
    return [
      { key: "Witnesses", value: "None is set up. Nobody outside has confirmed that everybody is shown the same log." },
    ];
  return [
    ...witnesses.map((one) => ({ key: `Witness ${one.name}`, value: saysOf(one) })),
    ...(quorum === null
      ? []
      : [
          {
            key: "Enough witnesses",
            value: quorum.reached
              ? "Yes. Those outside who were chosen for it have seen no other log than this one."
              : "No. Fewer have co-signed this checkpoint than this installation asks for. If it stays so for an hour, tell your data protection officer.",
          },
        ]),
  ];
}

/** Clocks that are kept as usual differ by less. */
const TOLERANCE_MS = 300_000;

/** A checkpoint is signed before it is co-signed (T9). */
function clockRows({ witnesses }: LogView, signedAt: number | null): Row[] {
  return witnesses.flatMap(({ name, at }) =>
    at !== null && signedAt !== null && signedAt > at + TOLERANCE_MS
      ? [
          {
            key: "Clock",
            value: `The log’s own clock is ${Math.round((signedAt - at) / 60_000)} minutes ahead of that of witness ${name}. Times in this log may be wrong. Tell your data protection officer.`,
          },
        ]
      : [],
  );
}

function saysOf({ key, at, sound }: WitnessView): string {
  if (!sound) return `Its signature does not hold (${key}). Tell your data protection officer.`;
  return at === null ? `Has not co-signed this checkpoint (${key})` : `Co-signed on ${moment(at)} (${key})`;
}
