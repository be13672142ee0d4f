/** Files of this device. They are handed to the worker as they are; nothing of this page sends them anywhere. */
import type { Common } from "./fields.tsx";
import { ErrorMessage } from "./problems.tsx";

type Props = Common & { readonly multiple?: boolean; readonly onChange: (files: readonly File[]) => void };

export function FileField({ id, label, hint, problem, multiple = false, onChange }: Props) {
  const described = [hint ? `${id}-hint` : "", problem ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div class={`govuk-form-group${problem ? " govuk-form-group--error" : ""}`}>
      <label class="govuk-label govuk-label--s" for={id}>
        {label}
      </label>
      {hint ? (
        <div id={`${id}-hint`} class="govuk-hint">
          {hint}
        </div>
      ) : null}
      <ErrorMessage id={`${id}-error`} text={problem} />
      <input
        class={`govuk-file-upload${problem ? " govuk-file-upload--error" : ""}`}
        id={id}
        name={id}
        type="file"
        multiple={multiple}
        aria-describedby={described || undefined}
        onChange={(event) => onChange([...(event.currentTarget.files ?? [])])}
      />
    </div>
  );
}
