/** Mailboxes in memory: what arrived at each address, newest first. They end with the process. */

export type Mail = {
  readonly id: number;
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly at: number;
};

export type Mailboxes = {
  readonly put: (mail: Omit<Mail, "id">) => void;
  readonly addresses: () => readonly { readonly address: string; readonly count: number; readonly at: number }[];
  readonly of: (address: string) => readonly Mail[];
  readonly count: () => number;
};

/** Beyond this many the oldest go: it is a demonstration. */
const MOST = 5_000;

export function newMailboxes(): Mailboxes {
  const all: Mail[] = [];
  let next = 1;
  return {
    put: (mail) => {
      all.unshift({ ...mail, id: next++ });
      all.length = Math.min(all.length, MOST);
    },
    addresses: () => {
      const found = new Map<string, { address: string; count: number; at: number }>();
      for (const { to, at } of all) {
        const known = found.get(to) ?? { address: to, count: 0, at };
        found.set(to, { ...known, count: known.count + 1 });
      }
      return [...found.values()];
    },
    of: (address) => all.filter(({ to }) => to === address),
    count: () => all.length,
  };
}
