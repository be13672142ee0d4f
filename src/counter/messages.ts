/** What door and workers say to each other. None of it is of a letter. */

/** From the door: what a worker needs to begin, the answers about limits, and that another has taken its place. */
export type ToWorker =
  | { readonly kind: "begin"; readonly credential: string }
  | { readonly kind: "counted"; readonly question: number; readonly current: number; readonly ttl: number }
  | { readonly kind: "replaced" };

/** From a worker: that it listens, that it wants to leave, and one more request of a network. */
export type ToDoor =
  | { readonly kind: "listens" }
  | { readonly kind: "leaves" }
  | {
      readonly kind: "count";
      readonly question: number;
      readonly route: string;
      readonly network: string;
      readonly window: number;
    };
