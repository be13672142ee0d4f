/** What went to and fro after a letter, in the order in which it came: what its writer added, what was answered. */
import type { Added, Letter, ThreadReply } from "../../../member/hands/tasks.ts";
import { nameOf, type BodyWorld } from "../../../member/flows/world.ts";
import { sentence } from "../../../domain/problem.ts";
import { Warning } from "../../parts/banner.tsx";
import { Link } from "../../parts/link.tsx";
import { paths } from "../../route.ts";
import { machine, moment, number, roleName } from "../../words/format.ts";
import { Written } from "./written.tsx";

type Props = { readonly inbox: string; readonly letter: Letter; readonly world: BodyWorld };

export function Thread({ inbox, letter, world }: Props) {
  const replies = letter.thread.ok ? letter.thread.replies : [];
  const items = [
    ...letter.added.map((one) => ({
      at: one.receivedAt,
      id: one.submission,
      item: <AddedLater inbox={inbox} added={one} />,
    })),
    ...replies.map((one) => ({ at: one.at, id: one.reply, item: <Answer world={world} reply={one} /> })),
  ].sort((a, b) => a.at - b.at);
  return (
    <>
      {letter.thread.ok ? null : <Warning>{sentence(letter.thread.code)}</Warning>}
      {items.length === 0 ? null : (
        <>
          <h2 class="govuk-heading-m">Between you and them</h2>
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

const Answer = ({ world, reply }: { readonly world: BodyWorld; readonly reply: ThreadReply }) => (
  <>
    <h3 class="govuk-heading-s">
      Answered by {nameOf(world, reply.person).name}, {roleName(reply.role)}
    </h3>
    <p class="govuk-body">
      {reply.text === null ? (
        <span class="pb-quiet">Sealed to a key that you do not hold.</span>
      ) : (
        <Written lines={[reply.text]} />
      )}
    </p>
    <p class="govuk-body-s pb-quiet">
      <When at={reply.at} />, log entry {number(reply.entry)}.{" "}
      {reply.fetchedAt === null ? (
        "Nobody with their words has fetched it yet, as far as the server says."
      ) : (
        <>
          Fetched by somebody with their words, as the server says: <When at={reply.fetchedAt} />.
        </>
      )}
    </p>
  </>
);
