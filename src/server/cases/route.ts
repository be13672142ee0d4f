/** Cases: what is done about a letter. */
import * as contract from "../../contract/cases.ts";
import type { App } from "../http/app.ts";
import { serve } from "../http/serve.ts";
import { signedIn, type Staff } from "../http/visitor.ts";
import { actOnCase, sendReply } from "./action.ts";

export async function caseRoutes(app: App, { config, pool, chains }: Staff): Promise<void> {
  serve(app, contract.sendReply, async ({ params, content, request }) =>
    sendReply(pool, chains, config.sealing, signedIn(request), { ...params, ...content }),
  );
  serve(app, contract.actOnCase, async ({ params, content, request }) =>
    actOnCase(pool, chains, config.sealing, signedIn(request), { ...params, ...content }),
  );
}
