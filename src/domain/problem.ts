/**
 * The closed list of what can go wrong, each with the sentence that a person reads:
 * what happened, that nothing was lost, what to do.
 * A decision is a value (`Refused`); a fault is thrown (`Fault`). Both carry a code from this list.
 */
export const SENTENCES = {
  // reading bytes
  MALFORMED: "This could not be read, because it is not in the form that Pillarbox writes. Nothing was changed.",
  TOO_LARGE: "This is larger than Pillarbox accepts. Nothing was changed. Shorten it and try again.",
  UNKNOWN_VERSION:
    "This was written by another version of Pillarbox. Nothing was changed. Reload the page and try again.",
  // forms
  FORM_INVALID: "The form file has problems. Nothing was changed. Mend what is listed and try again.",
  FORM_UNKNOWN: "There is no such form. Nothing was sent. Check the address or go to the list of forms.",
  FORM_NAME_TAKEN: "Another body already has a form of this name. Nothing was changed. Give the form another name.",
  FORM_CLOSED: "This form is closed. Nothing was sent. The page names other ways to reach us.",
  FORM_CHANGED:
    "The form was changed while you were writing. Nothing was sent and your answers are still on the page. Reload the form.",
  ANSWERS_INVALID: "Some answers do not fit the form.",
  // sealing
  SEAL_RECIPIENTS: "Nothing was sealed, because the key to seal to is missing or of the wrong kind. Nothing was sent.",
  SEAL_FAILED: "Your answers could not be sealed, so nothing was sent. They are still on the page.",
  ENVELOPE_MALFORMED: "This is not a sealed submission. It was not stored. Send it again from the form.",
  ENVELOPE_TOO_LARGE:
    "The sealed submission is too large. It was not stored. Shorten the longest answers and send it again.",
  ENVELOPE_NOT_SEALED: "This was not sealed, so it was refused and not stored. Send it again from the form.",
  ENVELOPE_PADDING: "The sealed submission does not have one of the sizes that Pillarbox uses. It was not stored.",
  EPOCH_ENDED: "The key of this form has just changed. Nothing was stored. The page seals again with the new key.",
  EPOCH_UNKNOWN: "This was sealed to a key that the form never had. It was not stored.",
  INBOX_UNKNOWN: "This was sealed to another inbox. It was not stored.",
  ID_TAKEN:
    "A different submission has already been sent under this number. Nothing was overwritten. Reload the form and send again.",
  COUNTER_REFUSED:
    "This form only accepts answers sealed in the browser. Nothing was stored. The page names other ways to reach us.",
  // opening
  OPEN_FAILED: "This could not be opened with your key. Nothing was changed.",
  OPEN_CONTEXT: "The sealed content belongs somewhere else, so it is not shown. Tell your data protection officer.",
  OPEN_PADDING: "The sealed content was padded wrongly, so it is not shown. Tell your data protection officer.",
  PROOF_INVALID:
    "The proof that this reading is in the log does not hold, so nothing was opened. Tell your data protection officer.",
  NOT_AS_RECEIVED:
    "What came is not what the log says was received, so nothing of it was opened. Tell your data protection officer, and have the log verified.",
  // keys and people
  PASSPHRASE_INVALID: "The passphrase is seven words from the list. Check the spelling.",
  SIGN_IN_REFUSED: "The e-mail address or passphrase is not right. Nothing was changed. Check both and try again.",
  UNLOCK_FAILED: "Your key could not be unlocked with this passphrase. Nothing was changed.",
  PASSKEY_REFUSED:
    "This passkey was not accepted. Nothing was changed. Try again, or sign in with your e-mail address and passphrase.",
  PASSKEY_PRF:
    "This passkey cannot unlock keys: where it is kept, it gives no secret for that, or not the same one twice. Nothing was added. Try another device or browser.",
  PASSKEY_UNFIT:
    "This passkey did not give what unlocks your keys. Nothing was lost. Sign in with your e-mail address and passphrase, and look at what unlocks your keys.",
  PASSKEY_NOT_DONE:
    "The passkey was not used: it was refused or cancelled, or it took too long. Nothing was changed. Try again.",
  UNLOCKER_LAST: "This is the only way to unlock your keys, so it stays. Add another one first.",
  TOTP_NEEDED: "Enter the code from your app as well.",
  TOTP_REFUSED:
    "This code is not right, or it was used already. Nothing was changed. Wait for the next one, and check the clock of the device that it comes from.",
  TOTP_PAUSED:
    "Too many wrong codes came. Nothing was changed. Wait a quarter of an hour, or use a recovery code or a passkey.",
  TOTP_OVER: "This secret was shown more than five minutes ago. Nothing was changed. Begin again.",
  TOTP_BROKEN:
    "What the server keeps of your codes cannot be read. Nothing was lost. Use a recovery code or a passkey, and tell whoever runs the host.",
  NOT_SIGNED_IN: "You are signed out. Nothing was lost. Sign in again.",
  PERSON_UNKNOWN: "There is no such person at this body. Nothing was changed.",
  PERSON_UNCONFIRMED:
    "This person has no confirmed key yet, so nobody can let them read. An owner must confirm them first.",
  PERSON_ENDED: "This person was let out by an owner, so nobody can let them read. Nothing was changed.",
  PERSON_MISMATCH:
    "The name, address or key of this person is not the one that an owner confirmed. Nothing was changed. Tell your data protection officer.",
  // statements
  STATEMENT_INVALID: "A signed statement does not hold, so it was refused. Nothing was changed.",
  CHAIN_BROKEN:
    "The signed statements of this body do not hold together, so nothing that depends on them is done and nothing was sent. Tell the body, by another way than this form.",
  CHAIN_MOVED:
    "Somebody else changed access a moment ago. Nothing was changed. Look at the page again and repeat your step.",
  WRAP_MISMATCH: "A wrapped key is not the one that an owner signed, so it was refused.",
  RECIPIENT_MISMATCH: "A key is not the one that an owner signed, so it was refused.",
  // acts that a person signs
  ACT_UNSIGNED:
    "This was not signed by the person who is said to have done it, so it was refused. Nothing was changed. Sign in again and repeat your step.",
  REQUEST_ALTERED:
    "What is shown of this request is not what was asked, signed and logged, so nobody was let in. Nothing was changed. Decline the request, and tell your data protection officer.",
  ACT_MOVED:
    "Something changed here a moment ago, so what you signed does not fit any more. Nothing was changed. Load the page again and repeat your step.",
  // access
  REFUSED_ROLE: "Your role does not allow this. Nothing was changed. Ask an owner of the body.",
  REFUSED_BODY: "This belongs to another body. Nothing was changed.",
  REFUSED_NO_GRANT: "You have no grant to read this. Somebody must ask and an owner must confirm.",
  REFUSED_GRANT_ENDED: "Your grant to read this has ended. Somebody must ask again and an owner must confirm.",
  REFUSED_EPOCH: "Your grant does not cover what was received at that time.",
  REFUSED_SAME_PERSON:
    "The person who asks, the person who confirms and the people who will read must be different people.",
  REFUSED_BROUGHT:
    "Whoever confirmed somebody when they joined does not confirm a request by them or for them while another owner can. Nothing was changed. Another owner can confirm it. Where each owner confirmed somebody in it, or is to read, decline it; then each person is asked for alone, or somebody else asks.",
  REFUSED_STATE: "This has already been decided. Nothing was changed. Reload the page.",
  REFUSED_EMPTY: "Choose at least one person. A grant to nobody is refused.",
  REFUSED_FEW_HOLDERS: "A form needs two people who hold its key. Nothing was changed.",
  REFUSED_LAST_OWNERS:
    "A body keeps two owners, so nobody was let out. Confirm another owner first, then let this one out.",
  REFUSED_LAST_HOLDER:
    "Nobody else could open what was received earlier, so nobody was let out. First let another owner or reader read everything received so far, then let this person out.",
  REQUEST_UNKNOWN: "There is no such request. Nothing was changed.",
  RECEIPT_UNKNOWN: "Nothing was found for these receipt words. Nothing was changed. Check each word and its place.",
  RELEASE_UNKNOWN: "This release does not exist or has run out. Nothing was lost. Open the page again.",
  ERASURE_UNKNOWN: "There is no such request for erasure. Nothing was changed.",
  RESTORE_REFUSED: "The database was not brought to the newest log, and nothing was changed.",
  NOT_DUE:
    "A letter that was chosen has not been kept as long as its form says, or was erased, or waits for a decision. Nothing was changed. Load the list again.",
  LETTER_ERASED:
    "This letter was erased, so nothing can be added to it, and what you wrote now was not stored. To say more, write a new letter.",
  ERASED:
    "A letter here was erased, so it cannot be opened any more. Nothing else was lost. Go back to the list and load it again.",
  BODY_UNKNOWN: "There is no such body.",
  BODY_INCOMPLETE: "The body's record lacks a page that the law asks for, so its forms cannot open.",
  INVITATION_INVALID:
    "This invitation is not known here, or has run out after seven days. Nothing was changed. Ask for a new one.",
  INVITATION_USED:
    "This invitation was used already, or a newer one took its place. Nothing was changed. If you used it, sign in. If you did not, tell whoever invited you: nobody who came by it is let in before an owner has compared six words with them.",
  INVITATIONS_MANY:
    "So many invitations were sent from here in the last 24 hours that no more go out before tomorrow. Nothing was changed. If it was not you who sent them, look at your sign-ins.",
  INVITATION_WITHDRAWN:
    "This invitation was withdrawn by whoever may invite. Nothing was changed. If you expected it, ask for a new one.",
  ADDRESS_TAKEN:
    "This e-mail address belongs to somebody of this installation already. Nothing was changed. Use another address of the person.",
  WORDS_INVALID: "The six words are words from a list. Check the spelling, and have the word read to you again.",
  WORDS_OVER:
    "This comparison is over: it lasts fifteen minutes and three tries. Nobody was confirmed. Make sure with whom you speak, and begin again: the words will be others.",
  REPORT_INCOMPLETE:
    "The report lacks something that it cannot do without, so no version was made. Nothing was lost. Fill in what is marked and try again.",
  // incidents
  INCIDENT_UNKNOWN: "There is no such incident. Nothing was changed.",
  INCIDENT_MOVED:
    "Somebody else recorded something about this incident a moment ago. Nothing was changed. Look at the page again and repeat your step.",
  INCIDENT_BROKEN:
    "What is stored about this incident does not fit what was signed and logged, so it is not shown. Nothing was changed. Tell your data protection officer, and have the log verified.",
  INCIDENT_RULE: "This does not fit what is recorded about the incident. Nothing was changed. Look at the page again.",
  PACK_TWO_LOGS:
    "The log got another key since this incident was opened, and one pack cannot hold entries of two logs yet. Nothing was changed: the incident can be read here as before, and packs made before the new key stay good. Instead of a pack, export the logs with their entries (pillarbox export-log --entries) and keep that.",
  // the case of a letter
  CASE_MOVED:
    "Somebody else did something about this letter a moment ago. Nothing was sent, and what you wrote is still here. Look at what they did above, then repeat your step or change it.",
  CASE_BROKEN:
    "What was done about this letter does not fit what was signed and logged, so it is not shown. Nothing was changed. Tell your data protection officer, and have the log verified.",
  CASE_CLOSED: "This letter is closed. Nothing was changed. Open it again first.",
  CASE_OPEN: "This letter is open already. Nothing was changed. Look at the page again.",
  CASE_NOT_THEIRS:
    "This person cannot read this letter, so it was not given to them. Nothing was changed. Choose somebody who can, or ask for access for them.",
  // log
  LOG_NOT_SIGNED:
    "The log has not been signed in time, so nothing is released. Nothing was lost. Try again in a minute.",
  LOG_DIVERGED: "The log does not fit its last signed checkpoint, so nothing more is signed.",
  LOG_REFUSED:
    "The log that the server shows does not go on from the one that this browser has seen, so nothing is opened. Tell your data protection officer.",
  NOTE_INVALID: "A signed note does not hold.",
  // watching
  REPORT_REFUSED: "This report is not one that a watcher of this installation signed. Nothing was changed.",
  REPORT_OLD: "A later report has been taken already. Nothing was changed.",
  FINDING_UNKNOWN: "There is no such finding. Go to the list of findings.",
  // mail
  MAIL_ADDRESS:
    "This is not one e-mail address. Nothing was sent. Check it, or choose another way to reach the person.",
  MAILROOM_KEY:
    "The key of the mailroom is not signed by this installation, so nothing was sealed and nothing was sent. Tell whoever runs Pillarbox.",
  MAILROOM_OLD:
    "The key of the mailroom was signed too long ago, so nothing was sealed and nothing was sent. If the clock of your device is right, tell whoever runs Pillarbox.",
  MAILROOM_AWAY: "The mailroom is not running, so no letter can be handed in. Nothing was lost. Try again in a minute.",
  MAILROOM_MOVED:
    "The mailroom was started anew, so its key has changed. Nothing was sent twice. Hand the letters over again.",
  DELIVERY_UNKNOWN: "There is no such delivery. Nothing was changed.",
  MESSAGE_UNFINISHED: "The letter is not finished. Nothing was sent. Write what is listed and try again.",
  // the browser of somebody at the body
  BROWSER_WORKER:
    "Your browser does not let this page start the part that holds your key (a web worker), so nothing was opened. Nothing was lost. A setting or an extension of the browser, or a filter on the network, may block it: let this address run scripts, or use another browser.",
  BROWSER_STORAGE:
    "Your browser does not let this page keep anything (storage for this address is blocked or full), so it cannot compare the log with the one that it saw before, and nothing was opened. Nothing was lost. Let this address store data, and leave private browsing if you use it.",
  // requests
  BAD_REQUEST: "The request could not be understood. Nothing was changed.",
  WRONG_TYPE: "This kind of content is not accepted here. Nothing was stored.",
  WRONG_ORIGIN: "This request did not come from the staff pages, so it was refused. Nothing was changed.",
  NOT_FOUND: "There is nothing at this address.",
  TOO_MANY: "Too many requests came from your network. Nothing was lost. Wait a minute and try again.",
  UNAVAILABLE: "The service cannot answer at the moment. Nothing was lost. Try again in a minute.",
  // installing
  PORT_IN_USE: "A port is in use.",
  DATA_UNWRITABLE: "The data directory cannot be written.",
  DATABASE_NEWER:
    "The database was written by a newer Pillarbox. Nothing was changed. Install that version or use another database.",
  DATABASE_GAP:
    "A numbered file of the tables is missing, in this program or in what this database was made of. Nothing was changed. Install Pillarbox anew, or put back a database that it made.",
  CONFIG_INVALID: "The configuration is not complete.",
  INTERNAL: "Something went wrong on our side. Nothing was changed. Try again, and tell us if it happens twice.",
} as const;

export type Code = keyof typeof SENTENCES;

/** A fault: something that should not have happened on this path. `detail` is for engineers and never holds content. */
export class Fault extends Error {
  readonly code: Code;
  readonly detail: string;
  constructor(code: Code, detail = "") {
    super(detail ? `${code}: ${detail}` : code);
    this.name = "Fault";
    this.code = code;
    this.detail = detail;
  }
}

export type Refused = { readonly ok: false; readonly code: Code };
export type Allowed = { readonly ok: true };
export type Decision = Allowed | Refused;

export const ALLOWED: Allowed = { ok: true };
export const refused = (code: Code): Refused => ({ ok: false, code });

/** The sentence of a code, for a person. */
export const sentence = (code: Code): string => SENTENCES[code];

/** The code of anything thrown; what is not ours is `INTERNAL`, and its text never reaches a person. */
export const codeOf = (thrown: unknown): Code => (thrown instanceof Fault ? thrown.code : "INTERNAL");
