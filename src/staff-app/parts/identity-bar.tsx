/** Who is signed in, as what, where; what is theirs alone, and the way out. */
import type { ComponentChildren } from "preact";
import { roleName } from "../words/format.ts";
import type { Me } from "../../contract/session.ts";
import { TextButton } from "./button.tsx";

type Props = { readonly me: Me; readonly onSignOut: () => void; readonly own?: ComponentChildren };

export const IdentityBar = ({ me, onSignOut, own = null }: Props) => (
  <div class="pb-identity">
    <div class="govuk-width-container">
      <div class="pb-identity__container">
        <span>
          <strong>{me.name}</strong>, {roleName(me.role)}
          {me.body ? `, ${me.body.name}` : ""}
        </span>
        <span class="pb-identity__own">
          {own}
          <TextButton onPress={onSignOut}>Sign out</TextButton>
        </span>
      </div>
    </div>
  </div>
);
