/**
 * Where each screen of the staff pages is judged: by axe by day and by night, by its accessibility tree, and at every
 * width. A screen that is forgotten here is a type error, and one that nobody looks at makes test/looked.test.ts fail;
 * `look` (test/support/axe.ts) compares the address of the page with this table.
 */
import type { Route } from "../../src/staff-app/route.ts";

export type Looked = { readonly journey: string; readonly name: string };
const seen = (journey: string, name: string): Looked => ({ journey, name });

export const SCREENS: { readonly [at in Exclude<Route["at"], "incident">]: Looked } = {
  start: seen("staff", "start of an owner"),
  inbox: seen("staff", "list"),
  letter: seen("staff", "letter"),
  access: seen("staff", "access after confirmation"),
  ask: seen("staff", "ask with errors"),
  end: seen("staff", "end with an error"),
  requests: seen("staff", "requests"),
  request: seen("staff", "preview"),
  erasures: seen("erasure", "the list of erasures"),
  due: seen("erasure", "letters whose time is up"),
  erasure: seen("erasure", "a granted request"),
  people: seen("staff", "people"),
  invite: seen("joining", "invite with errors"),
  compare: seen("joining", "compare, before"),
  sessions: seen("joining", "one's own sign-ins"),
  unlockers: seen("passkeys", "what unlocks one's keys"),
  "let-out": seen("staff", "let out with an error"),
  log: seen("staff", "log"),
  incidents: seen("incident", "incidents"),
  register: seen("filings", "register"),
  "new-incident": seen("incident", "new-incident"),
  findings: seen("findings", "the list of findings"),
  finding: seen("findings", "a finding"),
  nowhere: seen("staff", "nothing at this address"),
};

/** The parts of an incident, as `src/staff-app/screens/incidents/parts.ts` names them. */
export const PARTS: { readonly [part: string]: Looked } = {
  "": seen("incident", "incident-overview"),
  awareness: seen("incident", "awareness"),
  window: seen("incident", "window"),
  affected: seen("incident", "affected-list"),
  severity: seen("incident", "severity"),
  decisions: seen("incident", "decisions"),
  documents: seen("incident", "documents"),
  messages: seen("messages", "messages, nothing written"),
  report: seen("filings", "report"),
  followed: seen("filings", "followed"),
  notice: seen("filings", "notice-draft"),
  pack: seen("filings", "pack"),
  history: seen("incident", "incident-history"),
};

/** Which screen a look is said to be of; undefined for any other look. */
export function screenOf(name: string): { readonly at: string; readonly part?: string } | undefined {
  const screen = Object.entries(SCREENS).find(([, one]) => one.name === name);
  if (screen) return { at: screen[0] };
  const part = Object.entries(PARTS).find(([, one]) => one.name === name);
  return part && { at: "incident", part: part[0] };
}
