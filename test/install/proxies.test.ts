/**
 * Behind nginx, Caddy and HAProxy, each as docs/proxies/ says it: over TLS, with host names of their own, the counter at
 * a path of the public pages. A letter is written with script and without, and an officer reads both.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import dns from "node:dns";
import { globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import tls from "node:tls";
import type { Browser } from "playwright-core";
import type { Ports } from "../../supervisor/checks.ts";
import { freeLocalPorts } from "../../supervisor/free-ports.ts";
import { answer, fillForm, launchBrowser } from "../support/browser.ts";
import { sitDown } from "../support/staff-desk.ts";
import { staffedWorld, type StaffedWorld } from "../support/staffed.ts";
import { markerWord } from "../support/traces.ts";
import { program } from "./programs.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const NAMES = { forms: "forms.localhost", staff: "staff.localhost" };

type Settings = { readonly directory: string; readonly at: number; readonly ports: Ports };
type Kind = {
  readonly packages: readonly string[];
  readonly snippet: string;
  /** Writes what the program reads, around the snippet, and says how it is started. */
  readonly lay: (settings: Settings, snippet: string) => readonly string[];
};

/** The snippet with the names, ports and certificates of this run in place of the examples. */
const filledIn = (text: string, { directory, ports }: Settings): string =>
  text
    .replaceAll("forms.example.org", NAMES.forms)
    .replaceAll("staff.example.org", NAMES.staff)
    .replaceAll("127.0.0.1:3000", `127.0.0.1:${ports.public}`)
    .replaceAll("127.0.0.1:3001", `127.0.0.1:${ports.staff}`)
    .replaceAll("127.0.0.1:3002", `127.0.0.1:${ports.counter}`)
    .replaceAll("/etc/ssl/pillarbox", join(directory, "pillarbox"));

const KINDS: { readonly [name: string]: Kind } = {
  nginx: {
    packages: ["nginx", "nginx-common", "libpcre2-8-0"],
    snippet: "nginx.conf",
    lay: ({ directory, at }, snippet) => {
      const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
        (name) => `${name}_temp_path ${join(directory, name)};`,
      );
      writeFileSync(
        join(directory, "nginx.conf"),
        `daemon off; worker_processes 1; pid ${join(directory, "pid")}; error_log ${join(directory, "error.log")};
events {}
http { ${places.join(" ")}
${snippet.replaceAll("listen 443", `listen 127.0.0.1:${at}`).replaceAll("/var/log/nginx", directory)}
}`,
      );
      return ["-e", join(directory, "error.log"), "-p", directory, "-c", join(directory, "nginx.conf")];
    },
  },
  caddy: {
    packages: ["caddy"],
    snippet: "Caddyfile",
    lay: ({ directory, at }, snippet) => {
      const places = snippet.replaceAll(
        /^(forms|staff)\.localhost \{/gm,
        (_, name) => `https://${name}.localhost:${at} {\n\tbind 127.0.0.1`,
      );
      writeFileSync(
        join(directory, "Caddyfile"),
        `{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n${places}`,
      );
      return ["run", "--adapter", "caddyfile", "--config", join(directory, "Caddyfile")];
    },
  },
  haproxy: {
    packages: ["haproxy", "liblua5.3-0", "libopentracing-c-wrapper0", "libopentracing1", "libpcre2-8-0"],
    snippet: "haproxy.cfg",
    lay: ({ directory, at }, snippet) => {
      writeFileSync(join(directory, "haproxy.cfg"), snippet.replace("bind :443", `bind 127.0.0.1:${at}`));
      return ["-db", "-f", join(directory, "haproxy.cfg")];
    },
  },
};

