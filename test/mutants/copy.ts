/** A copy of the tree in which controls are taken out; the tree itself is never touched. */
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildIfStale } from "../../supervisor/bundles.ts";
import { changesOf, withoutIt, type Control } from "./control.ts";

/** Not in the copy: what is large and linked, made anew, or somebody's own. */
const LEFT_OUT = ["node_modules", ".git", "data"];

export type Copy = {
  readonly root: string;
  /** Takes a control out, builds the pages anew where they hold it, and puts everything back when the work is done. */
  readonly without: <T>(control: Control, work: () => Promise<T>) => Promise<T>;
  readonly remove: () => void;
};

export function copyOf(root: string): Copy {
  const place = mkdtempSync(join(tmpdir(), "pillarbox-mutants-"));
  // The database's user reads its files below it.
  chmodSync(place, 0o755);
  const copy = join(place, "tree");
  mkdirSync(copy);
  for (const name of readdirSync(root))
    if (!LEFT_OUT.includes(name))
      cpSync(join(root, name), join(copy, name), {
        recursive: true,
        filter: (path) => path !== join(root, "dist/types"),
      });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const pages = join(place, "pages");
  cpSync(join(copy, "dist"), pages, { recursive: true });
  return {
    root: copy,
    without: async (control, work) => {
      const files = [...new Set(changesOf(control).map(({ file }) => file))];
      const before = new Map(files.map((file) => [file, readFileSync(join(copy, file), "utf8")]));
      const built = inPages(control);
      try {
        for (const change of changesOf(control)) {
          const path = join(copy, change.file);
          const text = withoutIt(readFileSync(path, "utf8"), change);
          if (text === null) throw new Error(`${change.file}: "${change.find}" does not stand there exactly once`);
          writeFileSync(path, text);
        }
        if (built) await buildIfStale(copy, { always: true, tell: () => {} });
        return await work();
      } finally {
        for (const [file, text] of before) writeFileSync(join(copy, file), text);
        if (built) {
          rmSync(join(copy, "dist"), { recursive: true, force: true });
          cpSync(pages, join(copy, "dist"), { recursive: true });
        }
      }
    },
    remove: () => rmSync(place, { recursive: true, force: true }),
  };
}

/** Whether a browser would get it, and the tests have one or a server that hands it out. */
const inPages = (control: Control): boolean =>
  changesOf(control).some(({ file }) =>
    /^(?:src\/(?:domain|contract|member|form-page|staff-app)|styles|build)\/|^views\/check-receipt\.html$/.test(file),
  ) && control.tests.some((file) => /^test\/(?:journeys|world|bundles|attack)/.test(file));
