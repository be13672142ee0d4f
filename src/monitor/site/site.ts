/** The file that says which old website is watched, and on whose behalf. Read strictly: every problem at once. */
import {
  readFlag,
  readList,
  readObject,
  readSlug,
  readText,
  type JsonObject,
  type Problem,
  type Report,
} from "../../domain/form/read.ts";

export type SiteForm = {
  readonly name: string;
  /** where the page of the form is, from which hidden fields are taken */
  readonly page: string;
  /** where it is sent to */
  readonly action: string;
  /** what is filled in; `{words}` and `{id}` stand for the marker, and at least one field holds `{words}` */
  readonly fields: { readonly [name: string]: string };
  /** words of the page that says that it was sent; "" where any answer but an error will do */
  readonly sent: string;
  /** addresses at which staff see what was sent, and files of it: nobody outside may get an answer there */
  readonly results: readonly string[];
  readonly exports: readonly string[];
};

export type Site = {
  readonly name: string;
  /** scheme, host and port */
  readonly origin: string;
  /** the body of this installation that answers for it; null where none does */
  readonly body: string | null;
  /** an e-mail address for whoever wonders about the requests */
  readonly contact: string;
  /** what the site shows as proof of control */
  readonly token: string;
  readonly forms: readonly SiteForm[];
  /** further addresses, and those that such systems are known to have */
  readonly places: readonly string[];
  readonly guess: boolean;
};

const MOST_PLACES = 200;

/** @returns the site, or what is wrong with the file */
export function parseSite(
  value: unknown,
): { readonly ok: true; readonly site: Site } | { readonly ok: false; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const report: Report = (where, text) => problems.push({ where, text });
  const site = readObject(
    value,
    "",
    report,
    ["name", "address", "contact", "token", "forms"],
    ["body", "places", "guess"],
  );
  const origin = originOf(readText(site, "address", "", report, 200), report);
  const contact = readText(site, "contact", "", report, 200);
  if (contact && !/^[^\s@()<>]+@[^\s@()<>]+$/.test(contact))
    report("contact", "This must be an email address, so that whoever runs the site can ask.");
  const token = readText(site, "token", "", report, 100);
  if (token && !/^[A-Za-z0-9_-]{20,100}$/.test(token))
    report(
      "token",
      "This must be 20 to 100 letters and digits that nobody can guess, for example from `openssl rand -hex 16`.",
    );
  if (Object.hasOwn(site, "body")) readSlug(site, "body", "", report);
  if (Object.hasOwn(site, "guess")) readFlag(site, "guess", "", report);
  const forms = readList(site, "forms", "", report).map((one, index) => readForm(one, `forms.${index}`, report));
  const places = Object.hasOwn(site, "places") ? readPlaces(site, "places", "", report) : [];
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    site: {
      name: String(site["name"]),
      origin,
      body: (site["body"] as string | undefined) ?? null,
      contact,
      token,
      forms,
      places,
      guess: site["guess"] !== false,
    },
  };
}

function originOf(address: string, report: Report): string {
  try {
    const url = new URL(address);
    if (
      (url.protocol === "https:" || url.protocol === "http:") &&
      url.pathname === "/" &&
      url.search + url.hash + url.username === ""
    )
      return url.origin;
  } catch {
    // said below
  }
  report("address", "This must be the address of the website without a path, for example https://www.example.org.");
  return "";
}

function readForm(value: unknown, at: string, report: Report): SiteForm {
  const form = readObject(value, at, report, ["name", "page", "action", "fields", "results"], ["exports", "sent"]);
  const name = readSlug(form, "name", at, report);
  for (const key of ["page", "action"]) checkPath(readText(form, key, at, report, 500), `${at}.${key}`, report);
  const fields = Object.hasOwn(form, "fields")
    ? readObject(form["fields"], `${at}.fields`, report, [], Object.keys((form["fields"] ?? {}) as object))
    : {};
  for (const key of Object.keys(fields)) readText(fields, key, `${at}.fields`, report, 2000);
  if (!Object.values(fields).some((text) => typeof text === "string" && text.includes("{words}")))
    report(`${at}.fields`, "One field must hold {words}: that is what is looked for afterwards.");
  const sent = Object.hasOwn(form, "sent") ? readText(form, "sent", at, report, 200) : "";
  return {
    name,
    page: String(form["page"]),
    action: String(form["action"]),
    fields: fields as SiteForm["fields"],
    sent,
    results: readPlaces(form, "results", at, report),
    exports: Object.hasOwn(form, "exports") ? readPlaces(form, "exports", at, report) : [],
  };
}

function readPlaces(object: JsonObject, key: string, at: string, report: Report): readonly string[] {
  const where = at ? `${at}.${key}` : key;
  const places = readList(object, key, at, report, "empty");
  if (places.length > MOST_PLACES) report(where, `At most ${MOST_PLACES} addresses: each is looked at every minute.`);
  return places.map((place, index) => {
    if (typeof place === "string") checkPath(place, `${where}.${index}`, report);
    else report(`${where}.${index}`, "This must be an address behind the host, beginning with a slash.");
    return String(place);
  });
}

function checkPath(path: string, where: string, report: Report): void {
  if (path && !/^\/(?!\/)[!-~]*$/.test(path))
    report(where, "This must be an address behind the host, beginning with one slash and without spaces.");
}

/** Where systems for forms are known to show what was sent, and what is left lying about. `{form}` is a form's name. */
const KNOWN = [
  "/results",
  "/submissions",
  "/entries",
  "/export",
  "/export.csv",
  "/results.csv",
  "/submissions.csv",
  "/{form}/results",
  "/{form}/submissions",
  "/{form}.csv",
  "/{form}/export.csv",
  "/{form}/export",
  "/admin/structure/webform/manage/{form}/results/submissions",
  "/admin/structure/webform/manage/{form}/results/download",
  "/webform/{form}/submissions",
  "/form/{form}/submissions",
  "/admin/content/webform",
  "/jsonapi/webform_submission/{form}",
  "/wp-json/gf/v2/entries",
  "/wp-json/wpforms/v1/entries",
  "/wp-content/uploads/{form}.csv",
  "/api/{form}",
  "/api/submissions",
  "/api/entries",
  "/feed",
  "/sites/default/files/{form}.csv",
  "/sites/default/files/webform/{form}.csv",
  "/backup.sql",
  "/dump.sql",
  "/database.sql",
  "/backup.zip",
  "/.env",
  "/.git/HEAD",
  "/server-status",
];

/** Looked at more slowly than what was named. */
export const guessed = ({ forms, places, guess }: Site): readonly string[] => [
  ...new Set([
    ...places,
    ...(guess
      ? KNOWN.flatMap((path) =>
          path.includes("{form}") ? forms.map(({ name }) => path.replaceAll("{form}", name)) : [path],
        )
      : []),
  ]),
];

/** What was named as not for strangers: looked at every minute. */
export const named = ({ forms }: Site): readonly string[] => [
  ...new Set(forms.flatMap(({ results, exports }) => [...results, ...exports])),
];
