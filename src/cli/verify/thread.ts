/** One thread: a bundle in, what is to be said of it out, in the order asked. */
import { hash } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { lookAt, type Job } from "../../domain/verify/look.ts";

parentPort?.on("message", (job: Job) =>
  parentPort?.postMessage(lookAt(job, (bytes) => hash("sha256", bytes, "buffer"))),
);
