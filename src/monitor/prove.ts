/**
 * The monitor's proof of itself: it must find a hole that is really there, by the same means as any other, and must not
 * find one where there is none.
 */
import { fork } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { join } from "node:path";
import { newId } from "../domain/seal/random.ts";
import { markerWords } from "../domain/watch/marker.ts";
import type { Observation } from "../domain/watch/finding.ts";
import type { Config } from "./config.ts";
import { FILES, EACH_ROUND, lookAtFile, placeOfFile } from "./files.ts";
import { observe } from "./judge-answer.ts";
import { needlesOf, SEALED } from "./needles.ts";
import { NotLooked } from "./asker.ts";

export const PROOF = "proof of the monitor itself";
const PATIENCE = 10_000;
const WANTED = ["file-exposed", "marker-seen", "sealed-bytes"] as const;

/**
 * Nothing where the detector works; one observation that names what it missed where it does not.
 * @param look the detector; a test gives a broken one
 */
export async function prove(config: Config, look = lookAtFile): Promise<Observation[]> {
  const submission = newId();
  const sealed = new Uint8Array(Buffer.concat([Buffer.from("age-encryption.org/v1\n"), randomBytes(400)]));
  const words = markerWords(config.secret, submission);
  const needles = [...SEALED, ...needlesOf(submission, words, [sealed])];
  const path = FILES[randomInt(FILES.length)]!;
  const hole = await startHole(
    config,
    path,
    `-- PostgreSQL database dump\n${words}\n${Buffer.from(sealed).toString("base64")}\n`,
  );
  try {
    const beside = EACH_ROUND.filter((other) => other !== path);
    const seen: Observation[] = [];
    for (const one of [path, ...beside])
      seen.push(...(await look({ ...config, origins: { hole: hole.origin } }, "hole", one, needles, "")));
    const at = placeOfFile("hole", path);
    const missed = WANTED.filter((code) => !seen.some((one) => one.place === at && one.code === code));
    const invented = seen.filter((one) => one.place !== at);
    const of = { place: PROOF, body: null, form: null };
    return missed.length + invented.length === 0
      ? []
      : [
          observe(
            of,
            "detector-broken",
            `missed at ${path}: ${missed.join(", ") || "nothing"}; found where nothing was: ${invented.length}`,
          ),
        ];
  } finally {
    hole.end();
  }
}

function startHole(
  config: Config,
  path: string,
  content: string,
): Promise<{ readonly origin: string; readonly end: () => void }> {
  const host = new URL(config.origins.public!).hostname;
  const child = fork(join(import.meta.dirname, "seeded-hole.ts"), [], {
    env: {
      PATH: process.env["PATH"] ?? "",
      PB_HOLE: JSON.stringify({ path, content }),
      ...(host === "localhost" ? {} : { PB_HOLE_HOST: "127.0.0.1" }),
    },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  return new Promise((done, fail) => {
    const late = setTimeout(() => {
      child.kill();
      fail(new NotLooked("the hole did not begin in time"));
    }, PATIENCE);
    child.once("error", fail);
    child.once("message", (message) => {
      clearTimeout(late);
      const { port } = message as { readonly port: number };
      done({
        origin: `http://${host === "localhost" ? "localhost" : "127.0.0.1"}:${port}`,
        end: () => void child.kill(),
      });
    });
    child.once("exit", () => {
      clearTimeout(late);
      fail(new NotLooked("the hole ended by itself"));
    });
  });
}
