/** One piece of work after the other, in the order asked. */
export type Turns = <T>(work: () => T | Promise<T>) => Promise<T>;

export function newTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}
