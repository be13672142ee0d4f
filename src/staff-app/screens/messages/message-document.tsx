/** One message as it will be read. The same words go by e-mail and by post. */
import { letterTo, type MessageTemplate } from "../../../domain/mail/template.ts";
import type { AffectedPerson } from "../../../domain/affected/person.ts";

type Props = {
  readonly template: MessageTemplate;
  readonly person: AffectedPerson /** lines of an address, for an envelope with a window */;
  readonly to?: readonly string[] | undefined;
  readonly from?: string;
  readonly on?: string;
};

export function MessageDocument({ template, person, to, from, on }: Props) {
  const { opening, sections, signature } = letterTo(template, person);
  return (
    <div class="pb-message">
      {to ? (
        <address class="pb-message__address">
          {[person.name, ...to]
            .filter((line) => line.trim() !== "")
            .map((line, index) => (
              <div key={index}>{line}</div>
            ))}
        </address>
      ) : null}
      {from ? (
        <p class="govuk-body pb-message__from">
          {from}
          {on ? (
            <>
              <br />
              {on}
            </>
          ) : null}
        </p>
      ) : null}
      {opening.split(/\n{2,}/).map((text, index) => (
        <p class="govuk-body pb-written" key={index}>
          {text}
        </p>
      ))}
      {sections.map(({ title, paragraphs }) => (
        <section key={title}>
          <h3 class="govuk-heading-s">{title}</h3>
          {paragraphs.map((text, index) => (
            <p class="govuk-body pb-written" key={index}>
              {text}
            </p>
          ))}
        </section>
      ))}
      <p class="govuk-body">
        {signature.map((line, index) => (
          <span key={index}>
            {line}
            <br />
          </span>
        ))}
      </p>
    </div>
  );
}
