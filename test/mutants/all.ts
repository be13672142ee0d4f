/** Every control that is taken out, by matter. */
import type { Control } from "./control.ts";
import { ACCESS } from "./controls/access.ts";
import { ACTS } from "./controls/acts.ts";
import { ANSWERS } from "./controls/answers.ts";
import { ASIDE } from "./controls/aside.ts";
import { COUNTER } from "./controls/counter.ts";
import { HANDED_IN } from "./controls/handed-in.ts";
import { INCIDENT } from "./controls/incident.ts";
import { JOINING } from "./controls/joining.ts";
import { KEEPING } from "./controls/keeping.ts";
import { LOG } from "./controls/log.ts";
import { LOGS } from "./controls/logs.ts";
import { MAIL } from "./controls/mail.ts";
import { PAGES } from "./controls/pages.ts";
import { PROCESSES } from "./controls/processes.ts";
import { DESK } from "./controls/desk.ts";
import { REPLIES } from "./controls/replies.ts";
import { ROWS } from "./controls/rows.ts";
import { SEAL } from "./controls/seal.ts";
import { SERVER } from "./controls/server.ts";
import { SQL } from "./controls/sql.ts";
import { STATEMENTS } from "./controls/statements.ts";
import { UNLOCKERS } from "./controls/unlockers.ts";
import { WATCH } from "./controls/watch.ts";
import { ZONES } from "./controls/zones.ts";

export const CONTROLS: readonly Control[] = [
  ...ACCESS,
  ...SEAL,
  ...STATEMENTS,
  ...ACTS,
  ...ANSWERS,
  ...DESK,
  ...REPLIES,
  ...LOG,
  ...LOGS,
  ...INCIDENT,
  ...MAIL,
  ...HANDED_IN,
  ...WATCH,
  ...SQL,
  ...ASIDE,
  ...ROWS,
  ...SERVER,
  ...COUNTER,
  ...PAGES,
  ...PROCESSES,
  ...ZONES,
  ...JOINING,
  ...UNLOCKERS,
  ...KEEPING,
];