/** Certificates of this run, and the programs of this process trust them; names below localhost are this machine. */
function certificates(directory: string): void {
  const at = (end: string): string => join(directory, `pillarbox.${end}`);
  const { status, stderr } = spawnSync("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
    ...["-subj", "/CN=pillarbox", "-addext", `subjectAltName=DNS:${NAMES.forms},DNS:${NAMES.staff}`],
    ...["-keyout", at("key"), "-out", at("crt")],
  ]);
  assert.equal(status, 0, String(stderr));
  writeFileSync(at("pem"), readFileSync(at("crt"), "utf8") + readFileSync(at("key"), "utf8"));
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), readFileSync(at("crt"), "utf8")]);
}

const lookup = dns.lookup;
// The system's resolver need not know names below localhost, as browsers do.
dns.lookup = ((name: string, ...rest: unknown[]) =>
  (lookup as (...words: unknown[]) => void)(
    name.endsWith(".localhost") ? "127.0.0.1" : name,
    ...rest,
  )) as typeof dns.lookup;

const listens = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      socket.destroy();
      done(true);
    });
    socket.once("error", () => done(false));
  });

type Said = { readonly status: number; readonly headers: IncomingHttpHeaders };

/** One request of a visitor at an address of its own: this machine has all of 127.0.0.0/8. */
const askFrom = (
  localAddress: string,
  url: string,
  { body, ...headers }: { readonly [name: string]: string } = {},
): Promise<Said> =>
  new Promise((done, fail) => {
    const method = body === undefined ? "GET" : "POST";
    const sent = request(url, { localAddress, method, headers, agent: false }, (answer) => {
      answer.resume();
      answer.once("end", () => done({ status: answer.statusCode ?? 0, headers: answer.headers }));
    });
    sent.once("error", fail);
    sent.end(body);
  });

/** The limits that an installation has: they are what the proxies must not blur. */
const LIMITS = { submissionsPerMinute: 120, requestsPerMinute: 1200, signInsPerMinute: 20 };

