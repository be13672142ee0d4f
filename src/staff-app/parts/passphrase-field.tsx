/** Seven words: hidden unless asked for, paste welcome. */
import { useState } from "preact/hooks";
import { ErrorMessage } from "./problems.tsx";

type Props = {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly problem: string | undefined;
};

export function PassphraseField({ value, onChange, problem }: Props) {
  const [shown, setShown] = useState(false);
  return (
    <div class={`govuk-form-group govuk-password-input${problem ? " govuk-form-group--error" : ""}`}>
      <label class="govuk-label govuk-label--s" for="passphrase">
        Passphrase
      </label>
      <div id="passphrase-hint" class="govuk-hint">
        Seven words with spaces between them. You can paste them.
      </div>
      <ErrorMessage id="passphrase-error" text={problem} />
      <div class="govuk-input__wrapper govuk-password-input__wrapper">
        <input
          class={`govuk-input govuk-password-input__input${problem ? " govuk-input--error" : ""}`}
          id="passphrase"
          name="passphrase"
          type={(shown ? "text" : "password") as "text"}
          value={value}
          autocomplete="current-password"
          spellcheck={false}
          autocapitalize="none"
          aria-describedby={`passphrase-hint${problem ? " passphrase-error" : ""}`}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
        <button
          type="button"
          class="govuk-button govuk-button--secondary govuk-password-input__toggle"
          aria-controls="passphrase"
          aria-label={shown ? "Hide passphrase" : "Show passphrase"}
          onClick={() => setShown(!shown)}
        >
          {shown ? "Hide" : "Show"}
        </button>
      </div>
    </div>
  );
}
