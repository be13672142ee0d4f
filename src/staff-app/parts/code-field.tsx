/** Six digits from an app, or a recovery code in their place. */
import { typedCode } from "../../domain/person/totp.ts";
import { TextField } from "./fields.tsx";
import { problemOf, type Problem } from "./problems.tsx";

type Props = {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly problems: readonly Problem[];
  /** whether a recovery code is taken, too */
  readonly recovery: boolean;
};

export const CodeField = ({ value, onChange, problems, recovery }: Props) => (
  <TextField
    id="code"
    label="Code"
    hint={recovery ? "Six digits from your app, or a recovery code." : "Six digits from your app."}
    autocomplete="one-time-code"
    value={value}
    onChange={onChange}
    problem={problemOf(problems, "code")}
  />
);

/** What is wrong with what was typed before anybody is asked: a slip uses up no try. */
export function problemsOfCode(typed: string, recovery: boolean): readonly Problem[] {
  const read = typedCode(typed);
  if (read !== null && (recovery || "code" in read)) return [];
  const asked = recovery
    ? "Enter the six digits from your app, or the sixteen letters and digits of one recovery code"
    : "Enter the six digits from your app";
  return [{ field: "code", text: typed.trim() === "" ? "Enter the code" : asked }];
}
