/** In the demonstration only: the invented people and their passphrases. */
import type { DemoPerson } from "../../../contract/setup.ts";
import { Button } from "../../parts/button.tsx";

type Props = { readonly people: readonly DemoPerson[]; readonly onUse: (person: DemoPerson) => void };

export const DemoPeople = ({ people, onUse }: Props) => (
  <section class="pb-demo" aria-labelledby="demo-title">
    <h2 class="govuk-heading-m" id="demo-title">
      Who you can be in this demonstration
    </h2>
    <p class="govuk-body">
      These people are invented, and so are their passphrases. A real installation shows neither.
    </p>
    <ul class="pb-demo__list">
      {people.map((person) => (
        <li class="pb-demo__person" key={person.email}>
          <div class="pb-demo__text">
            <p class="govuk-body govuk-!-margin-bottom-1">
              <strong>{person.name}</strong>, {person.part}
              {person.body ? `, ${person.body}` : ""}
            </p>
            <p class="govuk-body-s govuk-!-margin-bottom-1">{person.email}</p>
            <p class="govuk-body-s pb-demo__words">{person.passphrase}</p>
          </div>
          <Button kind="secondary" onPress={() => onUse(person)} hidden={person.name}>
            Use
          </Button>
        </li>
      ))}
    </ul>
  </section>
);
