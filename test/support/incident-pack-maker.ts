/**
 * An evidence pack for tests: a body with an owner and an auditor, an incident with everything in it, and a real small
 * log around it.
 */
import { encodeFields, sha256, taggedHash, toHex, toUtf8 } from "../../src/domain/bytes.ts";
import { canonicalJson } from "../../src/domain/canonical.ts";
import { draftAct, NO_PREV, type ActFields, type Texts } from "../../src/domain/incident/act.ts";
import {
  contentHash,
  encodePack,
  entryCount,
  type Pack,
  type PackContent,
  type PackedAct,
} from "../../src/domain/incident/pack.ts";
import { makeReport, encodeReport } from "../../src/domain/incident/report.ts";
import { reportCommitment } from "../../src/domain/incident/reported.ts";
import { signCheckpoint } from "../../src/domain/log/checkpoint.ts";
import { encodeEntry } from "../../src/domain/log/event.ts";
import { signerOfLog } from "../../src/domain/log/names.ts";
import { signerKey } from "../../src/domain/log/note-key.ts";
import { encodeProof } from "../../src/domain/log/proof.ts";
import { inclusionProof, leafHash, nodesOf, treeRoot } from "../../src/domain/log/tree.ts";
import { randomBytes } from "../../src/domain/seal/random.ts";
import { statementHash } from "../../src/domain/grant/statement.ts";
import { SignedChain, keyedPerson, type KeyedPerson } from "./signed-body.ts";

export const LOG = signerKey("example.org/log", new Uint8Array(32).fill(3));
const MINUTE = 60_000;
export const FINDING = "f".repeat(32);
export const EVIDENCE = canonicalJson(["route-open", "/results", ["GET /results answered 200 to a stranger"]]);

export type Made = {
  readonly pack: Pack;
  readonly file: Uint8Array;
  readonly root: string;
  readonly log: readonly Uint8Array[];
  readonly checkpoint: string;
  readonly owner: KeyedPerson;
};

/** Signs, logs and packs. The pack is what the server makes of its rows; `later` is in the log and came after it. */
export async function madePack(): Promise<Made> {
  const [owner, auditor] = [await keyedPerson("Olive Owner", "owner"), await keyedPerson("Arthur Auditor", "auditor")];
  const chain = new SignedChain();
  chain.found(owner);
  chain.confirm(owner, auditor);
  const { body, installation } = chain.where;
  const incident = toHex(randomBytes(16));
  const log: Uint8Array[] = [
    encodeEntry({ kind: "log.started", origin: signerOfLog(LOG, body).name, at: chain.now }, randomBytes(32)),
  ];
  let at = chain.now;
  const acts: PackedAct[] = [];
  const events: Uint8Array[] = [];
  const add = (entry: Uint8Array): Uint8Array => (log.push(entry), entry);
  const say = (fields: ActFields, texts: Texts = {}, by: KeyedPerson = owner): PackedAct => {
    at += MINUTE;
    const last = acts.at(-1);
    const head = { body, incident, seq: acts.length, prev: last ? toHex(leafHash(last.entry)) : NO_PREV };
    const act = draftAct(
      head,
      { person: by.keys.person, role: by.row.role, signingSecret: by.keys.signingSecret },
      fields,
      texts,
    );
    const has = Object.keys(texts).length > 0;
    return {
      entry: add(encodeEntry({ ...act.event, at }, randomBytes(32))),
      signature: act.signature,
      person: by.keys.person,
      bySalt: act.bySalt,
      texts: has ? act.texts : null,
      salt: has ? act.salt : null,
    };
  };
  const record = (...args: Parameters<typeof say>): void => void acts.push(say(...args));

  events.push(
    add(
      encodeEntry(
        {
          kind: "finding.opened",
          body,
          finding: FINDING,
          watcher: "monitor",
          code: "route-open",
          cleanAt: 0,
          evidence: toHex(sha256(toUtf8(EVIDENCE))),
          at,
        },
        randomBytes(32),
      ),
    ),
  );
  record(
    { kind: "incident.opened", what: "elsewhere", source: "finding", sourceId: FINDING },
    { summary: "The results of a form could be seen by everybody." },
  );
  record({ kind: "incident.aware", party: "controller", awareAt: at, basis: "finding" }, {}, auditor);
  record(
    { kind: "incident.decided", about: "regulator", choice: "yes", reason: "risk-possible" },
    { why: "Addresses were among it." },
  );
  const report = encodeReport(
    makeReport({
      incident,
      body,
      regulator: "Information Commissioner’s Office",
      phase: "initial",
      version: 1,
      madeAt: at,
      deadline: at + 72 * 60 * MINUTE,
      firstAt: null,
      known: {},
      typed: {},
    }),
  );
  const salt = randomBytes(32);
  record({ kind: "incident.reported", version: 1, phase: "initial", report: reportCommitment(salt, report) });
  record(
    { kind: "incident.followed", what: "press", item: "e".repeat(32), revision: 1, on: at, due: at + 60 * MINUTE },
    { outlet: "The Harrowmere Herald", question: "What happened?", owner: "Press office" },
  );
  const hashes = ["2", "1", "3"].map((digit) => digit.repeat(64));
  const by = { by: "0".repeat(64), role: "owner" } as const;
  events.push(
    add(
      encodeEntry(
        {
          kind: "messages.handed-in",
          body,
          incident,
          ...by,
          count: 3,
          template: "0".repeat(64),
          messages: toHex(taggedHash("letters", ...hashes.toSorted())),
          at,
        },
        randomBytes(32),
      ),
    ),
  );
  events.push(
    add(
      encodeEntry(
        {
          kind: "delivery.ended",
          body,
          incident,
          delivery: "1".repeat(32),
          channel: "email",
          state: "sent",
          code: "NONE",
          at,
        },
        randomBytes(32),
      ),
    ),
  );
  const deliveries = hashes.map((hash) => ({
    delivery: hash.slice(32),
    channel: "email",
    state: hash.startsWith("1") ? "sent" : "handed-in",
    code: "NONE",
    batch: 0,
    hash,
  }));
  events.push(
    add(encodeEntry({ kind: "finding.closed", body, finding: FINDING, watcher: "monitor", at }, randomBytes(32))),
  );

  const root = toHex(statementHash(chain.signed[0]!.bytes));
  const content: PackContent = {
    installation,
    body,
    root,
    incident,
    size: log.length,
    hostSize: 0,
    statements: [...chain.signed],
    acts,
    events,
    reports: [{ version: 1, content: report, salt }],
    findings: [{ finding: FINDING, evidence: EVIDENCE }],
    deliveries,
  };
  const packed = say(packing(content));
  add(
    encodeEntry(
      { kind: "session.started", body, person: toHex(sha256(encodeFields(["x"]))), role: "owner", at },
      randomBytes(32),
    ),
  );
  return { ...proved(content, packed, log), root, log, owner };
}

