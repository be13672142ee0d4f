/**
 * Subjects: a closed list of sentences that say nothing of the matter, because others see a lock screen, too. A message
 * carries the code of one, so no subject can be written by anybody.
 */
export const SUBJECTS = {
  letter: "A letter for you",
  message: "A message for you",
  please: "Please read this message",
  information: "Information for you",
  // the program itself, to staff
  look: "Please look at Pillarbox",
  invited: "An invitation to Pillarbox",
  reminder: "A reminder from Pillarbox",
} as const;

export type Subject = keyof typeof SUBJECTS;

/** Those that a body may choose for its letters. */
export const MESSAGE_SUBJECTS = ["letter", "message", "please", "information"] as const satisfies readonly Subject[];

export const isSubject = (text: string): text is Subject => Object.hasOwn(SUBJECTS, text);
