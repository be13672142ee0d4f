/** What is shown where no screen answers to an address. */
import { Link } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { paths } from "../../route.ts";

export const NotFound = () => (
  <Page title="There is nothing at this address">
    <p class="govuk-body">
      Nothing was lost. Check the address, or <Link to={paths.start}>go to the start page</Link>.
    </p>
  </Page>
);
