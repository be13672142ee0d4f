/**
 * The public pages as HTML: what must stand on each, what never may, and that nothing somebody wrote becomes markup.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { renderer } from "../../src/counter/render.ts";
import { checkAnswers } from "../../src/domain/form/answers.ts";
import { completeBodyOf } from "../../src/domain/form/body.ts";
import { namesOf, type Fields } from "../../src/domain/form/fields.ts";
import { formOf } from "../../src/domain/form/form.ts";
import { homeView } from "../../src/domain/form/home.ts";
import { readersSentence } from "../../src/domain/form/who.ts";
import { INFO_PAGES, infoView } from "../../src/domain/form/info.ts";
import {
  checkView,
  closedView,
  confirmationView,
  errorView,
  formView,
  hiddenOf,
  type FormPage,
  type Site,
  type View,
} from "../../src/domain/form/page.ts";
import fc, { values } from "../support/drawn.ts";

const root = new URL("../..", import.meta.url).pathname;
const read = (name: string): Record<string, unknown> => JSON.parse(readFileSync(`${root}forms/${name}.json`, "utf8"));
const render = renderer(root);
const site: Site = {
  base: "",
  counterOrigin: "https://counter.example",
  staffOrigin: "https://staff.example",
  demonstration: false,
  assets: {
    "public.css": "/assets/public.css",
    "form-page.guard.js": "/assets/guard.js",
    "form-page.js": "/assets/page.js",
  },
  preload: ["/assets/chunk.js"],
};
const form = formOf(read("victims-commissioner"));
const body = completeBodyOf(read("bodies/harrowmere"));
const setup = {
  installation: "0".repeat(32),
  body: "harrowmere",
  root: "0".repeat(64),
  zone: "Europe/London",
  publicOrigin: "https://public.example",
  formHash: "1".repeat(64),
  keyUrl: "/forms/x/key",
  submissionsUrl: "/submissions",
};
const page: FormPage = { site, form, body, readers: { count: 6, owners: 2, officers: 4, auditors: 0 }, setup };
const fields: Fields = { "your-name": "Sam", reply: "none", "what-happened": "It happened" };
const answers = checkAnswers(form, fields);
assert.ok(answers.ok);

const views: Record<string, View> = {
  form: formView(page),
  counter: formView({
    ...page,
    setup: null,
    fields,
    problems: [{ question: "your-name", field: "your-name", text: "Enter a name" }],
  }),
  "browser only": formView({ ...page, form: formOf({ ...read("victims-commissioner"), browserOnly: true }) }),
  check: checkView({ site, form, body, answers: answers.answers, hidden: [] }),
  confirmation: confirmationView(site, form, body, "PB-1", ["able", "baker"], 0),
  closed: closedView(site, form, body, "closed"),
  ...Object.fromEntries(INFO_PAGES.map((name) => [name, infoView(site, body, name)])),
};

for (const [name, view] of Object.entries(views)) {
  // Each page bears the body's name; no style inside the page and no crown either.
  test(`${name}: has the pages that the law asks for, and no inline script or other site`, () => {
    const html = render(view);
    assert.match(html, /<title>[^<]+Harrowmere Office for Policing and Justice<\/title>/);
    for (const link of INFO_PAGES) assert.ok(html.includes(`href="/bodies/harrowmere/${link}"`), link);
    assert.equal((html.match(/<h1/g) ?? []).length, 1);
    assert.doesNotMatch(html, /<style| style=| on\w+="|crown|gov\.uk/i);
    for (const [, attributes, content] of html.matchAll(/<script([^>]*)>([^]*?)<\/script>/g))
      assert.ok(/src=/.test(attributes!) ? content === "" : /type="application\/json"/.test(attributes!));
    assert.doesNotMatch(html, /(?:src|action)="https?:\/\/(?!counter\.example)/);
    assert.doesNotMatch(html, /demonstration/i);
    assert.match(
      render({ ...view, data: { ...view.data, layout: { ...(view.data["layout"] as object), demonstration: true } } }),
      /This is a demonstration\. Do not write anything real\./,
    );
  });
}

// The form says before its first question who can read, that the host cannot, and how long it is kept.
test("a form with an exit says without script that the browser may keep what is written", () => {
  const draw = (change: object): string => render(formView({ ...page, form: formOf({ ...form, ...change }) }));
  const warning =
    /<div class="govuk-inset-text" data-without-script>\s*<p class="govuk-body">Your browser has JavaScript turned off, or is too old for it here, so it may keep what you write on this device until you close the browser/;
  assert.match(draw({}), warning);
  assert.doesNotMatch(draw({ exitPage: null }), warning);
  assert.doesNotMatch(draw({ browserOnly: true }), warning);
});

test("the form says first who can read, that the host cannot, and how long it is kept", () => {
  const html = render(views["form"]!);
  const before = html.slice(0, html.indexOf("data-question"));
  assert.match(
    before,
    /6 named people at Harrowmere Office for Policing and Justice can read what you send: 2 who are responsible for the information, and 4 case officers\./,
  );
  assert.match(before, /Harrowmere City Authority, which runs this website, cannot read it/);
  assert.match(before, /Harrowmere Office for Policing and Justice keeps it for two years/);
  assert.match(html.slice(html.indexOf('id="sealing-note"')), /unsealed[^]*<button/);
  assert.match(before, /Exit this page/);
});

test("who can read is said by role, and nobody is called what they are not", () => {
  const sentence = (owners: number, officers: number, auditors: number): string =>
    readersSentence({ count: owners + officers + auditors, owners, officers, auditors }, "A body").replace(
      /^.* at A body can read what you send/,
      "",
    );
  assert.equal(sentence(2, 0, 0), ". They are responsible for the information.");
  assert.equal(sentence(1, 0, 0), ". This person is responsible for the information.");
  assert.equal(sentence(2, 0, 1), ": 2 who are responsible for the information, and 1 data protection officer.");
  assert.equal(sentence(1, 1, 0), ": 1 who is responsible for the information, and 1 case officer.");
  assert.equal(
    sentence(2, 3, 2),
    ": 2 who are responsible for the information, 3 case officers, and 2 data protection officers.",
  );
  assert.equal(sentence(0, 3, 1), ": 3 case officers and 1 data protection officer.");
  assert.equal(sentence(0, 0, 1), ": 1 data protection officer.");
});

// A browser-only form has no form element and says where else to go; without script its questions stay hidden.
test("a browser-only form has no form element and says where else to go", () => {
  const html = render(views["browser only"]!);
  assert.doesNotMatch(html, /<form|<button|formaction/);
  assert.match(html, /<div id="letter" hidden>/);
  assert.match(html, /01632 960 455/);
});

test("a form that is served without script loads none", () =>
  assert.doesNotMatch(render(views["counter"]!), /<script|modulepreload/));

test("a question that depends on another says so in a sentence, tied to the field", () => {
  const html = render(views["form"]!);
  assert.match(
    html,
    /<p class="pb-when" id="email-when" data-without-script>Only answer this if you chose “Email” for “How can we reach you safely\?”<\/p>/,
  );
  assert.match(html, /<input[^>]*id="email"[^>]*aria-describedby="email-when email-hint"/);
});

test("whatever somebody wrote stays text, on the form and on the summary, and comes back whole", () => {
  const nasty = fc.constantFrom(
    "</textarea><script>x</script>",
    '"><img src=x onerror=x>',
    "{{ 7*7 }}",
    "{% include 'x' %}",
    "<!--",
    "&lt;b&gt;",
    "' onfocus=x autofocus='",
  );
  const text = fc.oneof(nasty, fc.string({ unit: "binary", maxLength: 60 }));
  const names = form.questions.flatMap(namesOf);
  const tags = (html: string): string => [...html.matchAll(/<[a-z/!][^>]*?(?=[\s>])/gi)].map(([tag]) => tag).join(" ");
  const blank = tags(
    render(formView({ ...page, setup: null, fields: Object.fromEntries(names.map((name) => [name, "x"])) })),
  );
  fc.assert(
    fc.property(fc.record(Object.fromEntries(names.map((name) => [name, text]))), (sent) => {
      const html = render(formView({ ...page, setup: null, fields: sent }));
      assert.equal(tags(html), blank, "an answer became markup");
    }),
    { numRuns: values(25) },
  );
  fc.assert(
    fc.property(text, text, (name, story) => {
      const checked = checkAnswers(form, { ...fields, "your-name": `n${name}`, "what-happened": `s${story}` });
      assert.ok(checked.ok);
      const html = render(
        checkView({ site, form, body, answers: checked.answers, hidden: hiddenOf({ a: name, b: [story, name] }) }),
      );
      assert.doesNotMatch(html, /<script|<img|onerror=x>/);
    }),
    { numRuns: values(60) },
  );
});

test("an answer that looks like a template is shown as it is", () => {
  const html = render(formView({ ...page, setup: null, fields: { "your-name": "{{ 7*7 }}" } }));
  assert.match(html, /id="your-name"[^>]*value="\{\{ 7\*7 \}\}"/);
});

test("the start page leads through the demonstration in eight steps, and lists the open forms", () => {
  const groups = [{ body, forms: [form] }];
  const demo = render(homeView({ ...site, demonstration: true }, groups));
  assert.equal((demo.match(/class="pb-steps__step"/g) ?? []).length, 8);
  assert.match(demo, /in eight steps/);
  assert.match(demo, /href="\/forms\/victims-commissioner"/);
  const real = render(homeView(site, groups));
  assert.doesNotMatch(real, /Sign in|pb-steps/);
  assert.match(real, /href="\/bodies\/harrowmere\/privacy"/);
  const none = render(homeView(site, []));
  assert.match(none, /No form is open/);
  assert.match(
    render(errorView(site, null, "Page not found", "There is nothing at this address.")),
    /<h1[^>]*>Page not found/,
  );
});
