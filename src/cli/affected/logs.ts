/** Access logs from files, packed or not, read in pieces: memory does not grow with them. */
import { open, type FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { AccessLog, type LogReading } from "../../domain/affected/access-log.ts";
import type { LogQuestion } from "../../domain/affected/question.ts";
import { Refusal } from "../say.ts";

const PIECE = 1 << 20;

/** Reads all files. @param progress told the bytes read of each file so far @throws `Refusal` */
export async function readLogs(
  files: readonly string[],
  question: LogQuestion,
  progress: (bytes: number) => void = () => {},
): Promise<LogReading> {
  const log = new AccessLog(question);
  const names = new Set<string>();
  for (const file of files) {
    // Two directories may hold parts of the same name.
    const name = names.has(basename(file)) ? file : basename(file);
    names.add(name);
    const handle = await open(file).catch(() => {
      throw new Refusal(
        `The file ${file} cannot be read. Nothing was concluded. Check its name and that you may read it.`,
      );
    });
    try {
      await readPart(handle, log.part(name), progress);
    } catch (thrown) {
      if (thrown instanceof Refusal) throw thrown;
      throw new Refusal(
        `The file ${file} could not be read to its end (${(thrown as NodeJS.ErrnoException).code ?? "a fault"}). Nothing was concluded. Copy it to this machine and try again.`,
      );
    } finally {
      await handle.close();
    }
  }
  return log.reading();
}

async function readPart(
  handle: FileHandle,
  part: ReturnType<AccessLog["part"]>,
  progress: (bytes: number) => void,
): Promise<void> {
  // Two buffers: the next piece is fetched while this one is looked at.
  const buffers = [Buffer.allocUnsafe(PIECE), Buffer.allocUnsafe(PIECE)] as const;
  let next = handle.read(buffers[0], 0, PIECE, 0);
  for (let at = 0, turn = 0; ; turn++) {
    const { bytesRead } = await next;
    if (bytesRead === 0) return part.end();
    at += bytesRead;
    next = handle.read(buffers[(turn + 1) % 2]!, 0, PIECE, at);
    part.push(buffers[turn % 2]!.subarray(0, bytesRead));
    progress(bytesRead);
  }
}
