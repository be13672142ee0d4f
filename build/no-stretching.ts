/**
 * Stands in the public bundles where libraries import what stretches passphrases: for age files under a passphrase,
 * which the guard refuses (`src/domain/seal/age-seal.ts`), and for wallets' seeds. Nothing on a public page has a
 * passphrase. Decision 0030.
 */
const never = (): never => {
  throw new Error("this page stretches no passphrase");
};

export { never as pbkdf2, never as pbkdf2Async, never as scrypt, never as scryptAsync };
