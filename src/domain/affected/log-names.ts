/**
 * Lines that are not read are called by the name of what writes them, with what to do; by their shape, and only where it
 * is nobody else's.
 */
const ZONE = "Its times say no zone, so nobody can tell which hour is meant.";
const COMBINED = "Have it written out in the combined format, or look at these lines yourself.";

const SHAPES: readonly (readonly [shape: RegExp, what: string, todo: string])[] = [
  [
    /\bhaproxy\[\d+\]: |^\S+:\d+ \[\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:.]+\] \S+ \S+\/\S+ /,
    "of HAProxy",
    `${ZONE} ${COMBINED}`,
  ],
  [
    /^\d{10}\.\d{3} +\d+ \S+ [A-Z_]+\/\d{3} \d+ [A-Z]+ /,
    "of a Squid proxy",
    `It says whom the proxy asked. Ask for the log of the web server itself. ${COMBINED}`,
  ],
  [
    /^\S+, \S+, \d{1,2}\/\d{1,2}\/\d{2,4}, \d{1,2}:\d\d:\d\d, W3SVC\d*, /,
    "of IIS in its own comma-separated format",
    `${ZONE} Ask for the W3C extended format, whose times are UTC.`,
  ],
  [
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:W3SVC\d+ )?(?:\S+ )?[\da-f.:]+ (?:GET|POST|HEAD|PUT|DELETE|OPTIONS|PATCH) \/\S* /i,
    "of IIS without its “#Fields” line",
    "That line stands at the beginning of the file, and says what each column is. Ask for the whole file.",
  ],
  [
    /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[[a-z]+\] \d+#\d+: /,
    "of nginx’s error log",
    "It says what went wrong, not who was given what. Ask for the access log.",
  ],
  [
    /^\[[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d [\d:.]+ \d{4}\] \[[a-z_]*:?[a-z]+\] /,
    "of Apache’s error log",
    "It says what went wrong, not who was given what. Ask for the access log.",
  ],
  [/\bheroku\[router\]: /, "of Heroku’s router", COMBINED],
  [/^(?:\S+="?[^"]*"? )*(?:method|path|status)=\S+ (?:\S+=)/, "in logfmt", COMBINED],
  [/^\[\s*(?:\{.*)?$/s, "of a JSON list", "Have each request written on a line of its own (JSON lines)."],
  [
    /^\{?\s*$|^\s+"[^"]+": .*,?$|^\}\]?,?$/,
    "of JSON that is laid out over several lines",
    "Have each request written on a line of its own (JSON lines).",
  ],
  [
    /^(?:"[^"]*"|[^,;\t"\s]*)(?:[,;\t](?:"[^"]*"|[^,;\t"]*)){3,}$/,
    "of a table, such as an export",
    "Ask for the file as the web server itself writes it.",
  ],
];

/** "of HAProxy", with what to do; null for what could be anybody's. */
export function lineName(text: string): { readonly what: string; readonly todo: string } | null {
  const found = SHAPES.find(([shape]) => shape.test(text.slice(0, 300)));
  return found ? { what: found[1], todo: found[2] } : null;
}
