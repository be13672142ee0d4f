/**
 * Puts the focus there once the page has been drawn: what was pressed is gone, and whoever listens, or has no mouse, would
 * begin at the top again.
 */
export const focusOn = (selector: string): void =>
  void setTimeout(() => document.querySelector<HTMLElement>(selector)?.focus());
