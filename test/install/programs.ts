/**
 * Programs that Debian has and a machine need not: the one of the system, or one that is unpacked beside it for this
 * run. Nothing is installed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

export type Found = { readonly path: string; readonly environment: NodeJS.ProcessEnv };

const unpacked = mkdtempSync(join(tmpdir(), "pillarbox-programs-"));

/**
 * @param packages that it and its libraries come in
 * @throws what apt says where it cannot be fetched
 */
export function program(name: string, packages: readonly string[]): Found {
  const places = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  const here = places.map((place) => join(place, name)).find((path) => existsSync(path));
  if (here) return { path: here, environment: process.env };
  const fetched = spawnSync("apt-get", ["download", "-qq", ...packages], { cwd: unpacked, encoding: "utf8" });
  if (fetched.status !== 0) throw new Error(`${name} is not here and could not be fetched: ${fetched.stderr}`);
  for (const file of globSync("*.deb", { cwd: unpacked }))
    spawnSync("dpkg", ["-x", join(unpacked, file), unpacked], { stdio: "inherit" });
  const [path] = globSync(`usr/{bin,sbin}/${name}`, { cwd: unpacked });
  if (path === undefined) throw new Error(`${packages.join(" ")} hold no ${name}`);
  const libraries = globSync("usr/lib/*-linux-gnu", { cwd: unpacked }).map((one) => join(unpacked, one));
  return {
    path: join(unpacked, path),
    environment: { ...process.env, ...(libraries.length > 0 && { LD_LIBRARY_PATH: libraries.join(delimiter) }) },
  };
}
