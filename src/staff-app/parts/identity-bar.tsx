/** Who is signed in, as what, where; and the way out. */
import { roleName } from "../words/format.ts";
import type { Me } from "../../contract/session.ts";
import { TextButton } from "./button.tsx";

export const IdentityBar = ({ me, onSignOut }: { readonly me: Me; readonly onSignOut: () => void }) => (
  <div class="pb-identity">
    <div class="govuk-width-container">
      <div class="pb-identity__container">
        <span>
          <strong>{me.name}</strong>, {roleName(me.role)}
          {me.body ? `, ${me.body.name}` : ""}
        </span>
        <TextButton onPress={onSignOut}>Sign out</TextButton>
      </div>
    </div>
  </div>
);
