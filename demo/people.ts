/**
 * Who works in the demonstration: a host, a body with its people, and a second body. All invented. Joanna and Joanne
 * Marsden are two people, so that the owner who confirms has a namesake to look out for (T14).
 */
import type { Role } from "../src/contract/session.ts";

export const HARROWMERE = "harrowmere";
export const EASTVALE = "eastvale";

/** `part` is what the start page calls them; `body` is "" for the host's operator. */
export type InventedPerson = {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly body: string;
  readonly part: string;
};

const at =
  (body: string, host: string) =>
  (name: string, role: Role, part: string): InventedPerson => ({
    name,
    role,
    part,
    body,
    email: `${name.toLowerCase().replace(/[^a-z]+/g, ".")}@${host}`,
  });
const host = at("", "city.harrowmere.example");
const harrowmere = at(HARROWMERE, "opj.harrowmere.example");
const eastvale = at(EASTVALE, "commission.eastvale.example");

/**
 * Who of each body is its first owner: the one whose fingerprint is the body's root, and who confirmed all others. So the
 * other owner can let them read.
 */
export const FOUNDER = "deputy owner";

export const PEOPLE: readonly InventedPerson[] = [
  host("Gareth Olorunfemi", "operator", "operator at the host"),
  harrowmere("Imogen Farrar", "owner", "owner"),
  harrowmere("Farhan Qadir", "owner", "deputy owner"),
  harrowmere("Joanna Marsden", "reader", "case officer"),
  harrowmere("Samuel Adjetey", "reader", "case officer"),
  harrowmere("Beatriz Carvalho Hughes", "reader", "case officer"),
  harrowmere("Gurpreet Dhaliwal", "reader", "case officer"),
  harrowmere("Joanne Marsden", "reader", "colleague without a grant"),
  harrowmere("Nerys Probert", "auditor", "auditor"),
  eastvale("Chidinma Bellweather", "owner", "owner"),
  eastvale("Alastair Kinnaird", "owner", "deputy owner"),
];
