/** The four components of govuk-frontend that the page uses; the library brings no types. */
declare module "govuk-frontend/dist/govuk/components/exit-this-page/exit-this-page.mjs" {
  export class ExitThisPage {
    constructor(root: Element);
  }
}
declare module "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs" {
  export class ErrorSummary {
    constructor(root: Element);
  }
}
declare module "govuk-frontend/dist/govuk/components/character-count/character-count.mjs" {
  export class CharacterCount {
    constructor(root: Element, config: { readonly maxlength: number; readonly threshold: number });
    protected count: number;
    protected readonly $textarea: HTMLTextAreaElement;
    protected updateCount(): void;
  }
}
declare module "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs" {
  export class SkipLink {
    constructor(root: Element);
  }
}
