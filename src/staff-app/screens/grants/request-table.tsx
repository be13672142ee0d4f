/** Requests in rows: who asked, for whom, and where it stands. */
import { and, count, day } from "../../words/format.ts";
import { paths } from "../../route.ts";
import { STATE_COLOURS, STATE_WORDS } from "../../words/words.ts";
import { askerOf, nameOf, type Asked, type BodyWorld, inboxOf } from "../../../member/flows/world.ts";
import { Link } from "../../parts/link.tsx";
import { Tag } from "../../parts/banner.tsx";
import { Table } from "../../parts/table.tsx";

type Props = {
  readonly caption: string;
  readonly requests: readonly Asked[];
  readonly worlds: readonly BodyWorld[];
  readonly form?: boolean;
};

export function RequestTable({ caption, requests, worlds, form = false }: Props) {
  const columns = [
    { id: "people", title: "For" },
    ...(form ? [{ id: "form", title: "Form" }] : []),
    { id: "asker", title: "Asked by" },
    { id: "asked", title: "Asked on" },
    { id: "state", title: "State" },
    { id: "open", title: "Action", hiddenTitle: true },
  ];
  const rows = requests
    .toSorted((a, b) => b.askedAt - a.askedAt)
    .map((request) => {
      const world = worlds.find((one) => one.body.id === request.body);
      const names = world ? request.persons.map((person) => nameOf(world, person).name) : [];
      const title = world ? (inboxOf(world, request.inbox)?.title ?? "") : "";
      return {
        id: request.request,
        cells: [
          names.length > 4 ? count(names.length, "person", "people") : and(names),
          ...(form ? [title] : []),
          askerOf(world, request).name,
          day(request.askedAt),
          <Tag colour={STATE_COLOURS[request.state]}>{STATE_WORDS[request.state]}</Tag>,
          <Link to={paths.request(request.request)} hidden={`at the request for ${and(names)}`}>
            Look
          </Link>,
        ],
      };
    });
  return <Table caption={caption} captionHidden columns={columns} rows={rows} />;
}
