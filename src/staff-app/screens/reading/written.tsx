/** Lines of text, and nothing but text, whatever somebody wrote. */
export const Written = ({ lines }: { readonly lines: readonly string[] }) => (
  <span class="pb-written">{lines.join("\n")}</span>
);
