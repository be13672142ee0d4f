/** An address that may break where a person would break it. */
import { Fragment } from "preact";

export const Email = ({ address }: { readonly address: string }) => (
  <span class="pb-email">
    {address.split(/(?<=[@.])/u).map((part, index) => (
      <Fragment key={index}>
        {index > 0 ? <wbr /> : null}
        {part}
      </Fragment>
    ))}
  </span>
);

/** A person in a table: the name, and the address under it. */
export const NameAndEmail = ({ name, email }: { readonly name: string; readonly email: string }) => (
  <span>
    {name}
    {email ? (
      <>
        <br />
        <Email address={email} />
      </>
    ) : null}
  </span>
);
