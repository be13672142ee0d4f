/** What happened after a letter came, in its order: what its writer added, what was answered, noted and done. */
import type { Added, Letter, ThreadAct } from "../../../member/hands/tasks.ts";
import { nameOf, type BodyWorld } from "../../../member/flows/world.ts";
import { sentence } from "../../../domain/problem.ts";
import { Warning } from "../../parts/banner.tsx";
import { Link } from "../../parts/link.tsx";
import { paths } from "../../route.ts";
import { machine, moment, number, roleName } from "../../words/format.ts";
import { OUTCOME_WORDS } from "../../words/words.ts";
import { Written } from "./written.tsx";

type Props = { readonly inbox: string; readonly letter: Letter; readonly world: BodyWorld };

export function Thread({ inbox, letter, world }: Props) {
  const acts = letter.thread.ok ? letter.thread.acts : [];
  const items = [
    ...letter.added.map((one) => ({
      at: one.receivedAt,
      id: one.submission,
      item: <AddedLater inbox={inbox} added={one} />,
    })),
    ...acts.map((one) => ({ at: one.at, id: `act ${one.entry}`, item: <Done world={world} act={one} /> })),
  ].sort((a, b) => a.at - b.at);
  return (
    <>
      {letter.thread.ok ? null : <Warning>{sentence(letter.thread.code)}</Warning>}
      {items.length === 0 ? null : (
        <>
          <h2 class="govuk-heading-m">History</h2>
          <ol class="pb-thread">
            {items.map(({ id, item }) => (
              <li class="pb-thread__item" key={id}>
                {item}
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}

const When = ({ at }: { readonly at: number }) => <time dateTime={machine(at)}>{moment(at)}</time>;

/** Each is opened by itself, and each opening is an entry in the log. */
const AddedLater = ({ inbox, added }: { readonly inbox: string; readonly added: Added }) => (
  <>
    <h3 class="govuk-heading-s">They added something</h3>
    <p class="govuk-body">
      <Link to={paths.letter(inbox, added.submission)}>
        <span class="pb-reference">{added.reference}</span>
      </Link>
      , <When at={added.receivedAt} />
    </p>
  </>
);

/** An act in a sentence, with the text that belongs to it. */
function Done({ world, act }: { readonly world: BodyWorld; readonly act: ThreadAct }) {
  return (
    <>
      <h3 class="govuk-heading-s">{titleOf(world, act)}</h3>
      {act.kind === "case.replied" || act.kind === "case.noted" ? (
        <p class="govuk-body">
          {act.text === null ? (
            <span class="pb-quiet">Sealed to a key that you do not hold.</span>
          ) : (
            <Written lines={[act.text]} />
          )}
        </p>
      ) : null}
      <p class="govuk-body-s pb-quiet">
        <When at={act.at} />, log entry {number(act.entry)}. <After act={act} />
      </p>
    </>
  );
}

function titleOf(world: BodyWorld, act: ThreadAct): string {
  const who = `${nameOf(world, act.person).name}, ${roleName(act.role)}`;
  switch (act.kind) {
    case "case.replied":
      return `Answered by ${who}`;
    case "case.noted":
      return `Note by ${who}`;
    case "case.assigned":
      return act.to === act.person ? `Taken by ${who}` : `Given to ${nameOf(world, act.to).name} by ${who}`;
    case "case.closed":
      return `Closed by ${who}: ${OUTCOME_WORDS[act.outcome].toLowerCase()}`;
    case "case.reopened":
      return `Opened again by ${who}`;
  }
}

/** What whoever wrote the letter sees of it. */
function After({ act }: { readonly act: ThreadAct }) {
  if (act.kind === "case.noted") return "Whoever wrote the letter does not see this.";
  if (act.kind !== "case.replied") return "Whoever wrote the letter sees this by role, without a name.";
  if (act.fetchedAt === null) return "Nobody with their words has fetched it yet, as far as the server says.";
  return (
    <>
      Fetched by somebody with their words, as the server says: <When at={act.fetchedAt} />.
    </>
  );
}
