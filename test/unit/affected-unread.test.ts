/**
 * "No evidence" is never said over something that was not read: a line in another form, a quotation mark that was not
 * escaped, a file that is cut, a file that is something else. And the visitor is found by its shape.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { AccessLog } from "../../src/domain/affected/access-log.ts";
import { normaliseAddress } from "../../src/domain/affected/address.ts";
import { logQuestion, type LogAsk } from "../../src/domain/affected/question.ts";
import { verdictOf, verdictWords } from "../../src/domain/affected/verdict.ts";
import fc, { values } from "../support/drawn.ts";

const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === "string" ? new TextEncoder().encode(content) : content;

function read(content: string | Uint8Array, more: Partial<LogAsk> = {}, piece = 1 << 16) {
  const asked = logQuestion({ exposed: "/results", own: null, known: [], window: { from: null, to: null }, ...more });
  if (!asked.ok) throw new Error(asked.problems.join("\n"));
  const log = new AccessLog(asked.question);
  const part = log.part("access.log");
  const bytes = bytesOf(content);
  for (let at = 0; at < bytes.length; at += piece) part.push(bytes.slice(at, at + piece));
  part.end();
  const reading = log.reading();
  const verdict = verdictOf(reading);
  const kind = verdict.kind === "cannot-tell" ? verdict.why : verdict.kind;
  return { reading, verdict, kind, words: verdictWords(verdict, "Europe/London").join("\n") };
}
const line = (target: string, head = "203.0.113.9 - -", tail = '"-" "Mozilla/5.0"'): string =>
  `${head} [11/Nov/2022:09:12:01 +0000] "GET ${target} HTTP/1.1" 200 5120 ${tail}`;
const quiet = line("/about");
const visitor = (text: string): string | undefined => read(text).reading.visitors[0]?.address;

test("a line that cannot be read is shown, and no evidence is not said over it", () => {
  for (const unread of [
    "11-11-2022 09:12:01 GET /results 200 203.0.113.9",
    '203.0.113.9 - - [11/Nov/2022:09:12:01 +0000] 200 "GET /results HTTP/1.1"',
    '203.0.113.9 - - [11/Nov/2022:09:12:01 +0000] "GET /results"x HTTP/1.1" 200 5120',
    '203.0.113.9 - - [11/Nov/2022:09:12:01 +0000] "GET /re',
    "203.0.113.9 - - [11/No",
    '{"time":"2022-11-11T09:12:01Z","uri":"/results","status":2',
    '{"when":"yesterday","uri":"/results","status":200}',
    "2022-11-11 09:12:01 10.0.0.5 GET /results - 443 - 203.0.113.9 - - 200 0 0 46",
    "web asked for results and got them",
    `${quiet}${line("/results")}`,
    `x${"y/".repeat(700_000)}`,
  ]) {
    const { kind, verdict, words } = read(`${quiet}\n\n${unread}\n${quiet}\n`);
    assert.equal(kind, "unread", unread.slice(0, 80));
    assert.deepEqual(
      verdict.coverage.unreadLines.map(({ line: number, text }) => [number, text.slice(0, 60)]),
      [[3, unread.slice(0, 60)]],
    );
    assert.match(words, /cannot be told: something of the log could not be read[\s\S]*access\.log, line 3: /);
  }
  for (const noise of [
    "broken",
    "Server is up.",
    "\u0000\u0000\u0000",
    '{"level":"info","msg":"ready","ts":1668157921}',
  ])
    assert.equal(read(`${quiet}\n${noise}\n`).kind, "no-evidence", noise);
});

test("line ends of any kind divide lines", () => {
  for (const end of ["\n", "\r\n", "\r"])
    for (const piece of [1, 50, 1 << 16]) {
      const { reading } = read([quiet, line("/results"), quiet].join(end), {}, piece);
      assert.deepEqual([reading.outcomes.reached, reading.parts[0]!.lines], [1, 3], JSON.stringify(end));
    }
});

test("a line that lies outside the time asked about needs no reading; one without a time does", () => {
  const window = { from: Date.UTC(2022, 10, 11, 9), to: Date.UTC(2022, 10, 11, 10) };
  const outside = '203.0.113.9 - - [12/Nov/2022:09:12:01 +0000] "GET /results"x HTTP/1.1" 200 5120';
  assert.equal(read(`${quiet}\n${outside}\n`, { window }).kind, "no-evidence");
  assert.equal(read(`${quiet}\n${outside}\n`).kind, "unread");
  assert.equal(read(`${quiet}\n${outside} [11/Nov/2022:09:12:01 +0000]\n`, { window }).kind, "unread");
  assert.equal(read(`${quiet}\nGET /results 200\n`, { window }).kind, "unread");
});

// A server that escapes nothing lets a visitor end its own request, with a status of its choice.
test("a request that ends itself is read as none, and cannot hide", () => {
  const forged = '203.0.113.9 - - [11/Nov/2022:09:12:01 +0000] "GET /results HTTP/1.1" 404 0 "-" "x HTTP/1.1" 200 5120';
  assert.equal(read(`${quiet}\n${forged} "-" "Mozilla/5.0"\n`).kind, "unread");
  const escaped = forged.replace('1" 404 0 "-" "x', '1\\" 404 0 \\"-\\" \\"x');
  assert.equal(read(`${quiet}\n${escaped} "-" "Mozilla/5.0"\n`).kind, "reached");
});

// Whatever happens to a line that was a request: it is counted, or it is shown.
test("a request that is damaged anywhere is still counted, or shown", () => {
  const whole = line("/results");
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: whole.length - 1 }),
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom("", '"', "\\", "[", "]", " ", "x", "\u0000", "\n"),
      (at, length, put) => {
        const text = `${quiet}\n${whole.slice(0, at)}${put}${whole.slice(at + length)}\n`;
        const { kind, reading } = read(text);
        // A letter of the address itself, its status or its method: then it is another request.
        const from = whole.indexOf("GET");
        if (at + length >= from && at < whole.indexOf(" 5120")) return;
        assert.ok(kind === "reached" || reading.unread > 0, text);
      },
    ),
    { numRuns: values(3000) },
  );
});

test("every member of a joined gzip is read, in pieces of any size", () => {
  const members = ["/about", "/results", "/results"].map((target) => gzipSync(`${line(target)}\n`));
  for (const piece of [1, 7, 18, 100, 1 << 16]) {
    const { reading, kind } = read(Buffer.concat(members), {}, piece);
    assert.deepEqual([kind, reading.outcomes.reached, reading.parts[0]!.lines], ["reached", 2, 3], `${piece}`);
  }
  assert.equal(read(Buffer.concat([members[0]!, new Uint8Array(600)])).kind, "no-evidence", "filled up with zeros");
});

test("an archive that is cut, damaged or followed by something ends in cannot tell", () => {
  const [one, two] = ["/about", "/contact"].map((target) => gzipSync(`${line(target)}\n`)) as [Buffer, Buffer];
  assert.equal(read(Buffer.concat([one, two])).kind, "no-evidence");
  for (let length = 1; length < one.length + two.length; length++) {
    if (length === one.length) continue;
    assert.notEqual(read(Buffer.concat([one, two]).subarray(0, length)).kind, "no-evidence", `cut at ${length}`);
  }
  assert.equal(read(Buffer.concat([one, Buffer.from("more")])).kind, "unread");
  assert.equal(read(Buffer.concat([one, new Uint8Array(9), Buffer.from("more")])).kind, "unread");
  const wrong = Buffer.from(one);
  wrong[wrong.length - 6]! ^= 1;
  assert.equal(read(wrong).kind, "unread", "a checksum that does not fit");
  assert.match(read(wrong).words, /could not be unpacked to the end/);
});

test("a file is called by what its first bytes say, also inside a packed one", () => {
  const text = `${quiet}\n`;
  for (const [begins, what] of [
    ["\xfd7zXZ\x00", "packed with xz"],
    ["BZh91AY", "packed with bzip2"],
    ["\x28\xb5\x2f\xfd", "packed with zstd"],
    ["7z\xbc\xaf\x27\x1c", "7z archive"],
    ["Rar!\x1a\x07", "RAR archive"],
    ["PK\x03\x04\x14\x00 access.log", "zip archive"],
    ["PK\x03\x04\x14\x00 [Content_Types].xml", "Excel file"],
    ["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"],
    ["%PDF-1.7", "PDF"],
    ["<!DOCTYPE html><html>", "web page"],
    ["ElfFile\x00", "event log of Windows"],
    [`${"a".repeat(257)}ustar`, "tar archive"],
  ] as const) {
    const bytes = Buffer.concat([Buffer.from(begins, "latin1"), Buffer.from(text)]);
    for (const given of [bytes, gzipSync(bytes)]) {
      const { kind, words } = read(given, {}, 5);
      assert.equal(kind, "unread", what);
      assert.match(words, new RegExp(`access\\.log was not read\\. This is .*${what}`));
    }
  }
  const wide = Buffer.from(`\ufeff${line("/results")}\r\n${line("/about")}\r\n`, "utf16le");
  for (const given of [wide, wide.swap16(), gzipSync(wide)])
    assert.equal(read(given, {}, 3).reading.outcomes.reached, 1);
  assert.equal(read(Buffer.from(`${quiet}\r\n`, "utf16le").subarray(0, -1)).kind, "unread", "half a character");
});

test("JSON lines of Caddy, nginx, Traefik and Docker, IIS, CloudFront and syslog are read", () => {
  const edge =
    "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query\n";
  const inner = JSON.stringify(`${line("/results")}\n`);
  for (const text of [
    '{"time_local":"11/Nov/2022:09:12:01 +0000","remote_addr":"203.0.113.9","request":"GET /results HTTP/1.1","status":"200","http_user_agent":"A \\x22b\\x22"}',
    '{"time_iso8601":"2022-11-11T09:12:01+00:00","remote_addr":"10.0.0.2","request_uri":"/%72esults?a=1","uri":"/index.php","status":200,"http_x_forwarded_for":"203.0.113.9"}',
    '{"ClientHost":"203.0.113.9","RequestMethod":"GET","RequestPath":"/results","DownstreamStatus":200,"StartUTC":"2022-11-11T09:12:01.123456789Z"}',
    '{"ts":1668157921.5,"request":{"remote_ip":"10.0.0.2","client_ip":"203.0.113.9","method":"GET","uri":"/results","headers":{"User-Agent":["A"]}},"status":200}',
    `{"log":${inner},"stream":"stdout","time":"2022-11-11T09:12:01.5Z"}`,
    `web-1  | {"ts":1668157921,"request":{"remote_ip":"203.0.113.9","method":"GET","uri":"/results"},"status":200}`,
    `${edge}2022-11-11\t09:12:01\tLHR61\t512\t203.0.113.9\tGET\td1.cloudfront.net\t/results\t200\t-\tMozilla/5.0%20(X11)\t-`,
    `Nov 11 09:12:01 web1 nginx: ${line("/results")}`,
    line("/results").replace("11/Nov/2022:09:12:01 +0000", "2022-11-11T09:12:01+00:00"),
    line("/results").replace('"GET', 'forms.example "-" 0.004 "GET'),
  ]) {
    const { kind, reading } = read(`${text}\n`);
    assert.equal(kind, "reached", text);
    assert.deepEqual(
      reading.visitors.map(({ address }) => address),
      ["203.0.113.9"],
      text,
    );
    assert.equal(
      reading.first,
      Date.UTC(2022, 10, 11, 9, 12, 1) + (/\.5|\.12/.test(text) ? reading.first! % 1000 : 0),
      text,
    );
  }
});

test("the visitor is found by its shape, and what a visitor writes is not taken for one", () => {
  for (const [head, tail, who] of [
    ["203.0.113.9:51234 - -", undefined, "203.0.113.9"],
    ["[2001:db8::9]:443 - -", undefined, "2001:db8::9"],
    ["2001:DB8:0:0::0009 - -", undefined, "2001:db8::9"],
    ["::ffff:cb00:7109 - -", undefined, "203.0.113.9"],
    ["198.51.100.1, 203.0.113.9, 10.0.0.2 - -", undefined, "203.0.113.9"],
    ["unknown, 203.0.113.9 - -", undefined, "203.0.113.9"],
    ["203.0.113.9 - 198.51.100.1", undefined, "203.0.113.9"],
    ["198.51.100.1:80 203.0.113.9 - -", undefined, "203.0.113.9"],
    ["forms.example:443 203.0.113.9 - first last", undefined, "203.0.113.9"],
    ["Nov 11 09:12:01 10.0.0.7 nginx: 203.0.113.9 - -", undefined, "203.0.113.9"],
    ["10.0.0.2 - -", '"-" "Mozilla/5.0" "198.51.100.1, 203.0.113.9"', "203.0.113.9"],
    ["10.0.0.2 - -", '"198.51.100.1" "198.51.100.2" "-" 0.004 203.0.113.9', "203.0.113.9"],
    ["10.0.0.2 - -", '"-" "198.51.100.1"', "10.0.0.2"],
    ["203.0.113.9 - -", '"-" "Mozilla/5.0" "198.51.100.1"', "203.0.113.9"],
    ["pc7.example - -", undefined, "pc7.example"],
    ["forms.example pc7.example - -", undefined, "pc7.example"],
  ] as const)
    assert.equal(visitor(line("/results", head, tail)), who, head);
  fc.assert(
    fc.property(fc.ipV6(), fc.ipV4(), (six, four) => {
      const normal = normaliseAddress(six);
      assert.ok(normal !== null && normaliseAddress(normal) === normal && normaliseAddress(`[${six}]:443`) === normal);
      assert.equal(normaliseAddress(`::ffff:${four}`), four);
    }),
  );
});

test("a known visitor is known in any spelling, by a star, and by a network", () => {
  const six = line("/results", "2001:db8:0:0::9 - -");
  for (const known of ["2001:DB8::0009", "2001:db8::*", "2001:db8::/32"])
    assert.equal(read(six, { known: [known] }).reading.known, 1, known);
  for (const known of ["203.0.113.0/28", "203.0.113.*", "::ffff:203.0.113.9"])
    assert.equal(read(line("/results"), { known: [known] }).reading.known, 1, known);
  for (const known of ["203.0.113.16/28", "2001:db8::/32", "203.0.114.*", "203.0.113.90"])
    assert.equal(read(line("/results"), { known: [known] }).reading.known, 0, known);
});

test("what stands in the place of a visitor and is a proxy is said to be one", () => {
  const inside = [line("/results", "10.0.0.2 - -"), line("/results", "10.0.0.2 - -", '"-" "A" "-"')].join("\n");
  assert.match(read(inside).words, /all come from inside, such as 10\.0\.0\.2: most likely a proxy/);
  assert.match(
    read(line("/results", "unix: - -")).words,
    /“unix:” stands where a visitor’s address should be: most likely a proxy/,
  );
  assert.doesNotMatch(read(`${inside}\n${line("/results")}`).words, /proxy/);
});

test("logs of AWS, Google, Azure and Envoy are read, with their visitor", () => {
  for (const text of [
    'https 2022-11-11T09:12:01.186641Z app/lb/50dc 203.0.113.9:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "GET https://www.example.com:443/results HTTP/1.1" "curl/7.46.0" ECDHE TLSv1.2 arn "Root=1"',
    '2022-11-11T09:12:01.945958Z my-lb 203.0.113.9:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.com:80/results HTTP/1.1" "curl/7.38.0" - -',
    '79a5 bucket1 [11/Nov/2022:09:12:01 +0000] 203.0.113.9 79a5 3E57 REST.GET.OBJECT results "GET /results HTTP/1.1" 200 - 113 - 7 - "-" "S3Console/0.4" -',
    '{"httpRequest":{"requestMethod":"GET","requestUrl":"https://x.example/results","status":200,"remoteIp":"203.0.113.9"},"timestamp":"2022-11-11T09:12:01.1Z"}',
    '{"time":"2022-11-11T09:12:01Z","properties":{"httpMethod":"GET","requestUri":"https://x.example:443/results","clientIp":"203.0.113.9","httpStatusCode":"200"}}',
    '[2022-11-11T09:12:01.123Z] "GET /results HTTP/1.1" 200 - 0 5 1 - "203.0.113.9" "M" "id" "x.example" "10.0.0.1:80"',
  ]) {
    const { kind, reading } = read(`${text}\n`);
    assert.deepEqual([kind, reading.visitors.map(({ address }) => address)], ["reached", ["203.0.113.9"]], text);
  }
  // What a visitor sends is not taken for an address: a method, a path, a referrer, an agent.
  for (const forged of [
    line("/results", "- - -").replace("GET", "198.51.100.66"),
    line("/results?198.51.100.66", "- - -"),
    line("/results", "- - -", '"198.51.100.66" "198.51.100.66"'),
  ])
    assert.notEqual(visitor(forged), "198.51.100.66", forged);
});

test("a log in a format that is not read is called by its name, with what to ask for", () => {
  for (const [text, name] of [
    [
      'lb haproxy[14]: 203.0.113.9:33 [11/Nov/2022:09:12:01.655] in st/s1 10/0/30/69/109 200 27 "GET /results"',
      /HAProxy/,
    ],
    ["1668157921.123    100 203.0.113.9 TCP_MISS/200 1000 GET http://x.example/results - DIRECT/1.2.3.4", /Squid/],
    [
      "203.0.113.9, -, 11/11/2022, 09:12:01, W3SVC1, SRV, 10.0.0.1, 46, 100, 200, 200, 0, GET, /results, -,",
      /W3C extended/,
    ],
    ["2022-11-11 09:12:01 10.0.0.5 GET /results - 443 - 203.0.113.9 M - 200 0 0 46", /without its “#Fields” line/],
    [
      '2022/11/11 09:12:02 [error] 12#12: *1 open() "/srv/results" failed, client: 203.0.113.9',
      /error log.*access log/,
    ],
    ["[Fri Nov 11 09:12:01.123456 2022] [core:error] [pid 1] File does not exist: /var/www/results", /Apache’s error/],
    ['2022-11-11T09:12:01+00:00 heroku[router]: at=info method=GET path="/results" status=200', /Heroku/],
    ['time="2022-11-11T09:12:01Z" method=GET path=/results status=200 remote=203.0.113.9', /logfmt/],
    ['[{"time":"2022-11-11T09:12:01Z","uri":"/results","status":200}]', /JSON lines/],
    ["2022-11-11T09:12:01Z,203.0.113.9,GET,/results,200", /a table/],
  ] as const) {
    const { kind, words } = read(`${quiet}\n${text}\n`);
    assert.equal(kind, "unread", text);
    assert.match(words, name, text);
  }
  assert.doesNotMatch(read(`${quiet}\n203.0.113.9 said /results\n`).words, /has lines/);
});