const packing = (content: PackContent): ActFields => ({
  kind: "incident.packed",
  pack: "d".repeat(32),
  content: contentHash(content),
  count: entryCount(content),
});

/**
 * A second pack that the owner signs, with something else in it: what a dishonest installation with its owner's help
 * could make.
 */
export function repacked({ pack, log, owner }: Made, over: Partial<PackContent>): Made {
  const content = { ...pack.content, ...over };
  const head = {
    body: content.body,
    incident: content.incident,
    seq: content.acts.length,
    prev: toHex(leafHash(content.acts.at(-1)!.entry)),
  };
  const act = draftAct(
    head,
    { person: owner.keys.person, role: "owner", signingSecret: owner.keys.signingSecret },
    packing(content),
    {},
  );
  const entry = encodeEntry({ ...act.event, at: 1_700_000_900_000 }, randomBytes(32));
  const longer = [...log, entry];
  return {
    ...proved(
      content,
      { entry, signature: act.signature, person: owner.keys.person, bySalt: act.bySalt, texts: null, salt: null },
      longer,
    ),
    root: content.root,
    log: longer,
    owner,
  };
}

/** The same content under the proofs of a log. */
export function proved(
  content: PackContent,
  packed: PackedAct,
  log: readonly Uint8Array[],
): { readonly pack: Pack; readonly file: Uint8Array; readonly checkpoint: string } {
  const nodes = nodesOf(log.map(leafHash));
  const own = signerOfLog(LOG, content.body);
  const checkpoint = signCheckpoint(
    { origin: own.name, size: log.length, root: treeRoot(log.length, nodes), extensions: [] },
    own,
  );
  const proof = (entry: Uint8Array): string => {
    const index = log.indexOf(entry);
    return encodeProof({ index, hashes: inclusionProof(index, log.length, nodes), checkpoint });
  };
  const pack: Pack = {
    content,
    packed,
    proofs: {
      acts: content.acts.map(({ entry }) => proof(entry)),
      events: content.events.map(proof),
      packed: proof(packed.entry),
    },
  };
  return { pack, file: encodePack(pack), checkpoint };
}
