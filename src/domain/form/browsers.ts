/** The browsers that the pages are built for, and how a page asks whether it runs in one. */

/** The oldest version of each; `ios` is every browser on an iPhone or iPad, because all of them are Safari inside. */
export type Browsers = {
  readonly chrome: string;
  readonly edge: string;
  readonly firefox: string;
  readonly safari: string;
  readonly ios: string;
};

/** The public pages with script. Every other browser gets the same forms from the counter. */
export const PUBLIC_BROWSERS: Browsers = { chrome: "109", edge: "109", firefox: "115", safari: "15.6", ios: "15.6" };

/** The staff pages, which do not work without script. */
export const MEMBER_BROWSERS: Browsers = { chrome: "109", edge: "109", firefox: "115", safari: "16.4", ios: "16.4" };

/** "Chrome 109, Edge 109, Firefox 115, Safari 15.6 and iOS 15.6, and everything newer" */
export const browsersText = ({ chrome, edge, firefox, safari, ios }: Browsers): string =>
  `Chrome ${chrome}, Edge ${edge}, Firefox ${firefox}, Safari ${safari} and iOS ${ios}, and everything newer`;

/**
 * Those of `names` that are not there, each a path below `root`, as "Array.prototype.at". Of the last part only its
 * place is looked at: reading it from a prototype may throw.
 */
export function lack(root: object, names: readonly string[]): readonly string[] {
  return names.filter((name) => {
    const parts = name.split(".");
    let at: unknown = root;
    for (const part of parts.slice(0, -1)) at = Object(at)[part];
    return !(parts[parts.length - 1]! in Object(at));
  });
}
