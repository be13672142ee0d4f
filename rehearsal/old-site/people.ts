/**
 * The letters of 394 invented people, as the old site's forms would have kept them: some wrote more than once, and not
 * under one spelling.
 */
import { syntheticLetters } from "../../demo/letters.ts";
import type { Store } from "./store.ts";

/** The demonstration's 394 letters are of 388 people; these make up the number. */
const MORE = [
  "Ottoline Vance",
  "Idris Penhaligon",
  "Marguerite Osei-Bonsu",
  "Callum Threlkeld",
  "Yetunde Marchbanks",
  "Rhiannon Skelhorn",
];

/** @returns how many letters there are now */
export function fillWithPeople(store: Store, at?: Date): number {
  const letters = [
    ...syntheticLetters(),
    ...syntheticLetters()
      .slice(0, MORE.length)
      .map((letter, i) => ({
        ...letter,
        writer: {
          ...letter.writer,
          name: MORE[i]!,
          email: `${MORE[i]!.toLowerCase().replaceAll(/[^a-z]+/g, ".")}@letters.example`,
          telephone: null,
          address: { ...letter.writer.address, line1: `${i + 1} Almoner Row` },
        },
      })),
  ];
  for (const form of ["complaint", "commissioner"] as const) {
    const own = letters.filter(({ to }) => (to === "complaint") === (form === "complaint"));
    store.fill(
      form,
      own.map(({ writer, happened, wanted }) => ({
        name: writer.name,
        email: writer.email ?? "",
        telephone: writer.telephone ?? "",
        address: [
          writer.address.line1,
          writer.address.line2,
          writer.address.town,
          writer.address.county,
          writer.address.postcode,
        ]
          .filter(Boolean)
          .join(", "),
        [form === "complaint" ? "reason" : "message"]: `${happened} ${wanted}`,
      })),
      at,
    );
  }
  return letters.length;
}
