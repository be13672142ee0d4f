/** Something that a person can put right: `message` is the one sentence that is shown, and it says what to do. */
export class Refusal extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = "Refusal";
  }
}

/** The system's code of a failed call (`EACCES`, `ENOENT`, …), or "" for anything else. */
export const systemCode = (thrown: unknown): string =>
  thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
