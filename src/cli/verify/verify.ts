/** Verifying a log with what a desk has: the machine's own hash, and its threads. */
import { hash } from "node:crypto";
import type { Sha256 } from "../../domain/log/growth.ts";
import type { Report } from "../../domain/verify/report.ts";
import { verifyLogBy, type Asked } from "../../domain/verify/verify.ts";
import { newThreads } from "./threads.ts";

export const sha: Sha256 = (bytes) => hash("sha256", bytes, "buffer");

/**
 * @throws `Refusal`, `Fault` only for what could not be read at all; what is wrong with the log stands in the report
 */
export const verifyLog = (asked: Asked): Promise<Report> => verifyLogBy({ sha, newThreads }, asked);
