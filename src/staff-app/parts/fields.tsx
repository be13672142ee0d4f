/** One question with one control. Values live in the screen; nothing is remembered by the browser. */
import type { ComponentChildren } from "preact";
import { ErrorMessage } from "./problems.tsx";

export type Common = {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly problem?: string | undefined;
};

const described = ({ id, hint, problem }: Common): string | undefined =>
  [hint ? `${id}-hint` : "", problem ? `${id}-error` : ""].filter(Boolean).join(" ") || undefined;
const group = (problem: string | undefined): string => `govuk-form-group${problem ? " govuk-form-group--error" : ""}`;
const Hint = ({ id, hint }: { readonly id: string; readonly hint: string | undefined }) =>
  hint ? (
    <div id={`${id}-hint`} class="govuk-hint">
      {hint}
    </div>
  ) : null;

type TextProps = Common & {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: "text" | "email" | "search";
  readonly width?: string;
  readonly autocomplete?: string;
  readonly small?: boolean;
};

export function TextField(props: TextProps) {
  const {
    id,
    label,
    hint,
    problem,
    value,
    onChange,
    type = "text",
    width = "",
    autocomplete = "off",
    small = false,
  } = props;
  return (
    <div class={group(problem)}>
      <label class={`govuk-label${small ? "" : " govuk-label--s"}`} for={id}>
        {label}
      </label>
      <Hint id={id} hint={hint} />
      <ErrorMessage id={`${id}-error`} text={problem} />
      <input
        class={`govuk-input${width ? ` govuk-input--width-${width}` : ""}${problem ? " govuk-input--error" : ""}`}
        id={id}
        name={id}
        type={type as "text"}
        value={value}
        autocomplete={autocomplete}
        spellcheck={false}
        autocapitalize="none"
        aria-describedby={described(props)}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}

type AreaProps = Common & {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly rows?: number;
  readonly spellcheck?: boolean;
};

export function TextArea(props: AreaProps) {
  const { id, label, hint, problem, value, onChange, rows = 4, spellcheck = true } = props;
  return (
    <div class={group(problem)}>
      <label class="govuk-label govuk-label--s" for={id}>
        {label}
      </label>
      <Hint id={id} hint={hint} />
      <ErrorMessage id={`${id}-error`} text={problem} />
      <textarea
        class={`govuk-textarea${problem ? " govuk-textarea--error" : ""}`}
        id={id}
        name={id}
        rows={rows}
        value={value}
        autocomplete="off"
        spellcheck={spellcheck}
        aria-describedby={described(props)}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}

export type Choice = {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
  readonly disabled?: boolean;
  readonly more?: ComponentChildren;
};

type GroupProps = Common & { readonly children: ComponentChildren; readonly size?: "m" | "s" };

/** A fieldset whose legend is the question. */
function Fieldset(props: GroupProps) {
  const { id, label, hint, problem, children, size = "s" } = props;
  return (
    <div class={group(problem)}>
      <fieldset class="govuk-fieldset" aria-describedby={described(props)}>
        <legend class={`govuk-fieldset__legend govuk-fieldset__legend--${size}`}>{label}</legend>
        <Hint id={id} hint={hint} />
        <ErrorMessage id={`${id}-error`} text={problem} />
        {children}
      </fieldset>
    </div>
  );
}

type ChoicesProps = Common & {
  readonly choices: readonly Choice[];
  readonly kind: "radio" | "checkbox";
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
};

/** Radios or checkboxes. The first control carries the id, so that the error summary's link lands on it. */
export function Choices(props: ChoicesProps) {
  const { id, choices, kind, chosen, onChange } = props;
  const name = kind === "radio" ? "radios" : "checkboxes";
  const toggle = (value: string) => {
    if (kind === "radio") onChange([value]);
    else onChange(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  };
  return (
    <Fieldset {...props}>
      <div class={`govuk-${name}`}>
        {choices.map(({ value, label, hint, disabled = false, more }, index) => {
          const own = index === 0 ? id : `${id}-${index + 1}`;
          return (
            <div key={value} class="pb-choice">
              <div class={`govuk-${name}__item`}>
                <input
                  class={`govuk-${name}__input`}
                  id={own}
                  name={id}
                  type={kind}
                  value={value}
                  checked={chosen.includes(value)}
                  disabled={disabled}
                  aria-describedby={hint ? `${own}-item-hint` : undefined}
                  onChange={() => toggle(value)}
                />
                <label class={`govuk-label govuk-${name}__label`} for={own}>
                  {label}
                </label>
                {hint ? (
                  <div id={`${own}-item-hint`} class={`govuk-hint govuk-${name}__hint`}>
                    {hint}
                  </div>
                ) : null}
              </div>
              {more && chosen.includes(value) ? <div class={`govuk-${name}__conditional`}>{more}</div> : null}
            </div>
          );
        })}
      </div>
    </Fieldset>
  );
}

export type Day = { readonly day: string; readonly month: string; readonly year: string };
export const NO_DAY: Day = { day: "", month: "", year: "" };

/** Day, month and year as three fields, as GOV.UK asks for dates. */
export function DateField(props: Common & { readonly value: Day; readonly onChange: (value: Day) => void }) {
  const { id, value, onChange, problem } = props;
  const part = (key: keyof Day, label: string, width: string) => (
    <div class="govuk-date-input__item">
      <div class="govuk-form-group">
        <label class="govuk-label govuk-date-input__label" for={key === "day" ? id : `${id}-${key}`}>
          {label}
        </label>
        <input
          class={`govuk-input govuk-date-input__input govuk-input--width-${width}${problem ? " govuk-input--error" : ""}`}
          id={key === "day" ? id : `${id}-${key}`}
          name={`${id}-${key}`}
          type="text"
          inputMode="numeric"
          autocomplete="off"
          value={value[key]}
          onInput={(event) => onChange({ ...value, [key]: event.currentTarget.value })}
        />
      </div>
    </div>
  );
  return (
    <Fieldset {...props}>
      <div class="govuk-date-input">
        {part("day", "Day", "2")}
        {part("month", "Month", "2")}
        {part("year", "Year", "4")}
      </div>
    </Fieldset>
  );
}
