/** Fits a synthetic letter to the fields of the two forms, as somebody would who fills them in. */
import type { Fields } from "../src/domain/form/fields.ts";
import { drawFor, type Draw } from "./draw.ts";
import type { Letter } from "./letter.ts";

/** The form that each kind of letter goes to: `forms/<id>.json`. */
export const FORM_OF = { complaint: "police-complaint-handling", contact: "victims-commissioner" } as const;

const CONCERNS = ["delay", "not-told", "not-listened", "evidence", "treated", "outcome", "other"];
const ABOUT = ["police", "court", "support", "information", "compensation", "idea"];

/** The fields that a browser would send for this letter. */
export function fieldsFor(letter: Letter): Fields {
  const draw = drawFor("choices", String(letter.number));
  return filled(letter.to === "complaint" ? complaint(letter, draw) : contact(letter, draw));
}

type Filling = { readonly [name: string]: string | readonly string[] | null };

/** Without what was left empty. */
const filled = (filling: Filling): Fields =>
  Object.fromEntries(
    Object.entries(filling).filter((entry): entry is [string, string | readonly string[]] => entry[1] !== null),
  );

function address({ writer }: Letter): Filling {
  const { line1, line2, town, county, postcode } = writer.address;
  return {
    "address-line1": line1,
    "address-line2": line2 ?? null,
    "address-town": town,
    "address-county": county ?? null,
    "address-postcode": postcode,
  };
}

function complaint(letter: Letter, draw: Draw): Filling {
  const { writer, behalf, told } = letter;
  return {
    "on-behalf": behalf ? "someone-else" : "myself",
    ...(behalf && { "their-name": behalf.name, consent: behalf.consent }),
    "earlier-reference": letter.earlier,
    ...(told && {
      "outcome-date-day": String(told.day),
      "outcome-date-month": String(told.month),
      "outcome-date-year": String(told.year),
    }),
    concerns: draw.some(CONCERNS, 1 + draw.below(3)),
    "what-happened": letter.happened,
    "when-happened": letter.when,
    "outcome-wanted": letter.wanted,
    "full-name": writer.name,
    "contact-by": letter.reply,
    ...(letter.reply === "email" ? { email: writer.email } : address(letter)),
    telephone: draw.chance(0.5) ? writer.telephone : null,
    adjustments: letter.adjustments,
  };
}

function contact(letter: Letter, draw: Draw): Filling {
  const { writer, reply } = letter;
  // A first name is enough, says the form.
  const first = writer.name.split(" ")[0]!;
  return {
    "your-name": /^[\p{L}-]{3,}$/u.test(first) && draw.chance(0.4) ? first : writer.name,
    reply,
    ...(reply === "email" && { email: writer.email }),
    ...(reply === "telephone" && { telephone: writer.telephone }),
    ...(reply === "post" && address(letter)),
    ...(reply === "other" && { "safe-channel": letter.safeWay }),
    "safe-times": letter.safeNote,
    about: draw.chance(0.8) ? draw.some(ABOUT, 1 + draw.below(2)) : null,
    "what-happened": letter.happened,
    hope: letter.wanted,
    adjustments: letter.adjustments,
  };
}
