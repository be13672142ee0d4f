/** What stands around every screen: skip link, header, who is here, where one can go. */
import type { ComponentChildren } from "preact";

type Props = {
  readonly demonstration: boolean;
  readonly identity?: ComponentChildren;
  readonly navigation?: ComponentChildren;
  readonly children: ComponentChildren;
};

const skip = (event: MouseEvent) => {
  event.preventDefault();
  const main = document.getElementById("main-content");
  main?.setAttribute("tabindex", "-1");
  main?.focus();
};

export const Frame = ({ demonstration, identity, navigation, children }: Props) => (
  <>
    {/* biome-ignore lint/a11y/useValidAnchor: it leads somewhere; the script only keeps “#” out of the address */}
    <a href="#main-content" class="govuk-skip-link" onClick={skip}>
      Skip to main content
    </a>
    <header class="pb-header">
      <div class="pb-header__bar">
        <div class="govuk-width-container">
          <div class="pb-header__container">
            <span class="pb-header__name">Pillarbox</span>
            <span class="pb-header__part">Staff</span>
          </div>
        </div>
      </div>
      {identity}
      {navigation}
      {demonstration ? (
        <div class="pb-demonstration">
          <div class="govuk-width-container">
            <p class="govuk-body-s">
              <strong class="govuk-tag govuk-tag--yellow">Demonstration</strong> Every person and letter here is
              invented. Do not enter anything real.
            </p>
          </div>
        </div>
      ) : null}
    </header>
    <div class="govuk-width-container">{children}</div>
    <footer class="pb-footer">
      <div class="govuk-width-container">
        <p class="govuk-body-s">Letters are opened in this browser only. What you open is recorded in the log.</p>
      </div>
    </footer>
  </>
);