for (const [name, kind] of Object.entries(KINDS))
  describe(`behind ${name}`, () => {
    const directory = mkdtempSync(join(tmpdir(), "pillarbox-proxy-"));
    const word = markerWord();
    const unscripted = markerWord();
    let t: StaffedWorld;
    let browser: Browser;
    let proxy: ChildProcess | undefined;
    let settings: Settings;

    before(async () => {
      certificates(directory);
      const [at] = (await freeLocalPorts(1)) as [number];
      t = await staffedWorld({
        also: ["counter"],
        limits: LIMITS,
        config: async (ports) => {
          settings = { directory, at, ports };
          const [forms, staff] = [`https://${NAMES.forms}:${at}`, `https://${NAMES.staff}:${at}`];
          return { publicOrigin: forms, counterOrigin: forms, staffOrigin: staff, proxies: ["127.0.0.1"] };
        },
      });
      browser = await launchBrowser(["--ignore-certificate-errors"]);
    });
    after(async () => {
      await browser?.close();
      await t?.stop();
      proxy?.kill();
      rmSync(directory, { recursive: true, force: true });
    });

    it("everything is up before the proxy is, and is then reached through it", async () => {
      assert.equal(await listens(settings.at), false);
      const snippet = filledIn(readFileSync(join(ROOT, "docs/proxies", kind.snippet), "utf8"), settings);
      const { path, environment } = program(name, kind.packages);
      proxy = spawn(path, kind.lay(settings, snippet), {
        env: { ...environment, HOME: directory, XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory },
        stdio: ["ignore", "inherit", "inherit"],
      });
      while (!(await listens(settings.at))) {
        assert.equal(proxy.exitCode, null, `${name} ended`);
        await wait(50);
      }
      for (const [origin, path] of [
        [t.config.publicOrigin, "/"],
        [t.config.staffOrigin, "/"],
        [t.config.publicOrigin, `/forms/${t.forms.contact.id}`],
      ]) {
        const { status, headers } = await askFrom("127.0.0.1", `${origin}${path}`);
        assert.equal(status, 200, `${origin}${path}`);
        assert.equal(headers["strict-transport-security"], "max-age=63072000");
        assert.equal(headers["cache-control"], "no-store");
      }
    });

    it("a letter with script and one without go in by the public name", async () => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`${t.config.publicOrigin}/forms/${t.forms.contact.id}`);
      await fillForm(page, t.forms.contact, word);
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await page.getByRole("heading", { name: "Sent" }).waitFor();
      await context.close();

      const plain = await browser.newContext({ javaScriptEnabled: false });
      const form = await plain.newPage();
      await form.goto(`${t.config.publicOrigin}/forms/${t.forms.contact.id}`);
      for (const question of t.forms.contact.questions) await answer(form, question, unscripted);
      await form.getByRole("button", { name: /Continue|Check your answers/ }).click();
      await form.getByRole("heading", { name: /Check your answers/ }).waitFor();
      assert.equal(new URL(form.url()).origin, t.config.publicOrigin);
      await form.getByRole("button", { name: /send/i }).click();
      await form.locator(".pb-words").waitFor();
      await plain.close();
    });

    it("an officer who was granted access reads both", async () => {
      await t.grant(t.forms.contact, [t.person("case officer")]);
      const inbox = await t.inboxOf(t.forms.contact);
      const { page, context } = await sitDown(browser, t, t.person("case officer"), `/inbox/${inbox}`);
      const links = page.getByRole("link", { name: /^PB-/ });
      await links.first().waitFor();
      const letters = await links.evaluateAll((found) => found.map((one) => one.getAttribute("href")!));
      assert.equal(letters.length, 2);
      const read: string[] = [];
      for (const letter of letters) {
        await page.locator(`a[href="${letter}"]`).click();
        await page.getByText(/These are the answers that were received: log entry/).waitFor();
        read.push(await page.locator("main").innerText());
        await page.goBack();
      }
      for (const one of [word, unscripted]) assert.ok(read.some((text) => text.includes(one)));
      await context.close();
    });

    it("each of 200 visitors has a limit of its own, and no header changes whose it is", async () => {
      const asks = (nth: number, forged = ""): Promise<Said> =>
        askFrom(`127.${nth + 1}.0.1`, `${t.config.staffOrigin}/api/session`, {
          origin: t.config.staffOrigin,
          "content-type": "application/json",
          ...(forged !== "" && { "x-forwarded-for": forged, forwarded: `for=${forged}`, "x-real-ip": forged }),
          body: JSON.stringify({ account: "nobody@harrowmere.example", signIn: "" }),
        });
      for (let i = 0; i < LIMITS.signInsPerMinute; i++) assert.notEqual((await asks(0)).status, 429, `try ${i + 1}`);
      assert.equal((await asks(0)).status, 429);
      assert.equal((await asks(0, "198.18.0.7")).status, 429, "a forged address is no way out");
      for (let nth = 1; nth <= 200; nth++)
        assert.notEqual((await asks(nth, "127.1.0.1")).status, 429, `visitor ${nth}`);
    });

    it("nothing of a letter, and nobody's address, is kept by the proxy", async () => {
      const long = `message=${unscripted.repeat(60_000)}`;
      const sent = await askFrom("127.0.0.1", `${t.config.counterOrigin}/counter/forms/${t.forms.contact.id}`, {
        "content-type": "application/x-www-form-urlencoded",
        body: long,
      });
      assert.ok(sent.status >= 200 && sent.status < 500, String(sent.status));
      const files = globSync("**/*", { cwd: directory }).map((one) => join(directory, one));
      for (const file of files.filter((one) => statSync(one).isFile())) {
        const text = readFileSync(file, "latin1");
        assert.ok(!text.includes(unscripted), file);
        assert.doesNotMatch(text, /buffered to a temporary file/, file);
        if (file.endsWith("pillarbox.log")) assert.doesNotMatch(text, /127\.\d+\.0\.1|forms\/|api\//, file);
      }
    });
  });
