/** Who wrote: a name, and the ways in which the person may be reached. Every one of them is invented. */
import type { AddressAnswer } from "../src/domain/form/answer.ts";
import type { Draw } from "./draw.ts";
import { ORIGINS } from "./names.ts";
import { COUNTIES, DWELLINGS, MAIL_HOSTS, STREETS, TOWNS } from "./places.ts";

export type Writer = {
  readonly name: string;
  /** null: has none, and is reached by post or telephone */
  readonly email: string | null;
  readonly telephone: string;
  readonly address: AddressAnswer & { readonly town: string; readonly postcode: string };
};

const TICKETS = ORIGINS.flatMap((origin) => Array<typeof origin>(origin.share).fill(origin));
const TITLES = ["Dr ", "Cllr ", "Rev ", "Mx ", "Prof "];

/** A name; one in nine mixes two origins, as families do. */
export function drawName(draw: Draw): string {
  const origin = draw.pick(TICKETS);
  const other = draw.chance(0.11) ? draw.pick(TICKETS) : origin;
  const name = `${draw.pick(origin.given)} ${draw.pick(other.family)}`;
  return draw.chance(0.04) ? draw.pick(TITLES) + name : name;
}

/** An address under `.example` from a name in any script. */
function drawEmail(draw: Draw, name: string): string {
  const plain = name.normalize("NFKD").replace(/[łŁ]/g, "l").replace(/ı/g, "i").toLowerCase();
  const parts = plain
    .split(/[\s-]+/)
    .map((part) => part.replace(/[^a-z]/g, ""))
    .filter((part) => part.length > 1 && part.length < 20);
  const [given = "writer", family = String(10 + draw.below(9_000))] = parts.slice(-2);
  const local = draw.pick([
    `${given}.${family}`,
    `${given[0]}${family}`,
    `${family}${10 + draw.below(89)}`,
    `${given}${draw.below(1_000)}`,
  ]);
  return `${local}@${draw.pick(MAIL_HOSTS)}`;
}

/** A number that Ofcom keeps for drama: it rings nobody. */
const drawTelephone = (draw: Draw): string =>
  draw.pick(["07700 900", "07700 900", "01632 960"]) + String(draw.below(1_000)).padStart(3, "0");

function drawAddress(draw: Draw): Writer["address"] {
  const { town, area } = draw.pick(TOWNS);
  const dwelling = draw.pick(DWELLINGS).replace("#", String(1 + draw.below(140)));
  const letters = "ABDEFGHJLNPQRSTUWXYZ";
  const postcode = `${area} ${draw.below(10)}${draw.pick([...letters])}${draw.pick([...letters])}`;
  const street = draw.pick(STREETS);
  const two = dwelling.endsWith(",");
  const lines = two ? { line1: dwelling.slice(0, -1), line2: street } : { line1: `${dwelling} ${street}` };
  return { ...lines, town, ...(draw.chance(0.3) && { county: draw.pick(COUNTIES) }), postcode };
}

/** A named person; four in five have e-mail, unless the address is given. */
export function drawWriter(draw: Draw, name: string, email?: string | null): Writer {
  const drawn = draw.chance(0.8) ? drawEmail(draw, name) : null;
  return {
    name,
    email: email === undefined ? drawn : email,
    telephone: drawTelephone(draw),
    address: drawAddress(draw),
  };
}
