/** Six digits from an app, or a recovery code in their place. */
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
