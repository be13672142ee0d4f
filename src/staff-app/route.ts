/**
 * Addresses of the screens. They hold ids only: an address is kept in histories and logs, content is not. Ours and not
 * a library's: each address is a value that is checked whole, and a library would stand beside the keys.
 */

export type Route =
  | { readonly at: "start" }
  | { readonly at: "inbox"; readonly inbox: string }
  | { readonly at: "letter"; readonly inbox: string; readonly submission: string }
  | { readonly at: "access"; readonly inbox: string }
  | { readonly at: "ask"; readonly inbox: string }
  | { readonly at: "end"; readonly inbox: string; readonly grant: string; readonly person: string }
  | { readonly at: "requests" }
  | { readonly at: "request"; readonly request: string }
  | { readonly at: "erasures" }
  | { readonly at: "due" }
  | { readonly at: "erasure"; readonly erasure: string }
  | { readonly at: "people" }
  | { readonly at: "let-out"; readonly person: string }
  | { readonly at: "invite" }
  | { readonly at: "compare"; readonly person: string }
  | { readonly at: "sessions" }
  | { readonly at: "unlockers" }
  | { readonly at: "log" }
  | { readonly at: "incidents" }
  | { readonly at: "register" }
  | {
      readonly at: "new-incident";
      readonly source: "none" | "finding" | "submission" | "grant";
      readonly id: string;
      readonly person: string;
    }
  | {
      readonly at: "incident";
      readonly incident: string /** which part of it, "" for the overview */;
      readonly part: string /** what stands behind it, for the part to read */;
      readonly rest: readonly string[];
    }
  | { readonly at: "findings" }
  | { readonly at: "finding"; readonly finding: string }
  | { readonly at: "nowhere" };

const ID = /^[0-9a-f]{32}$/;

/** The screen of a path; what no screen answers to is `nowhere`. */
export function parsePath(path: string): Route {
  const parts = path.split("/").slice(1);
  const [first = "", one = "", second = "", three = "", four = ""] = parts;
  const ids = (...given: string[]): boolean => given.every((part) => ID.test(part));
  if (first === "incidents" && parts.length > 1) return incidentPath(parts.slice(1));
  switch (parts.length) {
    case 1:
      if (first === "") return { at: "start" };
      return first === "requests" ||
        first === "erasures" ||
        first === "people" ||
        first === "sessions" ||
        first === "unlockers" ||
        first === "log" ||
        first === "incidents" ||
        first === "findings" ||
        first === "register"
        ? { at: first }
        : { at: "nowhere" };
    case 2:
      if (first === "erasures" && one === "due") return { at: "due" };
      if (first === "people" && one === "invite") return { at: "invite" };
      if (!ids(one)) break;
      if (first === "inbox" || first === "access") return { at: first, inbox: one };
      if (first === "requests") return { at: "request", request: one };
      if (first === "erasures") return { at: "erasure", erasure: one };
      if (first === "findings") return { at: "finding", finding: one };
      break;
    case 3:
      if (first === "letter" && ids(one, second)) return { at: "letter", inbox: one, submission: second };
      if (first === "people" && second === "end" && ids(one)) return { at: "let-out", person: one };
      if (first === "people" && second === "words" && ids(one)) return { at: "compare", person: one };
      if (first === "access" && second === "ask" && ids(one)) return { at: "ask", inbox: one };
      break;
    case 5:
      if (first === "access" && second === "end" && ids(one, three, four))
        return { at: "end", inbox: one, grant: three, person: four };
  }
  return { at: "nowhere" };
}

const PART = /^[a-z0-9-]{1,64}$/;

/** `/incidents/new[/finding/ID | /submission/ID | /grant/GRANT/PERSON]` and `/incidents/ID[/PART[/…]]`. */
function incidentPath([first = "", ...rest]: readonly string[]): Route {
  if (first === "new") {
    const [source = "", id = "", person = "", ...more] = rest;
    if (rest.length === 0) return { at: "new-incident", source: "none", id: "", person: "" };
    if ((source === "finding" || source === "submission") && ID.test(id) && rest.length === 2)
      return { at: "new-incident", source, id, person: "" };
    return source === "grant" && ID.test(id) && ID.test(person) && more.length === 0
      ? { at: "new-incident", source, id, person }
      : { at: "nowhere" };
  }
  if (!ID.test(first) || rest.some((part) => !PART.test(part))) return { at: "nowhere" };
  return { at: "incident", incident: first, part: rest[0] ?? "", rest: rest.slice(1) };
}

export const paths = {
  start: "/",
  requests: "/requests",
  erasures: "/erasures",
  due: "/erasures/due",
  people: "/people",
  letOut: (person: string): string => `/people/${person}/end`,
  invite: "/people/invite",
  compare: (person: string): string => `/people/${person}/words`,
  sessions: "/sessions",
  unlockers: "/unlockers",
  log: "/log",
  findings: "/findings",
  finding: (finding: string): string => `/findings/${finding}`,
  incidents: "/incidents",
  register: "/register",
  newIncident: (...from: readonly string[]): string => ["/incidents/new", ...from].join("/"),
  incident: (incident: string, ...part: readonly string[]): string => ["/incidents", incident, ...part].join("/"),
  inbox: (inbox: string): string => `/inbox/${inbox}`,
  letter: (inbox: string, submission: string): string => `/letter/${inbox}/${submission}`,
  access: (inbox: string): string => `/access/${inbox}`,
  ask: (inbox: string): string => `/access/${inbox}/ask`,
  end: (inbox: string, grant: string, person: string): string => `/access/${inbox}/end/${grant}/${person}`,
  erasure: (erasure: string): string => `/erasures/${erasure}`,
  request: (request: string): string => `/requests/${request}`,
} as const;
