/** The server could not be reached at all; so no code came. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}
