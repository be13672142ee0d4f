/** A staff server that lies: what somebody asks, or what they are answered, is changed on the way. */
import { fromUtf8, toUtf8 } from "../../src/domain/bytes.ts";
import { parseJson } from "../../src/domain/canonical.ts";
import { makeApi } from "../../src/member/wire/api.ts";
import type { Visit } from "./staffed.ts";

type Json = any;

export type Lie = {
  /** of which addresses */
  readonly at: RegExp;
  /** what the server is asked instead: an honest one logs and answers that, and all of it fits together */
  readonly asked?: (body: Json) => Json;
  readonly answered?: (answer: Json) => Json;
};

/** The same person with the same keys, at a server that lies. */
export function liedTo<V extends Visit>(visit: V, lie: Lie): V {
  const send: V["send"] = async ({ method, path, body }) => {
    if (!lie.at.test(path)) return visit.send({ method, path, body });
    const asked = body !== null && lie.asked ? JSON.stringify(lie.asked(parseJson(body))) : body;
    const { status, bytes } = await visit.send({ method, path, body: asked });
    if (status !== 200 || !lie.answered) return { status, bytes };
    return { status, bytes: toUtf8(JSON.stringify(lie.answered(parseJson(fromUtf8(bytes))))) };
  };
  return { ...visit, send, api: makeApi(send) };
}
