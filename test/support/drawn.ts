/**
 * fast-check, with the same values in every run of the suite: what is red is the change's doing, and red again for
 * whoever looks. `npm run properties` draws others, and many more of them; PILLARBOX_SEED and PILLARBOX_VALUES are its.
 */
import fc from "fast-check";

/** Any number. It is fixed so that luck decides nothing; it stands for nothing. */
const SEED = 20_221_104;
const times = Number(process.env["PILLARBOX_VALUES"] ?? 1);

fc.configureGlobal({ seed: Number(process.env["PILLARBOX_SEED"] ?? SEED), numRuns: 100 * times });

/** As many values as a property draws here: `count` in the suite, more where new ones are looked for. */
export const values = (count: number): number => count * times;
export default fc;
